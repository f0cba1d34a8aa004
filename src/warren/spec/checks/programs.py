"""What runs: each value of a container or a plain unit that its type alone does not show to be wrong.

In: a spec. Out: diagnostics. Never judges what is dangerous: `risks` does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from ipaddress import ip_address

from warren.basis.diagnostic import Diagnostic, error
from warren.spec.checks.workloads import containers_of
from warren.spec.container import ContainerKeys, ProgramKeys
from warren.spec.fields import Mistake, shorten
from warren.spec.model import Spec
from warren.spec.mounts import Mounted, read_mount, read_size, read_tmpfs
from warren.spec.reference import Directory
from warren.spec.tree import Path
from warren.spec.workload import UnitKeys

RAW = re.compile(r"[A-Z][A-Za-z0-9]*[ \t]*=.*[^\\]\Z|[A-Z][A-Za-z0-9]*[ \t]*=\Z")
# Names by which everything else finds a container, and what would take it out of its service.
KEPT = ("ContainerName", "ServiceName", "Image", "Rootfs", "StartWithPod")
DEVICE = re.compile(r"-?/[^:\s]+(:/[^:\s]+(:[rwm]{1,3})?)?\Z|[A-Za-z0-9.-]+/[A-Za-z0-9_.-]+=[A-Za-z0-9_.-]+\Z")
VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}\Z")
TARGET = re.compile(r"[^,\s=\\\"']+\Z")
CREDENTIAL = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}\Z")
HOST = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?\Z")
LIMITS = frozenset(
    "core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending stack".split()
)
LEAST_MEMORY = 1 << 20
PAIRS = ("environment", "labels", "annotations")


def programs(spec: Spec, _: Directory) -> Iterator[Diagnostic]:
    """Everything that is wrong with single values of what runs."""
    for name, service in spec.services.items():
        if service.unit:
            path: Path = ("services", name, "unit")
            yield from _program(spec, service.unit, path)
            yield from _raw(spec, service.unit.systemd, (*path, "systemd"), ())
            yield from _credentials(spec, service.unit, path)
        for _name, container, path in containers_of(name, service):
            yield from _program(spec, container, path)
            yield from _container(spec, container, path)


def _program(spec: Spec, one: ProgramKeys, path: Path) -> Iterator[Diagnostic]:
    for key in PAIRS:
        for name in getattr(one, key, {}):
            if "=" in name or name != name.strip():
                place = spec.place(*path, key, name, key=True)
                yield error("bad-name", f"{shorten(name)} cannot be the name of a value in `{key}`", place)
    if one.memory and read_size(one.memory) < LEAST_MEMORY:
        summary = f"{one.memory} of memory are too little for any program"
        yield error("out-of-bounds", summary, spec.place(*path, "memory"), "write a unit: `512m`")
    if (folder := one.working_dir) and (not folder.startswith("/") or folder != folder.strip() or folder[-1] == "\\"):
        summary = f"{shorten(folder)} must begin with `/`, and end in what is no white space or backslash"
        yield error("bad-path", summary, spec.place(*path, "working_dir"))


def _container(spec: Spec, one: ContainerKeys, path: Path) -> Iterator[Diagnostic]:
    yield from _mounts(spec, one, path)
    yield from _raw(spec, one.quadlet, (*path, "quadlet"), KEPT)
    yield from _health(spec, one, path)
    yield from _limits(spec, one, path)
    yield from _hosts(spec, one, path)
    for index, device in enumerate(one.devices):
        if not DEVICE.match(device):
            summary = f"{shorten(device)} is not a device"
            yield error("bad-device", summary, spec.place(*path, "devices", index), "write `/dev/dri:/dev/dri`")
    for name in one.sysctls:
        if name.startswith("net."):
            summary = f"{shorten(name)} is a setting of the service's network, which a container cannot change"
            yield error("bad-sysctl", summary, spec.place(*path, "sysctls", name, key=True), "delete the key")
        elif not TARGET.match(name):
            yield error(
                "bad-sysctl", f"{shorten(name)} is no kernel setting", spec.place(*path, "sysctls", name, key=True)
            )
    yield from _secrets(spec, one, path, TARGET)


def _secrets(spec: Spec, one: ContainerKeys | UnitKeys, path: Path, of_file: re.Pattern[str]) -> Iterator[Diagnostic]:
    for index, use in enumerate(one.secrets):
        fits = VARIABLE if use.type == "env" else of_file
        if not fits.match(use.target or ("A" if use.type == "file" else "")):
            named = "a file's name or path" if of_file is TARGET else "a file's name in $CREDENTIALS_DIRECTORY"
            what = "the name of a variable" if use.type == "env" else named
            hint = "write `{source: db-password, type: env, target: DB_PASSWORD}`" if use.type == "env" else None
            place = spec.place(*path, "secrets", index, "target")
            yield error("bad-secret", f"{shorten(use.target or '')} is not {what}", place, hint)


def _credentials(spec: Spec, unit: UnitKeys, path: Path) -> Iterator[Diagnostic]:
    """A unit's files are the service user's alone, in one folder that systemd makes."""
    yield from _secrets(spec, unit, path, CREDENTIAL)
    for index, use in enumerate(unit.secrets):
        for key in ("uid", "gid", "mode"):
            if getattr(use, key) is not None:
                summary = (
                    f"a `unit` finds its secrets in a folder that is its user's alone: `{key}` has no meaning there"
                )
                yield error("bad-secret", summary, spec.place(*path, "secrets", index, key), "delete the key")


def _mounts(spec: Spec, one: ContainerKeys, path: Path) -> Iterator[Diagnostic]:
    taken: set[str] = set()
    asked: list[tuple[Path, Callable[[], Mounted]]] = [
        *(((*path, "volumes", index), partial(read_mount, each)) for index, each in enumerate(one.volumes)),
        *(((*path, "tmpfs", index), partial(read_tmpfs, each)) for index, each in enumerate(one.tmpfs)),
    ]
    for where, read in asked:
        try:
            target = read().target
        except Mistake as mistake:
            yield error(mistake.code, mistake.sentence, spec.place(*where), mistake.hint)
            continue
        if target in taken:
            yield error("same-mount", f"two things are mounted at {shorten(target)}", spec.place(*where))
        taken.add(target)


def _raw(spec: Spec, lines: tuple[str, ...], path: Path, kept: tuple[str, ...]) -> Iterator[Diagnostic]:
    for line in lines:
        if not RAW.match(line):
            summary = f"{shorten(line)} is no line `Key=value` of a unit"
            yield error("bad-raw-line", summary, spec.place(*path), "write `Key=value`, one line for each")
        elif (key := line.partition("=")[0].strip()) in kept:
            yield error("bad-raw-line", f"`{key}` is warren's own to write", spec.place(*path), "delete the line")


def _health(spec: Spec, one: ContainerKeys, path: Path) -> Iterator[Diagnostic]:
    test = one.healthcheck.test if one.healthcheck else ()
    if len(test) > 1 and test[0] not in ("CMD", "CMD-SHELL"):
        summary = f"the words of a health check begin with `CMD` or `CMD-SHELL`, not with {shorten(test[0])}"
        hint = "write `[CMD, curl, ...]`, or one text for a shell"
        yield error("bad-healthcheck", summary, spec.place(*path, "healthcheck", "test"), hint)
    elif (
        (test[:1] == ("CMD-SHELL",) and len(test) != 2) or test == ("CMD",) or (len(test) == 1 and not test[0].strip())
    ):
        yield error("bad-healthcheck", "the health check has no command", spec.place(*path, "healthcheck", "test"))


def _limits(spec: Spec, one: ContainerKeys, path: Path) -> Iterator[Diagnostic]:
    for name, limit in one.ulimits.items():
        place = spec.place(*path, "ulimits", name, key=True)
        if name not in LIMITS:
            yield error(
                "bad-ulimit", f"`{name}` is no limit of the kernel", place, f"there are {', '.join(sorted(LIMITS))}"
            )
        hard = limit.soft if limit.hard is None else limit.hard
        if min(limit.soft, hard) < -1 or (hard != -1 and (limit.soft > hard or limit.soft == -1)):
            yield error("bad-ulimit", f"the soft limit of `{name}` is above the hard one", place)


def _hosts(spec: Spec, one: ContainerKeys, path: Path) -> Iterator[Diagnostic]:
    for name, address in one.extra_hosts.items():
        place = spec.place(*path, "extra_hosts", name, key=True)
        if not HOST.match(name):
            yield error("bad-name", f"{shorten(name)} cannot be the name of a host", place)
        if address == "host-gateway":
            summary = "a service has no way to its host but what it needs"
            yield error("bad-address", summary, place, "write `programs: {mysql: 3306}` at the host and need that")
            continue
        try:
            ip_address(address.strip("[]"))
        except ValueError:
            yield error("bad-address", f"{shorten(address)} is not an address", place)
