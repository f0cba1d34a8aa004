"""Images are the same bytes for the same words, and every blob has its own name."""

from __future__ import annotations

import io
import json
import tarfile

from warren.lab.machines import oci

LAYER = oci.layer({"start": b"#!/bin/sh\n"}, {"bin/sh": "busybox"}, ("tmp",))


def made(version: str = "1") -> oci.Image:
    return oci.image("web", version, LAYER, {"Cmd": ["/start"], "Labels": {"version": version}})


def test_the_same_words_make_the_same_bytes() -> None:
    assert made() == made() and made().digest != made("2").digest


def test_every_blob_is_called_by_its_content() -> None:
    manifest = json.loads(made().manifest)
    named = {manifest["config"]["digest"], *(each["digest"] for each in manifest["layers"])}
    assert named == set(made().blobs)
    assert all(oci.digest(blob) == name for name, blob in made().blobs.items())


def test_an_archive_is_a_layout_that_says_its_name() -> None:
    with tarfile.open(fileobj=io.BytesIO(made().archive())) as archive:
        index = archive.extractfile("index.json")
        assert index
        entry = json.load(index)["manifests"][0]
        assert entry["annotations"] == {"org.opencontainers.image.ref.name": "localhost/web:1"}
        assert archive.getmember(f"blobs/{made().digest.replace(':', '/')}").size == entry["size"]
