"""What is dangerous about one container: its image, its walls, what it sees of its host.

In: a service of the file. Out: risks, whether they are acknowledged or not. Never an error: `programs` finds those.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from warren.spec.container import ContainerKeys, ProgramKeys
from warren.spec.fields import shorten
from warren.spec.model import Service
from warren.spec.tree import Path

CAPABILITIES = frozenset({"ALL", "SYS_ADMIN", "SYS_MODULE", "SYS_PTRACE", "SYS_RAWIO", "DAC_READ_SEARCH", "BPF"})
SOCKETS = ("docker.sock", "podman.sock", "containerd.sock", "crio.sock")
# Folders in which the machine keeps itself; what lies below /srv, /home, /mnt, /media and /opt is the user's to share.
SYSTEM = re.compile(
    r"/(boot|dev|etc|proc|root|run|sys|usr|var|var/lib|var/run|var/lib/warren(/.*)?|etc/(ssh|warren)(/.*)?)/?\Z"
)
DISKS = re.compile(
    r"-?/dev/(mem|kmem|port|kmsg|uinput|sd[a-z]|nvme|vd[a-z]|xvd|hd[a-z]|dm-|mapper/|md[0-9]|loop|mmcblk)"
)
UNCONFINED = re.compile(r"(seccomp|apparmor)[:=]unconfined\Z|label[:=]disable\Z|systempaths[:=]unconfined\Z|unmask[:=]")
SHARED = re.compile(r"--(pid|ipc|uts|cgroupns|userns)[ =]host\b")
JOINED = re.compile(r"--(net|network|pod|publish|p)[ =]|(^|[ =])-p[ =]?[0-9]")
INTERPOLATED = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*([:?+-][^}]*)?\}")
SECRET_NAME = re.compile(r"(PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY)\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Risk:
    """One danger; what stands at the first two steps of `path` owns it and may acknowledge it."""

    code: str
    summary: str
    path: Path
    hint: str | None = None


def dangers(name: str, service: Service) -> Iterator[Risk]:
    """Everything dangerous about what runs in a service."""
    path: Path = ("services", name)
    if service.lan:
        summary = (
            f"`{name}` is on the LAN with an interface of its own: no rule of this file holds for what comes there"
        )
        yield Risk("lan-attached", summary, (*path, "lan"))
    if service.unit:
        yield from _values(service.unit, f"`{name}`", (*path, "unit"))
    if service.image:
        yield from unpinned(service.image, f"`{name}`", (*path, "image"))
    yield from _container(service, f"`{name}`", path)
    for one, container in service.containers.items():
        inside: Path = (*path, "containers", one)
        yield from unpinned(container.image, f"`{one}` of `{name}`", (*inside, "image"))
        yield from _container(container, f"`{one}` of `{name}`", inside)


def unpinned(image: str, who: str, path: Path) -> Iterator[Risk]:
    """Whether an image is another one tomorrow."""
    _, colon, tag = image.rpartition("/")[2].partition(":")
    if "@" not in image and (not colon or tag == "latest"):
        summary = f"the image of {who} has no version: another may come at any pull"
        hint = f"write a version, {shorten(image.removesuffix(':latest') + ':1.2')}"
        yield Risk("image-not-pinned", summary, path, hint)


def _container(one: ContainerKeys, who: str, path: Path) -> Iterator[Risk]:
    if one.privileged or any("--privileged" in line for line in one.quadlet):
        key = "privileged" if one.privileged else "quadlet"
        yield Risk("privileged", f"the container {who} is privileged: no wall is left around it", (*path, key))
    yield from _mounts(one, who, path)
    for index, capability in enumerate(one.cap_add):
        if capability.upper().removeprefix("CAP_") in CAPABILITIES:
            summary = f"the capability {capability[:40]} makes the container {who} as good as root"
            yield Risk("capability", summary, (*path, "cap_add", index))
    for index, device in enumerate(one.devices):
        if DISKS.match(device):
            summary = f"the container {who} may do anything to {shorten(device.partition(':')[0])} of the machine"
            yield Risk("host-device", summary, (*path, "devices", index))
    for index, option in enumerate(one.security_opt):
        if UNCONFINED.match(option):
            yield Risk("unconfined", f"{shorten(option)} takes a wall of {who} away", (*path, "security_opt", index))
    yield from _raw(one, who, path)
    yield from _values(one, who, path)


def _mounts(one: ContainerKeys, who: str, path: Path) -> Iterator[Risk]:
    for index, mount in enumerate(one.volumes):
        source = (mount.source or "").partition(":")[0]
        at: Path = (*path, "volumes", index)
        if source.endswith(SOCKETS):
            summary = f"the container {who} may command a container engine, and with it the machine"
            yield Risk("docker-socket", summary, at)
        elif source == "/":
            yield Risk("host-root", f"the container {who} sees the files of the whole machine", at)
        elif SYSTEM.match(source):
            yield Risk("host-root", f"the container {who} sees the machine's own {shorten(source)}", at)


def _raw(one: ContainerKeys, who: str, path: Path) -> Iterator[Risk]:
    for line in one.quadlet:
        key, _, value = line.replace(" ", "", 1).partition("=")
        if key.strip() in ("Network", "Pod", "PublishPort") or (key == "PodmanArgs" and JOINED.search(value)):
            summary = f"a raw line gives the container {who} another network than its service has"
            yield Risk("raw-network", summary, (*path, "quadlet"))
        elif key == "PodmanArgs" and SHARED.search(value):
            summary = f"a raw line lets the container {who} share what is its user's: {shorten(value)}"
            yield Risk("unconfined", summary, (*path, "quadlet"))


def _values(one: ProgramKeys, who: str, path: Path) -> Iterator[Risk]:
    for name, value in one.environment.items():
        at: Path = (*path, "environment", name)
        if INTERPOLATED.search(value):
            summary = f"{shorten(value)} is given to {who} as it stands: nothing is filled in"
            yield Risk("interpolation", summary, at, "write the value, or a secret with `type: env`")
        elif SECRET_NAME.search(name) and value:
            hint = (
                f"name where it is found under `secrets`, and use it: `{{source: ..., type: env, target: {name[:60]}}}`"
            )
            yield Risk("secret-in-file", f"the value of {shorten(name)} of {who} stands in this file", at, hint)
