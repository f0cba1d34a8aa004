"""What the registry of a lab holds, and how machines find it in place of the real ones.

In: images, and the references that a file names. Out: files of the lab, and of its machines. Never sends anything
outside.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from warren.lab.machines import oci
from warren.lab.machines.oci import Image
from warren.lab.machines.registry import ANY, LOG, PORT
from warren.topology.model import Topology

FOLDER = "registry"
# In the documentation range of the clients outside.
ADDRESS = "192.0.2.80"
DOCKER = "docker.io"
TRUST = "/etc/containers/registries.conf.d/lab.conf"
# It does nothing, whatever it is told: the lab's own stand-ins answer at the ports of its service.
IDLE = b"#!/bin/busybox sh\ntrap 'exit 0' TERM INT\nwhile :; do /bin/busybox sleep 1000000 & wait; done\n"
YES = b"#!/bin/busybox sh\nexit 0\n"
# What health checks of common images call.
ASKED = ("curl", "wget", "pg_isready", "redis-cli", "mysqladmin", "mariadb-admin", "healthcheck.sh", "nc")


@dataclass(frozen=True, slots=True)
class Store:
    """The folder that the registry serves; it may change while it does."""

    folder: Path

    def put(self, image: Image, name: str | None = None, tag: str | None = None) -> str:
        """Have a name and a tag mean this image from now on; returns the reference."""
        name, tag = name or image.name, tag or image.version
        for digest, blob in image.blobs.items():
            self._write(f"blobs/{digest}", blob)
        self._write(f"digests/{image.digest}", image.manifest)
        self._write(f"manifests/{name}/{tag}", image.manifest)
        return f"{name}:{tag}"

    def offer_to_all(self, image: Image) -> None:
        """What every other name means."""
        self.put(image)
        self._write(ANY, image.manifest)

    def requests(self) -> list[str]:
        """What was asked for, a line each."""
        log = self.folder / LOG
        return log.read_text().splitlines() if log.exists() else []

    def _write(self, name: str, content: bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}")
        fresh.write_bytes(content)
        fresh.rename(path)


def stand_in(tree: Path) -> Image:
    """An image that runs whatever is asked of it, and does nothing."""
    files = {"bin/busybox": (tree / "usr/bin/busybox").read_bytes(), "stand-in": IDLE}
    files |= {f"bin/{name}": YES for name in ASKED}
    made = oci.layer(files, {"bin/sh": "busybox"}, ("tmp", "etc", "usr", "var", "root"))
    return oci.image("stand-in", "1", made, {"Entrypoint": ["/stand-in"], "Env": ["PATH=/bin"]})


def registries(references: Iterable[str]) -> tuple[str, ...]:
    """The registries that images come from."""
    return tuple(sorted({registry_of(reference) for reference in references} | {DOCKER}))


def registry_of(reference: str) -> str:
    """The first part of a reference, where it is a place."""
    first = reference.partition("/")[0]
    return first if "/" in reference and re.search(r"[.:]|^localhost$", first) else DOCKER


def references(topology: Topology) -> list[str]:
    """Every image of a file."""
    workloads = [service.workload for service in topology.services.values() if service.workload]
    return [container.image for workload in workloads for container in workload.containers]


def trust(names: Iterable[str]) -> str:
    """The file by which Podman looks for all of them in the lab's registry."""
    return "".join(
        f'[[registry]]\nprefix = "{name}"\nlocation = "{ADDRESS}:{PORT}/{name}"\ninsecure = true\n' for name in names
    )
