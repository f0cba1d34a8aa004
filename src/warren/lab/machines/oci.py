"""Images of containers as bytes: what a registry would send, and an archive that Podman loads.

In: files, links and a configuration. Out: an OCI image as blobs by digest; the same words make the same bytes. Never
needs Podman.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import platform
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}


@dataclass(frozen=True, slots=True)
class Image:
    """An image: its manifest, and all that it is made of by digest."""

    name: str
    version: str
    manifest: bytes
    blobs: Mapping[str, bytes]

    @property
    def digest(self) -> str:
        """What the image is pinned by."""
        return digest(self.manifest)

    def archive(self) -> bytes:
        """An `oci-archive:`; `podman load` gives it the name localhost/NAME:VERSION."""
        reference = {"org.opencontainers.image.ref.name": f"localhost/{self.name}:{self.version}"}
        index = {"schemaVersion": 2, "manifests": [{**_described(MANIFEST, self.manifest), "annotations": reference}]}
        files = {"oci-layout": b'{"imageLayoutVersion": "1.0.0"}', "index.json": _json(index)}
        blobs = {**self.blobs, self.digest: self.manifest}
        return _tar({**files, **{f"blobs/{name.replace(':', '/')}": blob for name, blob in blobs.items()}}, {}, ())


def digest(blob: bytes) -> str:
    """The name of a blob."""
    return f"sha256:{hashlib.sha256(blob).hexdigest()}"


def layer(files: Mapping[str, bytes], links: Mapping[str, str], folders: tuple[str, ...] = ()) -> bytes:
    """A layer of files that all may be executed."""
    return gzip.compress(_tar(files, links, folders), 1, mtime=0)


def image(name: str, version: str, layer: bytes, config: Mapping[str, Any]) -> Image:
    """An image of one layer; `config` is what Docker's documentation calls so: Cmd, Entrypoint, Env, Labels."""
    described = _json({
        "architecture": MACHINES.get(platform.machine(), platform.machine()), "os": "linux", "config": config,
        "rootfs": {"type": "layers", "diff_ids": [digest(gzip.decompress(layer))]},
    })  # fmt: skip
    manifest = _json({
        "schemaVersion": 2, "mediaType": MANIFEST,
        "config": _described(CONFIG, described), "layers": [_described(LAYER, layer)],
    })  # fmt: skip
    return Image(name, version, manifest, {digest(described): described, digest(layer): layer})


def _described(kind: str, blob: bytes) -> dict[str, Any]:
    return {"mediaType": kind, "digest": digest(blob), "size": len(blob)}


def _json(value: object) -> bytes:
    return json.dumps(value, sort_keys=True).encode()


def _tar(files: Mapping[str, bytes], links: Mapping[str, str], folders: tuple[str, ...]) -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as archive:
        for name in folders:
            archive.addfile(_entry(name, tarfile.DIRTYPE))
        for name, target in links.items():
            link = _entry(name, tarfile.SYMTYPE)
            link.linkname = target
            archive.addfile(link)
        for name, content in files.items():
            entry = _entry(name, tarfile.REGTYPE)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return written.getvalue()


def _entry(name: str, kind: bytes) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode = kind, 0o755
    return entry
