"""Workloads: what runs in each service, every short form and default resolved.

In: the services' containers and units as the file says them. Out: the topology with workloads. Never reads a secret,
and never decides how anything is run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from warren.basis.names import unit_name
from warren.spec import container as spec
from warren.spec import model
from warren.spec.mounts import Mounted, read_mount, read_size, read_tmpfs
from warren.spec.tree import Path
from warren.spec.workload import LanKeys, SecretKeys, UnitKeys, UpdateKeys
from warren.topology.ground import Ground
from warren.topology.model import Topology
from warren.topology.workload import (
    Condition,
    Container,
    Dependency,
    Health,
    LanAttachment,
    LanMode,
    Limits,
    Mount,
    MountKind,
    Pairs,
    PlainUnit,
    Restart,
    RestartKind,
    SecretKind,
    SecretRef,
    SecretUse,
    Ulimit,
    Update,
    Volume,
    Workload,
    env_file_name,
    variable_name,
)

# Where Docker and Compose look for a name without a registry.
HUB, OFFICIAL = "docker.io", "library"


def workloads(ground: Ground, topology: Topology) -> Topology:
    """Every service of the file with what runs in it."""
    made = {}
    for name, service in topology.services.items():
        written = ground.spec.services.get(name)
        made[name] = replace(service, workload=_workload(ground, name, written)) if written else service
    return replace(topology, services=made)


def qualified(image: str) -> str:
    """An image's whole name, as Compose understands a short one: `redis:7` is docker.io/library/redis:7."""
    first, slash, _ = image.partition("/")
    if not slash:
        return f"{HUB}/{OFFICIAL}/{image}"
    return image if "." in first or ":" in first or first == "localhost" else f"{HUB}/{image}"


def _workload(ground: Ground, name: str, service: model.Service) -> Workload | None:
    containers = tuple(_containers(ground, name, service))
    unit = _unit(ground, name, service.unit) if service.unit else None
    if not containers and unit is None and service.lan is None:
        return None
    return Workload(
        containers,
        unit,
        tuple(_volumes(containers)),
        tuple(secrets_of(ground, containers if unit is None else (unit,))),
        _lan(ground, name, service.lan) if service.lan else None,
        _update(service.update),
    )


def _containers(ground: Ground, name: str, service: model.Service) -> Iterator[Container]:
    path: Path = ("services", name)
    if service.image:
        yield _container(ground, service.image, service, (name, name, False), path)
    waited = {
        other
        for each in service.containers.values()
        for other, how in each.depends_on.items()
        if Condition(how.condition) is Condition.COMPLETED
    }
    for one, container in service.containers.items():
        named = (one, unit_name(name, one if len(service.containers) > 1 else None), one in waited)
        yield _container(ground, container.image, container, named, (*path, "containers", one))


def _container(
    ground: Ground, image: str, one: spec.ContainerKeys, named: tuple[str, str, bool], path: Path
) -> Container:
    name, unit, completes = named
    return Container(
        name=name,
        unit=unit,
        image=qualified(image),
        command=one.command or None,
        entrypoint=one.entrypoint or None,
        environment=_pairs(one.environment),
        env_files=one.env_file,
        secrets=tuple(_use(each) for each in one.secrets),
        mounts=tuple(_mounts(one)),
        devices=one.devices,
        user=one.user,
        group_add=one.group_add,
        userns=one.userns_mode,
        working_dir=one.working_dir,
        cap_add=one.cap_add,
        cap_drop=one.cap_drop,
        security_opt=one.security_opt,
        privileged=one.privileged,
        read_only=one.read_only,
        init=one.init,
        health=_health(one.healthcheck) if one.healthcheck else None,
        depends_on=tuple(_dependency(other, how) for other, how in one.depends_on.items()),
        restart=_restart(one.restart, completes),
        completes=completes,
        labels=_pairs(one.labels),
        annotations=_pairs(one.annotations),
        hostname=one.hostname,
        extra_hosts=tuple((name, address.strip("[]")) for name, address in one.extra_hosts.items()),
        sysctls=_pairs(one.sysctls),
        shm_size=read_size(one.shm_size) if one.shm_size else None,
        ulimits=tuple(_ulimit(name, limit) for name, limit in one.ulimits.items()),
        limits=_limits(one),
        stop_signal=one.stop_signal,
        stop_grace_period=one.stop_grace_period,
        pull=one.pull_policy or "missing",
        listens=tuple((protocol, each.ports) for each in one.listens for protocol in each.protocols),
        raw=one.quadlet,
        place=ground.spec.place(*path, key=True),
    )


def _pairs(written: Mapping[str, str]) -> Pairs:
    return tuple(written.items())


