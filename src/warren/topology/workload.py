"""What runs in a service: containers, volumes, secrets, or one plain unit.

In: made by `passes/workloads` from the user's words. Out: read by `desired/parts/workloads`, plans and status. Never
holds a secret's value, and no technology: neither Podman's words nor systemd's.

Texts are the user's own, to the letter: nothing in them stands for anything else. Durations are texts such as `1m30s`,
sizes are bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from warren.basis.diagnostic import Place
from warren.basis.ports import Ports, Protocol

Pairs: TypeAlias = tuple[tuple[str, str], ...]


class SecretKind(StrEnum):
    """Where the operator's machine finds a secret; `DOTENV` is a file of variables, delivered whole."""

    FILE = "file"
    ENV = "env"
    COMMAND = "command"
    AGE = "age"
    DOTENV = "dotenv"


@dataclass(frozen=True, slots=True)
class SecretRef:
    """A secret of one service: where it is found, never what it is.

    `name` is unique in the service. `reference` is a path beside the user's file, a variable, or the words of a
    command. `digest` is empty until somebody has read the value; two values of one secret have two digests. A plain
    unit gets it as a file, or as `variable`.
    """

    name: str
    kind: SecretKind
    reference: tuple[str, ...]
    digest: str = ""
    place: Place | None = None
    variable: str | None = None


@dataclass(frozen=True, slots=True)
class SecretUse:
    """A secret in what runs: the variable `variable`, or a file `target`.

    Without a `/` a container has it under /run/secrets, a plain unit in its folder of credentials.
    """

    name: str
    variable: str | None = None
    target: str | None = None
    uid: str | None = None
    gid: str | None = None
    mode: str | None = None


class MountKind(StrEnum):
    """A named volume of the service, a path of the host, or memory; an anonymous volume has no source."""

    VOLUME = "volume"
    BIND = "bind"
    TMPFS = "tmpfs"


@dataclass(frozen=True, slots=True)
class Mount:
    """Something at `target` in a container; `options` are further words, as Podman and Compose share them."""

    kind: MountKind
    source: str
    target: str
    read_only: bool = False
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Volume:
    """A named volume of a service, shared by its containers; it is kept when the service goes."""

    name: str
    place: Place | None = None


class Condition(StrEnum):
    """When a container that depends on another may start."""

    STARTED = "service_started"
    HEALTHY = "service_healthy"
    COMPLETED = "service_completed_successfully"


@dataclass(frozen=True, slots=True)
class Dependency:
    """`container` starts first; `restart` follows its restarts, `required` never starts without it."""

    container: str
    condition: Condition = Condition.STARTED
    restart: bool = False
    required: bool = True


@dataclass(frozen=True, slots=True)
class Health:
    """How to see that a container works: the words of a command, or a text for its shell.

    `disabled` switches off the check that the image brings.
    """

    command: tuple[str, ...] = ()
    shell: str | None = None
    interval: str | None = None
    timeout: str | None = None
    retries: int | None = None
    start_period: str | None = None
    start_interval: str | None = None
    disabled: bool = False


class RestartKind(StrEnum):
    """When something that ended is started again."""

    NO = "no"
    ALWAYS = "always"
    ON_FAILURE = "on-failure"


@dataclass(frozen=True, slots=True)
class Restart:
    """`attempts` of `ON_FAILURE` before it is given up; None for no end."""

    kind: RestartKind
    attempts: int | None = None


