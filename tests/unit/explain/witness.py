"""Evidence that a network works, for tests that break one thing of it.

In: a topology and a question. Out: what healthy hosts would show, scenes and verdicts. Never touches a host.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache

from tests.networks import example, states_of
from tests.unit.explain.asking import NAME
from warren.desired.items.netns import INNER, Veth
from warren.desired.items.tunnel import Tunnel
from warren.desired.model import HostState, of_kind
from warren.evidence.model import Evidence, Inner, Knock, Peer, Seen
from warren.explain.flow import flows
from warren.explain.ground import surroundings
from warren.explain.model import QUESTION, Verdict
from warren.explain.progress import Station, stations
from warren.explain.question import question
from warren.explain.scene import Scene
from warren.explain.static import Declared, Expected
from warren.formats.iproute import Link, RouteLine
from warren.formats.nft_trace import Header, TraceLine
from warren.formats.sockets import Listener
from warren.observe import Observed
from warren.prove.header import NUMBERS, shown
from warren.topology.model import Service, Topology

NOW = 10_000
WATCH = "warren_trace_test"


def expected(source: str, target: str, at: int = 0) -> Expected:
    """The expected way of one flow of a question."""
    topology = example(NAME)
    flow = flows(topology, surroundings(topology), question(topology, source, target))[at]
    return _declared().of_flow(flow)


@cache
def _declared() -> Declared:
    topology = example(NAME)
    return Declared.of(topology, surroundings(topology))


@cache
def _states() -> dict[str, HostState]:
    return states_of(example(NAME))


@cache
def _healthy() -> dict[str, Seen]:
    topology = example(NAME)
    return {name: _seen(topology, name, state, _states()) for name, state in _states().items()}


def healthy(topology: Topology) -> dict[str, Seen]:
    """What every host of the example shows when nothing is broken; a host's name stands for its key."""
    assert topology == example(NAME)
    return dict(_healthy())


def _seen(topology: Topology, name: str, state: HostState, states: Mapping[str, HostState]) -> Seen:
    links = [Link(1, "lo", None, None, 65536, True, frozenset({"127.0.0.1/8"}))]
    links += [Link(2, veth.name, "veth", "warren", 1500, True, veth.outer) for veth in of_kind(state, Veth)]
    links += [Link(3, each.name, "wireguard", "warren", 1420, True, each.addresses) for each in of_kind(state, Tunnel)]
    public = frozenset(f"{each}/{each.max_prefixlen}" for each in topology.hosts[name].public)
    links.append(Link(4, "eth0", None, None, 1500, True, public or frozenset({"192.168.2.10/24"})))
    peers = [_peer(name, tunnel, each.public_key, states) for tunnel in of_kind(state, Tunnel) for each in tunnel.peers]
    inner = {service.name: _inner(service) for service in topology.services_of(name)}
    programs = tuple(
        Listener(port.protocol.value, "*", port.ports.first, "program", 7) for port in topology.hosts[name].programs
    )
    routes = (RouteLine("unicast", "0.0.0.0/0", "main", "eth0", "192.168.2.1", None, "dhcp", None),)
    return Seen(
        name, observed=Observed(state, name, frozenset(), {}), now=NOW, links=tuple(links), routes=routes,
        peers=tuple(peers), listeners=programs, tracked=(10, 1000), inner=inner,
    )  # fmt: skip


def _peer(name: str, tunnel: Tunnel, key: str, states: Mapping[str, HostState]) -> Peer:
    peer = next(each for each in tunnel.peers if each.public_key == key)
    return Peer(tunnel.name, name, tunnel.listen_port or 40000, key, peer.endpoint, peer.allowed, NOW - 5, 100, 100)


def _inner(service: Service) -> Inner:
    own = frozenset({f"{service.addresses.v4}/32", f"{service.addresses.v6}/128"})
    listeners = tuple(
        Listener(port.protocol.value, "*", number, "program", 7)
        for port in service.ports
        for number in (port.ports.first,)
    )
    return Inner(True, (Link(2, INNER, "veth", None, 1500, True, own),), listeners)


def traces(
    way: Iterable[Station], of: Expected, direction: str = QUESTION, until: str | None = None, hook: str = "postrouting"
) -> dict[str, tuple[TraceLine, ...]]:
    """What watching shows of one direction, up to a host at which packets come no further than a hook."""
    found: dict[str, tuple[TraceLine, ...]] = {}
    for station in way:
        last = hook if station.host == until else station.hook
        found[station.host] = tuple(_lines(of, direction, station, last))
        if station.host == until:
            break
    return found


def _lines(of: Expected, direction: str, station: Station, last: str) -> Iterator[TraceLine]:
    flow = of.flow
    target = of.trace.forward.final
    asked = Header("in", "", str(flow.source), str(flow.target), 40001, flow.port, 0, NUMBERS[flow.protocol])
    reply = Header(
        "in", "", shown(flow.family, target.target), str(flow.source), target.dport, 40001, 0, NUMBERS[flow.protocol]
    )
    head = asked if direction == QUESTION else reply
    number = f"{direction}{station.host}"
    yield TraceLine(number, "inet", WATCH, "first_prerouting", "packet", header=head)
    for hook in ("prerouting", "forward", "postrouting") if station.hook == "postrouting" else ("prerouting", "input"):
        oif = station.oif if hook == "postrouting" else ""
        yield TraceLine(number, "inet", WATCH, f"last_{hook}", "packet", header=replace(head, oif=oif))
        if hook == last:
            return


def whole(of: Expected) -> dict[str, tuple[TraceLine, ...]]:
    """What watching shows of a connection that works."""
    topology = example(NAME)
    forth = traces(stations(topology, of.trace.forward), of)
    back = traces(stations(topology, of.trace.answer), of, "answer")
    return {name: (*forth.get(name, ()), *back.get(name, ())) for name in {**forth, **back}}


def scene(
    of: Expected,
    seen: Mapping[str, Seen] | None = None,
    outcome: str = "timeout",
    lines: Mapping[str, tuple[TraceLine, ...]] | None = None,
    echoes: Mapping[tuple[str, str], Mapping[int, bool]] | None = None,
    pings: Mapping[tuple[str, str], bool] | None = None,
) -> Scene:
    """A flow with evidence: of healthy hosts where no other is given, and of all that should be seen on the way."""
    topology = example(NAME)
    found = {**healthy(topology), **(seen or {})}
    passed, knocks = whole(of) if lines is None else lines, {of.flow.family: Knock(outcome)}
    evidence = Evidence(found, passed, knocks, echoes or {}, pings or {})
    return Scene.of(topology, of, evidence, _states())


def said(found: Verdict | None) -> str:
    """A verdict's code and words, without the flow."""
    assert found is not None
    return f"{found.code}: {found.sentence.partition(': ')[2]}"
