"""Evidence as values.

In: nothing. Out: what looking, watching and knocking found. Never a judgement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from warren.condition import Condition
from warren.formats.conntrack import Connection
from warren.formats.iproute import Link, RouteLine, RuleLine
from warren.formats.nft_trace import TraceLine
from warren.formats.sockets import Listener
from warren.observe import Observed


@dataclass(frozen=True, slots=True)
class Peer:
    """A WireGuard peer as it is now; `handshake` in seconds since the epoch, 0 for never."""

    interface: str
    own_key: str
    port: int
    key: str
    endpoint: str | None
    allowed: frozenset[str]
    handshake: int
    received: int
    sent: int


@dataclass(frozen=True, slots=True)
class Inner:
    """The inside of a service's namespace; `names` is what each name of the question was looked up as.

    `account` is what its user's manager says on a real machine, `conditions` how its units are.
    """

    exists: bool
    links: tuple[Link, ...] = ()
    listeners: tuple[Listener, ...] = ()
    nameservers: tuple[str, ...] = ()
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    account: Mapping[str, str] = field(default_factory=dict)
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain of a table that is not ours; `hook` is empty where others jump to it."""

    family: str
    table: str
    name: str
    hook: str
    policy: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What one host showed; `trouble` is why it did not. `late` is how far its clock is behind ours, in seconds.

    `ways` are the kernel's own answers to where packets of the question go, by the key with which they were asked.
    """

    name: str
    trouble: str | None = None
    observed: Observed | None = None
    late: int = 0
    now: int = 0
    links: tuple[Link, ...] = ()
    routes: tuple[RouteLine, ...] = ()
    rules: tuple[RuleLine, ...] = ()
    peers: tuple[Peer, ...] = ()
    listeners: tuple[Listener, ...] = ()
    chains: tuple[Chain, ...] = ()
    connections: tuple[Connection, ...] = ()
    tracked: tuple[int, int] = (0, 0)
    full: tuple[str, ...] = ()
    inner: Mapping[str, Inner] = field(default_factory=dict)
    ways: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Knock:
    """What a real connection got: `answered`, `connected`, `refused`, `unreachable`, `prohibited`, `timeout`,
    `untried`; `said` in the tool's words."""

    outcome: str
    said: str = ""

    @property
    def arrived(self) -> bool:
        """Whether somebody at the other end took it."""
        return self.outcome in ("answered", "connected")


@dataclass(frozen=True, slots=True)
class Evidence:
    """All of it: by host, and by family what a real connection got. `traced` are the hosts that were watched.

    `echoes` says for (from host, to host) which sizes of packets came through the tunnel, `pings` for (host that
    dials, gateway) whether an echo came back from the gateway's door, outside of the tunnel.
    """

    seen: Mapping[str, Seen] = field(default_factory=dict)
    lines: Mapping[str, tuple[TraceLine, ...]] = field(default_factory=dict)
    knocks: Mapping[int, Knock] = field(default_factory=dict)
    echoes: Mapping[tuple[str, str], Mapping[int, bool]] = field(default_factory=dict)
    pings: Mapping[tuple[str, str], bool] = field(default_factory=dict)

    @property
    def traced(self) -> frozenset[str]:
        """The hosts whose packets were watched."""
        return frozenset(self.lines)
