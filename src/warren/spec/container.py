"""The keys of one container: Compose's names with Compose's meaning.

In: a mapping of the file. Out: a frozen `Container`. Never judges what only a host can know: whether an image or a path
exists.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from warren.spec.fields import Argument, Decimal, Line, Lines, Many, Named, Pairs, Shorthand, Word, Words, matching
from warren.spec.notation import Domain, PortText

Image: TypeAlias = Annotated[
    str, matching(r"[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,500}", "the name of an image", "docker.io/library/caddy:2")
]
User: TypeAlias = Annotated[
    str, matching(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}(:[A-Za-z0-9_.-]{1,64})?", "a user", "1000:1000", numbers=(int,))
]
Mode: TypeAlias = Annotated[str, matching(r"[0-7]{3,4}", "permissions", "0440", numbers=(int,))]
Size: TypeAlias = Annotated[
    str, matching(r"[0-9]{1,15}(\.[0-9]{1,3})?([bBkKmMgGtT][bB]?)?", "a size", "512m", numbers=(int,))
]
Duration: TypeAlias = Annotated[str, matching(r"([0-9]{1,9}(\.[0-9]{1,6})?(us|ms|s|m|h))+", "a time", "30s")]
Capability: TypeAlias = Annotated[str, matching(r"[A-Za-z_]{2,40}", "a capability", "NET_BIND_SERVICE")]
Signal: TypeAlias = Annotated[
    str, matching(r"(SIG)?[A-Z]{2,10}[0-9+-]{0,4}|[0-9]{1,2}", "a signal", "SIGTERM", numbers=(int,))
]
Unmapped: TypeAlias = Annotated[
    str,
    matching(
        r"(host|nomap|auto|keep-id)(:[a-z0-9_=,:@.-]{1,200})?",
        "a user namespace",
        "keep-id",
        "keep-id:uid=1000,gid=1000",
    ),
]
LimitName: TypeAlias = Annotated[str, matching(r"[a-z]{2,20}", "the name of a limit", "nofile")]
Restart: TypeAlias = Annotated[
    str,
    matching(r"no|always|unless-stopped|on-failure(:[0-9]{1,4})?", "`no`, `always`, `on-failure` or `unless-stopped`"),
]


class Strict(BaseModel):
    """Every mapping of the file: unknown keys and wrong types are errors, values never change."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, use_attribute_docstrings=True)


class VolumeOptions(Strict):
    """What may be said about a named volume in the long form."""

    nocopy: bool = False
    """Do not fill a new volume with what the image holds there."""


class BindOptions(Strict):
    """What may be said about a path of the host in the long form."""

    propagation: Literal["private", "rprivate", "shared", "rshared", "slave", "rslave"] | None = None
    """Whether what is mounted below it later is seen, too."""
    selinux: Literal["z", "Z"] | None = None
    """Label it for several containers, `z`, or for this one, `Z`."""


class TmpfsOptions(Strict):
    """What may be said about memory in the long form."""

    size: Size | None = None
    """The most that it may hold: `64m`."""
    mode: Mode | None = None
    """Its permissions: `1777`."""


class Mount(Strict):
    """A volume; `name:/path:ro` in one text, or Compose's long form."""

    type: Literal["text", "volume", "bind", "tmpfs"] = "text"
    """What it is; `text` is the short form."""
    source: Line | None = None
    """A volume's name or a path of the host; the whole text in the short form."""
    target: Line | None = None
    """The path in the container."""
    read_only: bool = False
    """Nothing can be written to it."""
    volume: VolumeOptions = VolumeOptions()
    """Options of a volume."""
    bind: BindOptions = BindOptions()
    """Options of a path of the host."""
    tmpfs: TmpfsOptions = TmpfsOptions()
    """Options of memory."""


class Secret(Strict):
    """A secret as a file in the container, or as a variable."""

    source: Word
    """The secret's name, under `secrets` of the whole file."""
    type: Literal["file", "env"] = "file"
    """Whether it becomes a file or a variable."""
    target: Line | None = None
    """The file's name or path, or the variable's name; /run/secrets/NAME by default."""
    uid: User | None = None
    """The user that owns the file."""
    gid: User | None = None
    """The group that owns it."""
    mode: Mode | None = None
    """Its permissions: `0440`."""


class Dependency(Strict):
    """When a container that depends on another may start."""

    condition: Literal["service_started", "service_healthy", "service_completed_successfully"] = "service_started"
    """Once the other runs, is healthy, or has ended well."""
    restart: bool = False
    """Restart together with the other."""
    required: bool = True
    """Do not start without the other."""


class Ulimit(Strict):
    """A limit of the kernel; one number is both."""

    soft: int
    """The limit that the program may raise."""
    hard: int | None = None
    """The limit that it may not."""