def _limits(one: spec.ProgramKeys) -> Limits:
    return Limits(read_size(one.memory) if one.memory else None, one.cpus, one.pids_limit)


def _restart(written: str | None, completes: bool) -> Restart:
    """A service is there to run, so that `always` is the default; what others wait for to end is not begun again."""
    kind, _, attempts = (written or ("no" if completes else "always")).partition(":")
    # Nobody stops a container but the file: it is started again until it is out of it.
    known = RestartKind.ALWAYS if kind == "unless-stopped" else RestartKind(kind)
    return Restart(known, int(attempts) if attempts else None)


def _dependency(name: str, how: spec.Dependency) -> Dependency:
    return Dependency(name, Condition(how.condition), how.restart, how.required)


def _ulimit(name: str, limit: spec.Ulimit) -> Ulimit:
    return Ulimit(name, limit.soft, limit.soft if limit.hard is None else limit.hard)


def _health(written: spec.Healthcheck) -> Health | None:
    """One text is for a shell, as `CMD-SHELL` is; `NONE` switches the image's check off (Compose, healthcheck)."""
    test = written.test
    if written.disable or test == ("NONE",):
        return Health(disabled=True)
    if not test:
        return None
    shell = test[0] if len(test) == 1 else test[1] if test[0] == "CMD-SHELL" else None
    return Health(
        command=() if shell is not None else test[1:],
        shell=shell,
        interval=written.interval,
        timeout=written.timeout,
        retries=written.retries,
        start_period=written.start_period,
        start_interval=written.start_interval,
    )


def _mounts(one: spec.ContainerKeys) -> Iterator[Mount]:
    yield from (_mount(read_mount(each)) for each in one.volumes)
    yield from (_mount(read_tmpfs(each)) for each in one.tmpfs)


def _mount(read: Mounted) -> Mount:
    return Mount(MountKind(read.kind), read.source, read.target, read.read_only, read.options)


def _volumes(containers: Iterable[Container]) -> Iterator[Volume]:
    """Each named volume once, at the first container that has it."""
    taken: set[str] = set()
    for container in containers:
        for mount in container.mounts:
            if mount.kind is MountKind.VOLUME and mount.source and mount.source not in taken:
                taken.add(mount.source)
                yield Volume(mount.source, container.place)


def _use(written: spec.Secret) -> SecretUse:
    if written.type == "env":
        return SecretUse(written.source, variable=written.target)
    return SecretUse(written.source, None, written.target, written.uid, written.gid, written.mode)


def secrets_of(ground: Ground, programs: Iterable[Container | PlainUnit]) -> Iterator[SecretRef]:
    """What runs uses of the file's secrets, and its files of variables, each once."""
    taken: set[str] = set()
    for one in programs:
        for use in one.secrets:
            found = _reference(ground, use.name, ground.spec.secrets[use.name])
            if isinstance(one, PlainUnit) and use.variable:
                found = replace(found, name=variable_name(one, use.variable), variable=use.variable)
            if found.name not in taken:
                taken.add(found.name)
                yield found
        for number, path in enumerate(one.env_files):
            yield SecretRef(env_file_name(one, number), SecretKind.DOTENV, (path,), place=one.place)


def _reference(ground: Ground, name: str, source: SecretKeys) -> SecretRef:
    place = ground.spec.place("secrets", name, key=True)
    if source.command:
        return SecretRef(name, SecretKind.COMMAND, source.command, place=place)
    found = {SecretKind.FILE: source.file, SecretKind.ENV: source.env, SecretKind.AGE: source.age}
    kind, text = next((kind, text) for kind, text in found.items() if text)
    return SecretRef(name, kind, (text,), place=place)


def _unit(ground: Ground, name: str, written: UnitKeys) -> PlainUnit:
    return PlainUnit(
        unit=unit_name(name),
        command=written.command,
        environment=_pairs(written.environment),
        env_files=written.env_file,
        secrets=tuple(_use(each) for each in written.secrets),
        working_dir=written.working_dir,
        restart=_restart(written.restart, False),
        limits=_limits(written),
        stop_signal=written.stop_signal,
        stop_grace_period=written.stop_grace_period,
        raw=written.systemd,
        place=ground.spec.place("services", name, "unit", key=True),
    )


def _lan(ground: Ground, name: str, written: LanKeys) -> LanAttachment:
    place = ground.spec.place("services", name, "lan", key=True)
    return LanAttachment(written.parent, LanMode(written.mode), written.address, written.mac, place)


def _update(written: UpdateKeys) -> Update | None:
    return None if written.policy == "none" else Update(written.when, written.within)
