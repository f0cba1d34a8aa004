"""A container as a Quadlet unit, a volume as another (podman-systemd.unit(5)).

In: a container of a service. Out: the text of a `.container` or `.volume` file. Never a value that systemd, Quadlet or
Podman would read as anything but itself: each stands escaped for all three.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterable, Iterator

from warren.desired.parts.workloads.order import held_back, order
from warren.desired.parts.workloads.settings import limits, restarts, seconds, starts
from warren.formats import ini
from warren.formats.ini import Section, Setting, Unit
from warren.topology.model import Service
from warren.topology.workload import Container, Health, Mount, MountKind, SecretUse

COMMENT = "Written by warren."
# Quadlet loses a word that is empty, and writes `;` without quotes, where systemd ends a command: both travel as
# variables of the unit, which systemd puts back as one word each (systemd.service(5), command lines).
STAND_INS = {"": "WARREN_EMPTY", ";": "WARREN_SEMICOLON"}
# The namespace is there before the user's manager, and no image is pulled in it: nothing waits for the network.
ALONE = Section("Quadlet", (Setting("DefaultDependencies", "false"),))
WANTED = Section("Install", (Setting("WantedBy", "default.target"),))
# What a container's volume fails from is over soon, such as two first calls of Podman at once; `direct` tells nobody
# meanwhile, so that the container waits (systemd.service(5), RestartMode).
AGAIN = (Setting("Restart", "on-failure"), Setting("RestartSec", "1"), Setting("RestartMode", "direct"))
# Podman's own, where the file says nothing (podman-run(1)); the last is what it may take besides.
INTERVAL, TIMEOUT, RETRIES, BESIDES = 30, 30, 3, 30
# systemd's own limit for a start or an end, in seconds.
USUAL = 90
# A unit has started once its container is healthy, so that what depends on it can wait for that. Podman's own word for
# it, `Notify=healthy`, loses its message on a busy machine: whoever sends it is not the main process any more, and has
# ended before systemd asks whose it was.
HEALTHY = (
    "podman wait --condition=healthy --condition=stopped --condition=exited {0} >/dev/null; "
    'test "$(podman inspect --format {{{{.State.Health.Status}}}} {0})" = healthy'
)
# What nobody sees in a line: controls, and white space that is not a space, which some programs cut off at ends.
UNSEEN = re.compile(r"[\x7f-\xa0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff]")


def container_file(service: Service, container: Container) -> str:
    """The text of a container's file."""
    unit = Unit(
        (
            Section("Unit", tuple(_unit(service, container))),
            Section("Container", tuple(_container(service, container))),
            Section("Service", tuple(_service(service, container))),
            ALONE,
            WANTED,
        )
    )
    return ini.write(unit, COMMENT)


def volume_file(service: Service, volume: str) -> str:
    """The text of a volume's file."""
    settings = (
        Setting("VolumeName", ini.literal(volume)),
        Setting("Label", ini.word(f"warren.service={service.name}")),
    )
    about = (
        Setting("Description", f"volume {ini.literal(volume)} of {service.name}"),
        Setting("StartLimitIntervalSec", "0"),
    )
    parts = (Section("Unit", about), Section("Volume", settings), Section("Service", AGAIN), ALONE)
    return ini.write(Unit(parts), COMMENT)


def volume_unit(service: Service, volume: str) -> str:
    """The name of a volume's file; no container's unit has an underscore."""
    return f"{service.name}_{volume}.volume"


def runtime_folder(container: Container) -> str:
    """Where files of variables are while a container runs, below the user's runtime directory."""
    return f"warren/{container.unit}"


def _unit(service: Service, container: Container) -> Iterator[Setting]:
    name = service.name if container.unit == service.name else f"{service.name}: {container.name}"
    yield Setting("Description", ini.literal(name))
    yield from order(service, container)
    yield from starts(container.restart)


# ── [Container] ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _container(service: Service, one: Container) -> Iterator[Setting]:
    yield Setting("Image", ini.literal(one.image))
    yield Setting("ContainerName", one.unit)
    yield Setting("Pull", "never")
    yield Setting("LogDriver", "journald")
    yield Setting("Label", ini.word(f"warren.service={service.name}"))
    yield from _network(service, one)
    yield from _command(one)
    yield from _variables(one)
    yield from (_secret(use) for use in one.secrets)
    yield from (_mount(service, mount) for mount in one.mounts)
    yield from (Setting("AddDevice", _raw(device)) for device in one.devices)
    yield from _walls(one)
    yield from _health(one.health) if one.health else ()
    yield from _rest(one)
    yield from (Setting(*_split(line)) for line in one.raw)