class Healthcheck(Strict):
    """How to see that a container works, as in Compose."""

    test: Many[Argument] = ()
    """The command: `[CMD, curl, -f, http://localhost]`; one text runs in a shell."""
    interval: Duration | None = None
    """Time between two checks: `30s`."""
    timeout: Duration | None = None
    """After this time a check has failed."""
    retries: Annotated[int, Field(ge=1, le=1000)] | None = None
    """So many failures in a row make the container unhealthy."""
    start_period: Duration | None = None
    """Failures in this time after the start do not count."""
    start_interval: Duration | None = None
    """Time between two checks during the start."""
    disable: bool = False
    """Switch off the check that the image brings."""


class ProgramKeys(Strict):
    """What may be said about everything that runs, in a container or without one. The names are Compose's."""

    command: Words = ()
    """Arguments in place of the image's own; one text is split as a shell would."""
    environment: Pairs = Field(default_factory=dict)
    """Variables: a mapping, or a list of `NAME=value`. Nothing in a value stands for anything else."""
    working_dir: Line | None = None
    """Where the command starts."""
    restart: Restart | None = None
    """`always` by default, `no`, `on-failure`, `on-failure:5` or `unless-stopped`."""
    memory: Size | None = None
    """The most memory that it may use: `512m`."""
    cpus: Decimal | None = None
    """The most processors that it may use: `1.5`."""
    pids_limit: Annotated[int, Field(ge=-1, le=1 << 22)] | None = None
    """The most processes that it may have."""
    stop_signal: Signal | None = None
    """The signal that ends it."""
    stop_grace_period: Duration | None = None
    """How long it may take to end: `30s`."""


class ContainerKeys(ProgramKeys):
    """What may be said about a container, wherever it stands. The names are Compose's."""

    entrypoint: Words = ()
    """The program in place of the image's own."""
    env_file: Many[Line] = ()
    """Files with variables, beside this file; they are delivered as secrets."""
    volumes: Many[Annotated[Mount, Shorthand("source")]] = ()
    """`name:/path`, `/host/path:/path:ro`, or Compose's long form."""
    devices: Many[Line] = ()
    """Devices of the host: `/dev/dri:/dev/dri`."""
    tmpfs: Many[Line] = ()
    """Paths that are kept in memory only."""
    secrets: Many[Annotated[Secret, Shorthand("source")]] = ()
    """Names of secrets that appear under /run/secrets, or as variables in the long form."""
    listens: Many[PortText] = ()
    """Ports where it listens; two containers of a service cannot have the same."""
    user: User | None = None
    """The user inside the container: `1000:1000`."""
    group_add: Many[User] = ()
    """Further groups of that user."""
    userns_mode: Unmapped | None = None
    """Whose ids the container's users are: `keep-id` makes the service's own user the same inside."""
    cap_add: Many[Capability] = ()
    """Capabilities to add."""
    cap_drop: Many[Capability] = ()
    """Capabilities to take away."""
    security_opt: Many[Line] = ()
    """Options such as `no-new-privileges`."""
    privileged: bool = False
    """Take all walls between the container and the user away. Dangerous."""
    read_only: bool = False
    """The image's own files cannot be changed."""
    init: bool = False
    """Run a small init as process 1."""
    healthcheck: Healthcheck | None = None
    """How to see that it works; its unit has started once the check succeeds."""
    depends_on: Annotated[dict[Word, Dependency], Named()] = Field(default_factory=dict)
    """Containers of the same service that start before."""
    labels: Pairs = Field(default_factory=dict)
    """Labels: a mapping, or a list of `name=value`."""
    annotations: Pairs = Field(default_factory=dict)
    """Annotations, in the same form."""
    hostname: Domain | None = None
    """The name that the container believes to have."""
    extra_hosts: Pairs = Field(default_factory=dict)
    """Names and addresses for the container's own hosts file."""
    sysctls: Pairs = Field(default_factory=dict)
    """Kernel settings of the container; those of the network belong to the service's namespace."""
    shm_size: Size | None = None
    """Size of /dev/shm: `64m`."""
    ulimits: dict[LimitName, Annotated[Ulimit, Shorthand("soft", ("integer",))]] = Field(default_factory=dict)
    """Limits: `nofile: 65536`, or with `soft` and `hard`."""
    pull_policy: Literal["missing", "never"] | None = None
    """`missing` by default; with `never` somebody else brings the image."""
    quadlet: Lines = ()
    """Raw lines for the [Container] section of its Quadlet unit, for all that has no key here."""


class Container(ContainerKeys):
    """One of several containers of a service; all share the service's network, as in a pod."""

    image: Image
    """The image: `docker.io/library/caddy:2`."""
