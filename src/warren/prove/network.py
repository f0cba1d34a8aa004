"""The network that the hosts' items make: nodes, their devices, and what each device leads to.

In: states of hosts and a description of the outside. Out: a graph of frozen values, indexed for questions. Never looks
at what was meant.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from warren.desired.items.netns import INNER, Veth
from warren.desired.items.route import IpRule, Route
from warren.desired.items.rules import Rules
from warren.desired.items.sysctl import Settings, Sysctl
from warren.desired.items.tunnel import Tunnel
from warren.desired.model import HostState, of_kind
from warren.prove.hooks import Hooks, hooks
from warren.prove.outside import Outside, Uplink
from warren.prove.policy import Place, Policy, Table, policy, prefix_of, tables
from warren.prove.relays import Relay, relays

Down = frozenset[tuple[str, str]]
NOTHING_DOWN: Down = frozenset()


class Kind(Enum):
    """What is at the other end of a device."""

    INNER = "inner"  # the host of a service
    VETH = "veth"  # a service
    TUNNEL = "tunnel"
    UPLINK = "uplink"


@dataclass(frozen=True, slots=True)
class Device:
    """A device of a node. `node` is the service at the other end of a pair, or the host of one.

    `takes_own` is `accept_local`: even the node's own addresses may be sources of what arrives.
    """

    name: str
    kind: Kind
    addresses: tuple[Place, ...]
    rp_filter: int
    node: str | None = None
    takes_own: bool = False
    uplink: Uplink | None = None
    tunnel: Tunnel | None = None

    def address(self, version: int) -> int | None:
        """The address that masquerading takes."""
        return next((number for of, number in self.addresses if of == version), None)


@dataclass(frozen=True, slots=True)
class Node:
    """A host, or a service's namespace (then `host` is another node)."""

    name: str
    host: str
    devices: Mapping[str, Device]
    local: frozenset[Place]
    policies: Mapping[int, tuple[Policy, ...]]
    tables: Mapping[tuple[int, str], Table]
    hooks: Hooks
    settings: Mapping[str, str]

    @property
    def is_host(self) -> bool:
        return self.name == self.host

    def forwards(self, version: int) -> bool:
        """Whether the node passes on packets that are not for itself."""
        name = "net.ipv4.ip_forward" if version == 4 else "net.ipv6.conf.all.forwarding"
        return self.settings.get(name, "0") != "0"

    def reverse_filter(self, device: str) -> int:
        """IPv4's reverse-path filter: the higher of `all` and the device's own (kernel, ip-sysctl.rst)."""
        everywhere = int(self.settings.get("net.ipv4.conf.all.rp_filter", "0"))
        return max(everywhere, self.devices[device].rp_filter)

    def believes_all(self, device: str) -> bool:
        """Whether no source of IPv4 is looked at (fib_validate_source): not strict, and its own are taken."""
        return self.devices[device].takes_own and self.reverse_filter(device) == 0

    @property
    def reverse_by_mark(self) -> bool:
        """Whether the reverse-path filter asks with the packet's mark."""
        return self.settings.get("net.ipv4.conf.all.src_valid_mark", "0") != "0"


@dataclass(frozen=True, slots=True)
class Network:
    """All nodes by name, the outside, and the sockets that carry connections on."""

    nodes: Mapping[str, Node]
    outside: Outside
    relays: tuple[Relay, ...] = ()
    _by_host: dict[str, tuple[Node, ...]] = field(default_factory=dict, init=False, compare=False, repr=False)

    @property
    def hosts(self) -> tuple[Node, ...]:
        return self._held("")

    def services(self, host: str) -> tuple[Node, ...]:
        """The services of one host."""
        return self._held(host)

    def _held(self, host: str) -> tuple[Node, ...]:
        """The services of a host; of no host all hosts."""
        if not self._by_host:
            found: dict[str, list[Node]] = {"": []}
            for node in self.nodes.values():
                found.setdefault("" if node.is_host else node.host, []).append(node)
            self._by_host.update({name: tuple(held) for name, held in found.items()})
        return self._by_host.get(host, ())


def network(states: Mapping[str, HostState], outside: Outside, down: Down = NOTHING_DOWN) -> Network:
    """The whole network; devices in `down` (host, name) are as if they had been deleted."""
    nodes: dict[str, Node] = {}
    for name, state in states.items():
        for node in _nodes(name, state, outside, down):
            if nodes.setdefault(node.name, node) is not node:
                raise ValueError(f"two places are called {node.name}")
    return Network(nodes, outside, relays(states))


def _nodes(host: str, state: HostState, outside: Outside, down: Down) -> Iterator[Node]:
    links = {each.name: each for each in _devices(host, state, outside) if (host, each.name) not in down}
    routes: dict[str | None, list[Route]] = defaultdict(list)
    for route in of_kind(state, Route):
        routes[route.netns].append(route)
    settings = {item.name: item.value for item in of_kind(state, Sysctl)}
    uplinks = [each for each in outside.of(host) if each.device in links]
    known = tables(routes[None], uplinks, links)
    chains = hooks(item.table for item in of_kind(state, Rules))
    yield Node(host, host, links, _local(links.values()), policy(of_kind(state, IpRule)), known, chains, settings)
    inner = {item.netns: dict(item.values) for item in of_kind(state, Settings)}
    for veth in of_kind(state, Veth):
        if veth.name in links:
            yield _service(host, veth, routes[veth.netns], inner.get(veth.netns, {}))


def _service(host: str, veth: Veth, routes: Iterable[Route], settings: Mapping[str, str]) -> Node:
    devices = {INNER: Device(INNER, Kind.INNER, _places(veth.inner), 0, host)}
    known = tables(routes, (), devices)
    return Node(veth.netns, host, devices, _local(devices.values()), policy(()), known, hooks(()), settings)


def _devices(host: str, state: HostState, outside: Outside) -> Iterator[Device]:
    for veth in of_kind(state, Veth):
        if veth.up:
            filtering, takes_own = int(veth.rp_filter or 0), veth.accept_local == "1"
            yield Device(veth.name, Kind.VETH, _places(veth.outer), filtering, veth.netns, takes_own)
    for tunnel in of_kind(state, Tunnel):
        if tunnel.up:
            filtering = int(tunnel.rp_filter or 0)
            yield Device(tunnel.name, Kind.TUNNEL, _places(tunnel.addresses), filtering, tunnel=tunnel)
    for uplink in outside.of(host):
        yield Device(uplink.device, Kind.UPLINK, _places(uplink.addresses), uplink.rp_filter, uplink=uplink)


def _places(addresses: Iterable[str]) -> tuple[Place, ...]:
    """Numbers of addresses written with or without their length, in a fixed order where a set has none."""
    given = sorted(addresses) if isinstance(addresses, frozenset) else addresses
    singles = (prefix_of(text.partition("/")[0]) for text in given)
    return tuple((each.version, each.first) for each in singles)


def _local(devices: Iterable[Device]) -> frozenset[Place]:
    return frozenset((*(place for each in devices for place in each.addresses), (4, 0x7F000001), (6, 1)))
