"""What happened at a hop, in words.

In: hops of a proof. Out: the same in plain sentences, with the line of the file. Never changes what was decided.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from warren.desired.parts import marks
from warren.explain.model import QUESTION, Hop, Kind
from warren.explain.origin import Origin, sets
from warren.prove.trace import Disposition, Way
from warren.prove.trace import Hop as Step
from warren.topology.model import Topology

DECIDED = re.compile(r"(?P<verdict>\w+) by (?P<at>.*?)(?:, mark (?P<mark>0x[0-9a-f]+))?$")
DEVICE = re.compile(r"\bdev (\S+)")
VIA = re.compile(r"\bvia (\S+)")
TARGETS = re.compile(r"\b(?:dnat (?:ip6? )?to|redirect)\b")
# What it means that a packet was found in a set.
ALLOWED = {
    "permit": "a need allows it", "permit_range": "a need allows it", "reach": "a need allows it",
    "visited": "whoever may leave the network may visit its names",
    "exposed": "it is exposed", "exposed_range": "it is exposed",
    "arrive": "it came through the tunnel of an exposure", "arrive_range": "it came through the tunnel of an exposure",
    "leaves_here": "the service may leave here", "leaves_through": "the service may leave through this tunnel",
    "pins": "it goes on with its own address", "allowed": "the host's firewall allows the port",
}  # fmt: skip
DENIED = {
    "services": "nothing in the file allows it", "metadata": "addresses of clouds' metadata are never reached",
    "pins": "the source is not the service's own", "tunnel_pins": "the source may not come through this tunnel",
    "special": "no Internet host has this address", "bogons": "no Internet host has this source",
    "outgoing": "a service without a way out has none to what is exposed either", "dialled": "the source is forged",
    "guarded": "it is exposed to other sources only",
}  # fmt: skip
# What it means that a packet was one too many, by the beginning of the set that counted it.
REACHED = {
    "limited_": "the rate limit is reached", "pace_": "the service opens connections too fast",
    "open_": "the service has too many connections open", "towards": "the service has too many of them to this server",
}  # fmt: skip
# Answers are allowed by the sets that their questions were.
CHAINS = {"guard": "the host's firewall does not let it in", "refuse": "nothing in the file allows it"}


def hops(topology: Topology, origin: Origin, way: Way, direction: str = QUESTION) -> tuple[Hop, ...]:
    """The hops of one way; the last carries how it ended."""
    names = {gateway_mark: name for name, gateway_mark in _marks(topology)}
    made = [_hop(topology, origin, each, direction, names) for each in _told(way.hops)]
    if not made:
        host = host_of(topology, way.node)
        made = [Hop(host, way.node, Kind.ROUTE, way.disposition.value, direction)]
    last = made[-1]
    ended = _with(last, way.disposition.name if way.disposition is not Disposition.DENIED else "DENIED_BY")
    return (*made[:-1], ended)


def host_of(topology: Topology, node: str) -> str:
    """The machine that a place is on."""
    service = topology.services.get(node)
    return service.host if service else node


def _marks(topology: Topology) -> Iterator[tuple[str, int]]:
    for gateway in topology.gateways:
        yield gateway.name, marks.gateway_mark(gateway)


def _told(given: Iterable[Step]) -> Iterator[Step]:
    """Without what only says that the way is its own end: `route: local` before `arrive`."""
    for hop in given:
        if (hop.stage, hop.what) != ("route", "local"):
            yield hop


def _hop(topology: Topology, origin: Origin, hop: Step, direction: str, names: dict[int, str]) -> Hop:
    host = host_of(topology, hop.node)
    match hop.stage:
        case "route":
            return _route(origin, hop, host, direction)
        case "tunnel":
            return _tunnel(origin, hop, host, direction)
        case "leave":
            return Hop(host, hop.node, Kind.LEAVE, hop.what, direction, file_line=origin.host(host))
        case "arrive":
            line = origin.listener(hop.node, origin.flow.inner_port)
            return Hop(host, hop.node, Kind.ARRIVE, f"arrives at {hop.node}", direction, file_line=line)
    if hop.what.startswith("translated"):
        return _translation(origin, hop, host, direction)
    return _rule(origin, hop, host, direction, names)


def _route(origin: Origin, hop: Step, host: str, direction: str) -> Hop:
    device = DEVICE.search(hop.what)
    via = VIA.search(hop.what)
    if device:
        words = f"goes out by {device[1]}{f' to {via[1]}' if via else ''}"
    elif "unreachable" in hop.what or "blackhole" in hop.what:
        words = "no way out is declared for it"
    else:
        words = f"no route: {hop.what}"
    return Hop(host, hop.node, Kind.ROUTE, words, direction, hop.what, origin.route(hop.node, hop.what))


def _tunnel(origin: Origin, hop: Step, host: str, direction: str) -> Hop:
    found = re.match(r"by (\S+) to (\S+)", hop.what)
    if not found:
        return Hop(host, hop.node, Kind.TUNNEL, f"WireGuard drops it: {hop.what}", direction, hop.what)
    line = origin.tunnel(found[1], host, found[2])
    return Hop(host, hop.node, Kind.TUNNEL, f"goes through the tunnel {found[1]} to {found[2]}", direction, None, line)


def _translation(origin: Origin, hop: Step, host: str, direction: str) -> Hop:
    line = origin.of_rule(host, hop.rule) if hop.rule else origin.exposure or origin.egress
    rule = hop.rule or ""
    ends = str(hop.packet).partition(" ")[2].split(" -> ")
    if TARGETS.search(rule):
        words = f"the target becomes {ends[-1]}"
    elif rule:
        words = f"the source becomes {ends[0]}"
    else:
        words = f"translated as before: {ends[0]} -> {ends[-1]}"
    return Hop(host, hop.node, Kind.TRANSLATION, words, direction, hop.rule, line)


def _rule(origin: Origin, hop: Step, host: str, direction: str, names: dict[int, str]) -> Hop:
    found = DECIDED.match(hop.what)
    assert found is not None, hop.what
    if found["verdict"] == "drop":
        words = _denied(hop, found["at"])
        line = origin.of_rule(host, hop.rule)
        return Hop(host, hop.node, Kind.RULE, words, direction, _said(hop, found["at"]), line)
    if hop.stage == "prerouting" and not found["mark"]:
        marked = (hop.rule or "").startswith("meta mark")
        words = "goes on, as it is marked" if marked else "is left to the host's own rules"
        return Hop(host, hop.node, Kind.RULE, words, direction, _said(hop, found["at"]))
    if found["mark"]:
        mark = int(found["mark"], 16)
        return Hop(
            host, hop.node, Kind.MARK, _marked(mark, names), direction, _said(hop, found["at"]), origin.host(host)
        )
    words = next((ALLOWED[name] for name in sets(hop.rule) if name in ALLOWED), "a rule lets it pass")
    return Hop(host, hop.node, Kind.RULE, words, direction, _said(hop, found["at"]), origin.of_rule(host, hop.rule))


def _said(hop: Step, at: str) -> str:
    return f"{at}: {hop.rule}" if hop.rule else at


def _denied(hop: Step, at: str) -> str:
    chain = at.rpartition(" ")[2].partition("[")[0]
    named = next((DENIED[name] for name in sets(hop.rule) if name in DENIED), None)
    why = hop.comment or reached(hop.rule) or named or CHAINS.get(chain)
    return f"dropped: {why}" if why else "dropped by a rule"


def reached(rule: str | None) -> str | None:
    """Which limit a rule found to be reached."""
    counted = (words for name in sets(rule) for start, words in REACHED.items() if name.startswith(start))
    return next(counted, None)


def _marked(mark: int, names: dict[int, str]) -> str:
    way = mark & marks.MASK
    if way in names:
        return f"marked for the tunnels of {names[way]}"
    if way == marks.INTERNAL:
        return "marked as the network's own"
    if way == marks.DIRECT:
        return "marked to leave by the host's own routes"
    return "its connection is remembered by the way that it came"


def _with(hop: Hop, disposition: str) -> Hop:
    return replace(hop, disposition=disposition)