@dataclass(frozen=True, slots=True)
class Ulimit:
    """A limit of the kernel; -1 is none."""

    name: str
    soft: int
    hard: int


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one container or unit may use: bytes, processors (`1.5`), processes; None for no limit."""

    memory: int | None = None
    cpus: str | None = None
    pids: int | None = None


@dataclass(frozen=True, slots=True)
class Container:
    """One container: Compose's keys with Compose's meaning, the short forms resolved.

    `unit` is the name of its unit without `.service`, and of the container. `command` and `entrypoint` are words; None
    leaves the image's own. `listens` are the ports that it says it has. `raw` are lines for Quadlet's [Container].
    """

    name: str
    unit: str
    image: str
    command: tuple[str, ...] | None = None
    entrypoint: tuple[str, ...] | None = None
    environment: Pairs = ()
    env_files: tuple[str, ...] = ()
    secrets: tuple[SecretUse, ...] = ()
    mounts: tuple[Mount, ...] = ()
    devices: tuple[str, ...] = ()
    user: str | None = None
    group_add: tuple[str, ...] = ()
    userns: str | None = None
    working_dir: str | None = None
    cap_add: tuple[str, ...] = ()
    cap_drop: tuple[str, ...] = ()
    security_opt: tuple[str, ...] = ()
    privileged: bool = False
    read_only: bool = False
    init: bool = False
    health: Health | None = None
    depends_on: tuple[Dependency, ...] = ()
    restart: Restart = Restart(RestartKind.ALWAYS)
    completes: bool = False
    labels: Pairs = ()
    annotations: Pairs = ()
    hostname: str | None = None
    extra_hosts: Pairs = ()
    sysctls: Pairs = ()
    shm_size: int | None = None
    ulimits: tuple[Ulimit, ...] = ()
    limits: Limits = Limits()
    stop_signal: str | None = None
    stop_grace_period: str | None = None
    pull: str = "missing"
    listens: tuple[tuple[Protocol, Ports], ...] = ()
    raw: tuple[str, ...] = ()
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class PlainUnit:
    """A program that runs in the service's namespace as its user: the host's, without a container, or an image's.

    One of an `image` is the network's own: it has the host's folders that its service has a right to (see `folders`).
    """

    unit: str
    command: tuple[str, ...]
    environment: Pairs = ()
    working_dir: str | None = None
    env_files: tuple[str, ...] = ()
    secrets: tuple[SecretUse, ...] = ()
    restart: Restart = Restart(RestartKind.ALWAYS)
    limits: Limits = Limits()
    stop_signal: str | None = None
    stop_grace_period: str | None = None
    raw: tuple[str, ...] = ()
    place: Place | None = None
    image: str | None = None


class LanMode(StrEnum):
    """How a service gets an interface of its own on a LAN: with a MAC address of its own, or with the host's."""

    MACVLAN = "macvlan"
    IPVLAN = "ipvlan"


@dataclass(frozen=True, slots=True)
class LanAttachment:
    """An interface of the service on the LAN beside the host; `addresses` are texts with their prefix length.

    What arrives there passes none of the host's rules.
    """

    parent: str
    mode: LanMode
    addresses: tuple[str, ...]
    mac: str | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """New images come at `when` (a calendar expression), and stay if they work in the time `within`."""

    when: str
    within: str


@dataclass(frozen=True, slots=True)
class Workload:
    """All that runs in a service: containers, or a plain unit; `beside` it run others of the network's own."""

    containers: tuple[Container, ...] = ()
    unit: PlainUnit | None = None
    volumes: tuple[Volume, ...] = ()
    secrets: tuple[SecretRef, ...] = ()
    lan: LanAttachment | None = None
    update: Update | None = None
    beside: tuple[PlainUnit, ...] = ()

    @property
    def plain(self) -> tuple[PlainUnit, ...]:
        """All programs that run without a container."""
        return (self.unit, *self.beside) if self.unit else self.beside

    @property
    def units(self) -> Iterator[str]:
        """The names of everything that runs, without `.service`, in the order of the file."""
        yield from (each.unit for each in self.containers)
        yield from (each.unit for each in self.plain)


def env_file_name(program: Container | PlainUnit, number: int) -> str:
    """The secret that holds a file of variables of what runs; no name of the user's has a dot."""
    return f"{program.unit}.env{number}"


def variable_name(unit: PlainUnit, variable: str) -> str:
    """The secret that holds one variable of a plain unit."""
    return f"{unit.unit}.env.{variable}"