def _network(service: Service, one: Container) -> Iterator[Setting]:
    """The namespace of the user's manager, its names and its resolver, whichever mounts Podman happens to see."""
    folder = f"/etc/netns/{service.netns}"
    yield Setting("Network", "host")
    yield Setting("PodmanArgs", f"--hosts-file={folder}/hosts")
    if service.resolver:
        yield Setting("Volume", f"{folder}/resolv.conf:/etc/resolv.conf:ro")
    others = service.workload.containers if service.workload else ()
    for other in others if len(others) > 1 else ():
        yield Setting("AddHost", f"{other.name}:127.0.0.1")
        yield Setting("AddHost", f"{other.name}:::1")
    yield from (Setting("AddHost", f"{name}:{address}") for name, address in one.extra_hosts)
    if one.hostname:
        yield Setting("HostName", one.hostname)


def _command(one: Container) -> Iterator[Setting]:
    if one.entrypoint:
        yield Setting("Entrypoint", _json(one.entrypoint))
    if one.command:
        yield Setting("Exec", " ".join(_argument(text) for text in one.command))
    if one.working_dir:
        yield _working_dir(one.working_dir)
    if one.user:
        user, _, group = one.user.partition(":")
        yield Setting("User", user)
        if group:
            yield Setting("Group", group)
    yield from (Setting("GroupAdd", group) for group in one.group_add)
    if one.userns:
        yield Setting("UserNS", ini.literal(one.userns))


def _working_dir(folder: str) -> Setting:
    # Quadlet takes quotes at either end of such a value away, all of them.
    if folder.endswith('"'):
        return Setting("PodmanArgs", ini.argument(f"--workdir={folder}"))
    return Setting("WorkingDir", _raw(folder))


def _argument(text: str) -> str:
    return f"${{{STAND_INS[text]}}}" if text in STAND_INS else ini.argument(text)


def _raw(text: str) -> str:
    """A text that Quadlet does not split, and that ends up in a command line of systemd."""
    return ini.literal(text.replace("$", "$$"))


