"""Images of containers, made here from one static busybox: no registry of others is within reach of the tests.

In: a name, a version, how it behaves. Out: an OCI image as blobs by digest, and as an archive that Podman loads. The
same words make the same bytes. Never needs Podman.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

# The machine's own, or that of the image that all test machines stand on.
BUSYBOX = "bin/busybox"
APPLETS = (
    "sh", "httpd", "sleep", "cat", "nc", "wget", "echo", "id", "ls", "mkdir", "true", "false", "env", "ip", "ping",
    "touch", "rm", "test", "printf", "kill", "grep", "stat", "chown", "head", "nslookup",
)  # fmt: skip
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"


class Behaviour(Enum):
    """What the image does when it is started; each serves /version on PORT (80 where unset) if it serves at all."""

    HEALTHY = "echo $VERSION >/www/version; exec httpd -f -p ${PORT:-80} -h /www"
    # Ends at once.
    BROKEN = "echo broken >&2; exit 1"
    # Starts, never answers, and does not end when it is asked to.
    HANGING = "trap '' TERM; while :; do sleep 1; done"
    # Answers, but its health check says no.
    SICK = "echo $VERSION >/www/version; touch /sick; exec httpd -f -p ${PORT:-80} -h /www"
    # Does nothing, for images of which only the presence counts.
    IDLE = "exec sleep 1000000"


@dataclass(frozen=True, slots=True)
class Image:
    """An image: its manifest, and all that it is made of by digest."""

    name: str
    version: str
    manifest: bytes
    blobs: Mapping[str, bytes]

    @property
    def digest(self) -> str:
        return digest(self.manifest)

    def archive(self) -> bytes:
        """An `oci-archive:`; `podman load` gives it the name localhost/NAME:VERSION."""
        reference = {"org.opencontainers.image.ref.name": f"localhost/{self.name}:{self.version}"}
        index = {"schemaVersion": 2, "manifests": [{**_described(MANIFEST, self.manifest), "annotations": reference}]}
        files = {"oci-layout": b'{"imageLayoutVersion": "1.0.0"}', "index.json": _json(index)}
        blobs = {**self.blobs, self.digest: self.manifest}
        return _tar({**files, **{f"blobs/{name.replace(':', '/')}": blob for name, blob in blobs.items()}})


def digest(blob: bytes) -> str:
    """The name of a blob."""
    return f"sha256:{hashlib.sha256(blob).hexdigest()}"


def image(name: str, version: str = "1", behaviour: Behaviour = Behaviour.HEALTHY, **labels: str) -> Image:
    """An image; other versions are other bytes."""
    layer = _layer(f"#!/bin/sh\nVERSION={version}\n{behaviour.value}\n")
    config = _json({
        "architecture": _architecture(), "os": "linux",
        "config": {"Cmd": ["/start"], "Env": ["PATH=/bin"], "Labels": {"version": version, **labels}},
        "rootfs": {"type": "layers", "diff_ids": [digest(gzip.decompress(layer))]},
    })  # fmt: skip
    manifest = _json({
        "schemaVersion": 2, "mediaType": MANIFEST,
        "config": _described(CONFIG, config), "layers": [_described(LAYER, layer)],
    })  # fmt: skip
    return Image(name, version, manifest, {digest(config): config, digest(layer): layer})


def _described(kind: str, blob: bytes) -> dict[str, Any]:
    return {"mediaType": kind, "digest": digest(blob), "size": len(blob)}


def _json(value: object) -> bytes:
    return json.dumps(value, sort_keys=True).encode()


@cache
def _layer(start: str) -> bytes:
    links = {f"bin/{applet}": "busybox" for applet in APPLETS}
    files = {"bin/busybox": busybox().read_bytes(), "start": start.encode(), "healthy": b"#!/bin/sh\ntest ! -e /sick\n"}
    return gzip.compress(_tar(files, links, ("www", "tmp", "etc")), 1, mtime=0)


def _tar(files: Mapping[str, bytes], links: Mapping[str, str] | None = None, folders: tuple[str, ...] = ()) -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as archive:
        for name in folders:
            archive.addfile(_entry(name, tarfile.DIRTYPE))
        for name, target in (links or {}).items():
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


@cache
def busybox() -> Path:
    """A static busybox: that of the test machines' image."""
    from warren.lab.machines.image import image as tree

    return tree() / "usr" / BUSYBOX


def _architecture() -> str:
    import platform

    return {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
