"""Images of containers, made here from one static busybox: no registry of others is within reach of the tests.

In: a name, a version, how it behaves. Out: an image. The same words make the same bytes. Never needs Podman.
"""

from __future__ import annotations

from enum import Enum
from functools import cache
from pathlib import Path

from warren.lab.machines import oci
from warren.lab.machines.image import image as tree
from warren.lab.machines.oci import Image

# The static one of the tree that all test machines stand on.
BUSYBOX = "usr/bin/busybox"
APPLETS = (
    "sh", "httpd", "sleep", "cat", "nc", "wget", "echo", "id", "ls", "mkdir", "true", "false", "env", "ip", "ping",
    "touch", "rm", "test", "printf", "kill", "grep", "stat", "chown", "head", "nslookup", "dd", "readlink",
)  # fmt: skip


class Behaviour(Enum):
    """What the image does when it is started; each serves /version on PORT (80 where unset) if it serves at all."""

    HEALTHY = "echo $VERSION >/www/version; exec httpd -f -p ${PORT:-80} -h /www"
    # Ends at once.
    BROKEN = "echo broken >&2; exit 1"
    # End after a moment; the second one has listened until then.
    SHORT = "sleep 0.5; exit 1"
    BRIEF = "httpd -f -p ${PORT:-80} -h /www & sleep 2; exit 1"
    # Starts, never answers, and does not end when it is asked to.
    HANGING = "trap '' TERM; while :; do sleep 1; done"
    # Answers, but its health check (`/healthy`) says no.
    SICK = "echo $VERSION >/www/version; touch /sick; exec httpd -f -p ${PORT:-80} -h /www"
    # Does nothing, for images of which only the presence counts.
    IDLE = "trap 'exit 0' TERM; while :; do sleep 1000000 & wait; done"


def image(name: str, version: str = "1", behaviour: Behaviour = Behaviour.HEALTHY, **labels: str) -> Image:
    """An image; other versions are other bytes. `/healthy` says whether it is."""
    start = f"#!/bin/sh\nVERSION={version}\n{behaviour.value}\n"
    return oci.image(name, version, _layer(start), {
        "Cmd": ["/start"], "Env": ["PATH=/bin"], "Labels": {"version": version, **labels},
    })  # fmt: skip


@cache
def _layer(start: str) -> bytes:
    links = {f"bin/{applet}": "busybox" for applet in APPLETS}
    busybox = (Path(tree()) / BUSYBOX).read_bytes()
    files = {"bin/busybox": busybox, "start": start.encode(), "healthy": b"#!/bin/sh\ntest ! -e /sick\n"}
    return oci.layer(files, links, ("www", "tmp", "etc"))