def _json(texts: Iterable[str]) -> str:
    """Words as a list, which Podman reads; nothing in it can end the line."""
    listed = json.dumps(list(texts), ensure_ascii=False, separators=(",", ":"))
    return _raw(UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", listed))


def _pair(name: str, value: str) -> str:
    return ini.argument(f"{name}={value}")


def _variables(one: Container) -> Iterator[Setting]:
    yield from (Setting("Environment", _pair(*pair)) for pair in one.environment)
    for number, _path in enumerate(one.env_files):
        yield Setting("EnvironmentFile", f"%t/{runtime_folder(one)}/env{number}")
    yield from (Setting("Label", _pair(*pair)) for pair in one.labels)
    yield from (Setting("Annotation", _pair(*pair)) for pair in one.annotations)
    yield from (Setting("Sysctl", _pair(*pair)) for pair in one.sysctls)


def _secret(use: SecretUse) -> Setting:
    if use.variable:
        return Setting("Secret", f"{use.name},type=env,target={use.variable}")
    kept = (("target", use.target), ("uid", use.uid), ("gid", use.gid), ("mode", use.mode))
    return Setting("Secret", _raw(",".join([use.name, *(f"{key}={value}" for key, value in kept if value)])))


def _mount(service: Service, mount: Mount) -> Setting:
    options = (*(["ro"] if mount.read_only else []), *mount.options)
    if mount.kind is MountKind.TMPFS:
        return Setting("Tmpfs", _raw(f"{mount.target}:{','.join(options)}" if options else mount.target))
    source = mount.source
    if mount.kind is MountKind.VOLUME and source:
        source = volume_unit(service, source)
    parts = (*([source] if source else []), mount.target, *([",".join(options)] if source and options else []))
    return Setting("Volume", _raw(":".join(parts)))


def _walls(one: Container) -> Iterator[Setting]:
    yield from (Setting("AddCapability", name) for name in one.cap_add)
    yield from (Setting("DropCapability", name) for name in one.cap_drop)
    yield from (Setting("PodmanArgs", ini.argument(f"--security-opt={option}")) for option in one.security_opt)
    if one.privileged:
        yield Setting("PodmanArgs", "--privileged")
    if one.read_only:
        yield Setting("ReadOnly", "true")
    if one.init:
        yield Setting("RunInit", "true")


def _health(health: Health) -> Iterator[Setting]:
    if health.disabled:
        yield Setting("HealthCmd", "none")
        return
    command = _checking(health)
    yield Setting("HealthCmd", command)
    yield from _given("HealthInterval", health.interval)
    yield from _given("HealthTimeout", health.timeout)
    yield from _given("HealthRetries", str(health.retries) if health.retries else None)
    yield from _given("HealthStartPeriod", health.start_period)
    if health.start_interval:
        yield Setting("HealthStartupCmd", command)
        yield Setting("HealthStartupInterval", health.start_interval)


def _checking(health: Health) -> str:
    """The check as Podman reads it: a list of words runs as it is, unless it has one word only, or begins with `CMD`.

    A single word travels behind `CMD`, which Podman splits at white space; where it has some, a shell takes it whole.
    """
    if health.shell is not None:
        return _json(("CMD-SHELL", health.shell))
    if len(health.command) > 1:
        return _json(health.command)
    (one,) = health.command
    is_whole = one.split() != [one] or one.endswith(('"', "\\"))
    return _json(("CMD-SHELL", shlex.quote(one))) if is_whole else _raw(f"CMD {one}")


def _given(key: str, value: str | None) -> Iterator[Setting]:
    if value:
        yield Setting(key, value)


def _rest(one: Container) -> Iterator[Setting]:
    yield from _given("ShmSize", str(one.shm_size) if one.shm_size else None)
    for limit in one.ulimits:
        yield Setting("Ulimit", f"{limit.name}={limit.soft}:{limit.hard}")
    yield from _given("PidsLimit", str(one.limits.pids) if one.limits.pids else None)
    yield from _given("StopSignal", one.stop_signal)
    if one.stop_grace_period:
        yield Setting("StopTimeout", str(seconds(one.stop_grace_period)))


def _split(line: str) -> tuple[str, str]:
    key, _, value = line.partition("=")
    return key.strip(), value.strip()


# ── [Service] ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _service(service: Service, one: Container) -> Iterator[Setting]:
    if one.completes:
        yield Setting("Type", "oneshot")
        yield Setting("RemainAfterExit", "yes")
    yield from restarts(one.restart)
    yield from limits(one.limits)
    yield Setting("TimeoutStartSec", "infinity" if one.completes else str(_start_limit(one)))
    if one.stop_grace_period:
        yield Setting("TimeoutStopSec", str(seconds(one.stop_grace_period) + BESIDES))
    for text in dict.fromkeys(text for text in one.command or () if text in STAND_INS):
        yield Setting("Environment", ini.word(f"{STAND_INS[text]}={text}"))
    yield from held_back(service, one)
    if one.health and not one.health.disabled:
        yield Setting("ExecStartPost", ini.arguments(("/bin/sh", "-c", HEALTHY.format(one.unit))))
    if one.env_files:
        yield Setting("RuntimeDirectory", runtime_folder(one))
        yield Setting("RuntimeDirectoryMode", "0700")
        yield from (Setting("ExecStartPre", _unpacked(one, number)) for number in range(len(one.env_files)))


def _unpacked(one: Container, number: int) -> str:
    """A file of variables out of the user's own store, into memory that nobody else reads."""
    show = f"podman secret inspect --showsecret --format {{{{.SecretData}}}} {one.unit}.env{number}"
    return f'/bin/sh -c "umask 077; exec {show} >%t/{runtime_folder(one)}/env{number}"'


def _start_limit(one: Container) -> int:
    """The time in which a container must have started, or become healthy."""
    health = one.health
    if health is None or health.disabled:
        return USUAL
    interval = seconds(health.interval) if health.interval else INTERVAL
    timeout = seconds(health.timeout) if health.timeout else TIMEOUT
    period = seconds(health.start_period) if health.start_period else 0
    return max(USUAL, period + (interval + timeout) * (health.retries or RETRIES) + BESIDES)
