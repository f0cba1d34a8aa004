"""What is asked of live hosts about a question.

In: the expected ways of its flows. Out: an inquiry: routes, doors, packets to watch, tunnels to try. Never asks more
hosts than are on the way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from warren.evidence.ask import Door, Filter, HostQuestion, RouteQuestion
from warren.evidence.gather import Approach, Crossing, Inquiry
from warren.explain.static import Expected
from warren.explain.words import host_of
from warren.prove.header import shown
from warren.prove.trace import Way
from warren.topology.model import Topology, Tunnel


def inquiry(topology: Topology, expected: Iterable[Expected]) -> Inquiry:
    """Everything that is asked at once."""
    given = tuple(expected)
    routes: dict[str, list[RouteQuestion]] = {name: [] for name in on_the_way(topology, given)}
    for each in given:
        for host, asked in _routes(topology, each):
            routes[host].append(asked)
    tunnels = used(topology, given)
    for tunnel in tunnels:
        if tunnel.dialer in routes:
            routes[tunnel.dialer].append(RouteQuestion(endpoint_key(tunnel.gateway), str(tunnel.endpoint)))
    addresses = tuple(dict.fromkeys(address for each in given for address in _addresses(each)))
    services = _services(topology, given)
    meant = dict.fromkeys(_meant(each) for each in given if _meant(each) in topology.services)
    hosts = {
        name: HostQuestion(
            tuple(asked),
            tuple(each for each in services if topology.services[each].host == name),
            tuple(_names(topology, given, name)),
            addresses,
            tuple(topology.services[each] for each in meant if topology.services[each].host == name),
        )
        for name, asked in routes.items()
    }
    doors = tuple(_doors(topology, given))
    crossings = {(each.near, each.far): each for each in (*_back(topology, tunnels), *_crossings(topology, given))}
    approaches = tuple(Approach(each.dialer, each.gateway, str(each.endpoint)) for each in tunnels)
    return Inquiry(hosts, doors, _packets(given, addresses, tunnels), tuple(crossings.values()), approaches)


def on_the_way(topology: Topology, expected: Iterable[Expected]) -> tuple[str, ...]:
    """The hosts that packets should come to, and the host of whom is meant, in the order of the way."""
    found: dict[str, None] = {}
    for each in expected:
        for node in (*each.nodes, each.flow.name):
            host = host_of(topology, node)
            if host in topology.hosts:
                found.setdefault(host)
    return tuple(found)


def used(topology: Topology, expected: Iterable[Expected]) -> tuple[Tunnel, ...]:
    """The tunnels that packets go through."""
    ends: set[frozenset[str]] = set()
    for each in expected:
        for hop in each.trace.hops:
            words = hop.what.split()
            if hop.stage == "tunnel" and words[:1] == ["by"]:
                ends.add(frozenset((hop.node, words[-1])))
    return tuple(each for each in topology.tunnels if frozenset((each.dialer, each.gateway)) in ends)


def endpoint_key(gateway: str) -> str:
    """The name of the question for the way to a gateway's door."""
    return f"endpoint.{gateway}"


def route_key(family: int, direction: str, number: int) -> str:
    """The name of a question for a route."""
    return f"{family}.{direction}.{number}"


def _routes(topology: Topology, expected: Expected) -> Iterator[tuple[str, RouteQuestion]]:
    ways = (("question", expected.trace.forward), ("answer", expected.trace.answer))
    for direction, way in ways:
        if way is not None:
            yield from _of_way(topology, expected, way, direction)


def _of_way(topology: Topology, expected: Expected, way: Way, direction: str) -> Iterator[tuple[str, RouteQuestion]]:
    flow = expected.flow
    # Who comes from outside comes by the link that has the address that is asked.
    iif = f"@{flow.target}" if direction == "question" and flow.by else None
    node = way.hops[0].node if way.hops else ""
    for number, hop in enumerate(way.hops):
        if hop.node != node:
            iif = _entered(topology, node, hop.node, iif)
            node = hop.node
        if hop.stage == "tunnel" and hop.what.startswith("by "):
            iif = hop.what.split()[1]
        if hop.stage == "route":
            version = hop.packet.version
            source, target = shown(version, hop.packet.source), shown(version, hop.packet.target)
            inside = hop.node if hop.node in topology.services else None
            key = route_key(flow.family, direction, number)
            own = iif is None or inside is not None
            asked = RouteQuestion(
                key, target, None if own else source, None if own else iif, 0 if inside else hop.packet.mark, inside
            )
            yield host_of(topology, hop.node), asked


def _entered(topology: Topology, before: str, node: str, iif: str | None) -> str | None:
    """The device by which a packet comes from one place to the next."""
    if before in topology.services and node in topology.hosts:
        return topology.services[before].veth
    return iif


def _addresses(expected: Expected) -> Iterator[str]:
    """The ends that packets of a flow have anywhere on their way, on the side of whom is asked."""
    yield str(expected.flow.target)
    for hop in expected.trace.forward.hops:
        yield shown(hop.packet.version, hop.packet.target)


def _services(topology: Topology, expected: Iterable[Expected]) -> dict[str, None]:
    places = [name for each in expected for name in (each.flow.place, *each.nodes, each.flow.name)]
    return dict.fromkeys(name for name in places if name in topology.services)


def _meant(expected: Expected) -> str:
    """The place that is meant in the end."""
    flow = expected.flow
    return flow.exposure.service if flow.exposure else flow.name


def _names(topology: Topology, expected: Iterable[Expected], host: str) -> Iterator[tuple[str, str]]:
    """By which names the asking service knows the other."""
    for each in expected:
        source, target = topology.services.get(each.flow.place), topology.services.get(each.flow.name)
        if source and target and source.host == host and each.flow.need is not None:
            yield source.name, target.name
            return


def _packets(expected: tuple[Expected, ...], addresses: tuple[str, ...], tunnels: Iterable[Tunnel]) -> Filter | None:
    if not expected:
        return None
    ports = tuple(sorted({port for each in expected for port in (each.flow.port, each.flow.inner_port)}))
    return Filter(expected[0].flow.protocol, ports, addresses, tuple(sorted({t.port for t in tunnels})))


def _doors(topology: Topology, expected: Iterable[Expected]) -> Iterator[Door]:
    for each in expected:
        flow = each.flow
        inside = flow.place if flow.place in topology.services else None
        yield Door(flow.family, str(flow.target), flow.port, flow.protocol, inside)


def _crossings(topology: Topology, expected: Iterable[Expected]) -> Iterator[Crossing]:
    for each in expected:
        for hop in each.trace.forward.hops:
            words = hop.what.split()
            if hop.stage == "tunnel" and words[:1] == ["by"] and words[-1] in topology.hosts:
                near, far = hop.node, topology.hosts[words[-1]]
                mtu = min(topology.hosts[near].mtu, far.mtu)
                yield Crossing(near, far.name, str(far.addresses.v4), mtu)


def _back(topology: Topology, tunnels: Iterable[Tunnel]) -> Iterator[Crossing]:
    """Both ends of every tunnel say something: whoever is silent cannot be told from whoever is not heard."""
    for tunnel in tunnels:
        for near, far in ((tunnel.dialer, tunnel.gateway), (tunnel.gateway, tunnel.dialer)):
            yield Crossing(near, far, str(topology.hosts[far].addresses.v4))
