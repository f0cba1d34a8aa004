"""A program of the network from an image: its command line, run by Podman in the namespace of its service.

In: a plain unit with an image. Out: the same command by Podman, and what systemd must know of it. Never a value of a
secret: Podman takes variables from its own environment, by their names.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.formats.ini import Setting
from warren.topology import folders
from warren.topology.model import Service
from warren.topology.workload import PlainUnit

PODMAN = "/usr/bin/podman"
# The authorities that the host trusts, its own ones included: by these it got the image.
AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"
RELOAD = "ExecReload="


def boxed(service: Service, unit: PlainUnit) -> tuple[str, ...]:
    """The command. The container may bind to low ports, as files of images ask for that, and nothing else."""
    assert unit.image
    names = (*(use.variable for use in unit.secrets if use.variable), *(name for name, _ in unit.environment))
    return (
        PODMAN, "run", "--rm", "--replace", "--pull=never", "--network=host", "--cgroups=split", "--sdnotify=conmon",
        "--log-driver=passthrough", "--read-only", "--cap-drop=all", "--cap-add=net_bind_service",
        *(f"--volume={each}" for each in _mounts(service)), *(f"--env={name}" for name in names),
        f"--env=HOME={folders.kept(service.name)}", f"--name={unit.unit}", unit.image, *unit.command,
    )  # fmt: skip


def _mounts(service: Service) -> Iterator[str]:
    """Its own folders, whom it trusts, and its resolver, whichever mounts Podman happens to see."""
    yield f"{folders.told(service.name)}:{folders.told(service.name)}:ro"
    yield from (f"{own}:{own}" for own in (folders.running(service.name, service.uid), folders.kept(service.name)))
    yield f"{AUTHORITIES}:{AUTHORITIES}:ro"
    if service.resolver:
        yield f"/etc/netns/{service.netns}/resolv.conf:/etc/resolv.conf:ro"


def around(service: Service) -> Iterator[Setting]:
    """What Podman asks of a unit (podman-systemd.unit(5)): it says itself which process is the program."""
    kept = folders.kept(service.name)
    yield Setting("ExecStartPre", f"/bin/mkdir -p {kept}")
    yield Setting("Type", "notify")
    yield Setting("NotifyAccess", "all")
    yield Setting("Delegate", "yes")
    yield Setting("KillMode", "mixed")
    yield Setting("SyslogIdentifier", "%N")


def inside(unit: PlainUnit, line: str) -> str:
    """A raw line of [Service]: what the program is told, it is told in its container."""
    return f"{RELOAD}{PODMAN} exec {unit.unit} {line.removeprefix(RELOAD)}" if line.startswith(RELOAD) else line
