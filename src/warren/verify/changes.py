"""What a plan means for the network: who can now reach what, and who no longer can.

In: proofs of what the hosts hold and of what they should hold. Out: sentences, the Internet first. Never read from what
was declared: what somebody has changed by hand is said as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv6Address, summarize_address_range
from typing import TypeAlias

from warren.basis.address import BOGONS4, BOGONS6, Prefix
from warren.desired.model import HostState
from warren.prove.anew import prove_again
from warren.prove.diagrams import Span
from warren.prove.flows import Flow, flows
from warren.prove.header import NUMBERS
from warren.prove.interpret import Interpreter
from warren.prove.matrix import Proof, walked
from warren.prove.network import network
from warren.prove.outside import INTERNET, Outside
from warren.topology.model import Role, Topology
from warren.verify.apart import MANY, in_families
from warren.verify.nearby import Nearby, nearby

EVERY_PORT = (0, 65535)
# Services that the network had for itself, and has no more.
IMPLIED = re.compile(r"(dns|web)[0-9]+(-g[0-9]+|-out|-lan)?")
LAN = "lan:"
MOST_PREFIXES = 3
# More than these at once are what a firewall as a whole opens or closes.
MOST_PORTS = 20
OTHERS = "other ports"
# Addresses of a LAN that are nobody's way out: the host's own.
FEW = 4


@dataclass(frozen=True, slots=True, order=True)
class Reach:
    """`who` may connect to `what`, in words."""

    who: str
    what: str


States: TypeAlias = Mapping[str, HostState]


@dataclass(frozen=True, slots=True)
class Changed:
    """Flows and localhosts that come and go; `first` where no service stood before."""

    coming: tuple[Flow, ...]
    going: tuple[Flow, ...]
    now: frozenset[Nearby]
    then: frozenset[Nearby]
    first: bool


def changes(before: Proof, after: Proof, topology: Topology) -> tuple[str, ...]:
    """Each change of who reaches what, once, whatever hosts and families it takes."""
    return said(changed(before, after, topology), topology)


def between(before: States, after: States, outside: Outside, topology: Topology) -> tuple[str, ...]:
    """The same from states of hosts. Raises `ValueError` where a service stands on two."""
    interpreter = Interpreter.of(network(before, outside))

    def work(version: int) -> Changed:
        held = walked(interpreter, (version,))
        return changed(held, prove_again(held, before, after, outside), topology)

    found = in_families(work, len(topology.services) >= MANY)
    four, six = found[4], found[6]
    return said(replace(four, coming=(*four.coming, *six.coming), going=(*four.going, *six.going)), topology)


def changed(before: Proof, after: Proof, topology: Topology) -> Changed:
    """What two proofs differ in."""
    first = not any(name in before.network.nodes for name in topology.services)
    return Changed(*flows(before, after), nearby(after), nearby(before), first)


def said(found: Changed, topology: Topology) -> tuple[str, ...]:
    """In sentences."""
    coming, going, now, then = found.coming, found.going, found.now, found.then
    opened, closed = _reaches(coming, topology), _reaches(_without_doors(going, coming), topology)
    opened |= _beside(now - then, opened)
    closed |= _beside(then - now, closed)
    both = opened & closed
    return (
        *_sentences(opened - both, "can now reach", found.first, topology),
        *_sentences(closed - both, "can no longer reach", False, topology),
    )


def _beside(found: Iterable[Nearby], told: set[Reach]) -> set[Reach]:
    """What is found at a localhost, where it is not told anyway that the place is reached."""
    return {Reach(each.who, each.words) for each in found if Reach(each.who, each.what) not in told}


def _without_doors(found: Iterable[Flow], others: Iterable[Flow]) -> Iterator[Flow]:
    """Not the ports of a host itself behind which a service stands now."""
    given = [flow for flow in others if flow.door]
    doors = {(flow.source, flow.door, flow.protocol, flow.ports) for flow in given}
    # What is there for anybody outside is there for places inside, too.
    public = {_door(flow, flow.door) for flow in given if flow.source == INTERNET and not flow.sources}
    for flow in found:
        if (flow.source, *_door(flow, flow.place)) not in doors and _door(flow, flow.place) not in public:
            yield flow


def _door(flow: Flow, host: str | None) -> tuple[object, ...]:
    return host, flow.protocol, flow.ports


def _sentences(found: set[Reach], verb: str, first: bool, topology: Topology) -> Iterator[str]:
    """In words; where nothing stood before, only what comes from outside, and how much there is beside it."""
    told = [each for each in sorted(found, key=_order) if not first or each.who not in topology.services]
    yield from (f"{each.who} {verb} {each.what}" for each in told)
    if rest := len(found) - len(told):
        yield f"services can now reach what they need, in {rest} way{'s' if rest > 1 else ''}"


def _order(each: Reach) -> tuple[bool, Reach]:
    return each.who != "Internet", each


def _reaches(found: Iterable[Flow], topology: Topology) -> set[Reach]:
    given = _merged(flow for flow in found if _is_told(flow, topology))
    anybody = {(flow.place, flow.door, flow.protocol, flow.ports) for flow in given if flow.source == INTERNET}
    worldwide = {(flow.source, flow.exit) for flow in given if flow.exit and not flow.targets}
    made: dict[Reach, set[int]] = {}
    for flow in given:
        # What is there for everybody is there for them, too; and with a way out come the doors of the gateway.
        is_common = flow.source != INTERNET and (flow.place, flow.door, flow.protocol, flow.ports) in anybody
        if not flow.door or not (is_common or (flow.source, flow.door) in worldwide):
            for reach in _words(flow, topology):
                is_inner = flow.place and not flow.door and _is_inside(flow.source)
                made.setdefault(reach, set()).update((flow.version,) if is_inner else (4, 6))
    return {_by_family(reach, versions) for reach, versions in made.items()}


def _by_family(reach: Reach, versions: set[int]) -> Reach:
    """Inside, every place has both families: one alone is worth saying."""
    return reach if len(versions) > 1 else Reach(reach.who, f"{reach.what} (IPv{min(versions)} only)")


def _is_inside(source: str) -> bool:
    return source != INTERNET and not source.startswith(LAN)


def _is_told(flow: Flow, topology: Topology) -> bool:
    """Not told: what a host may do anyway, what only passes by, and the services that the network has for itself."""
    if any(_is_implied(name, topology) for name in (flow.source, flow.place)):
        return False
    if flow.source in topology.hosts:
        return bool(flow.place) and not flow.door and not _is_own(flow, topology) and not _is_exposed(flow, topology)
    if not _is_inside(flow.source) and (flow.exit or _is_nobody(flow)):
        return False
    return flow.source != flow.place


def _is_nobody(flow: Flow) -> bool:
    """Senders with addresses that nobody in the Internet has."""
    bogons = [_span(each) for each in (BOGONS4 if flow.version == 4 else BOGONS6)]
    hidden = (any(a <= first and last <= b for a, b in bogons) for first, last in flow.sources)
    return flow.source == INTERNET and bool(flow.sources) and all(hidden)


def _is_own(flow: Flow, topology: Topology) -> bool:
    service = topology.services.get(flow.place or "")
    return flow.place in topology.hosts or service is None or service.host == flow.source


def _is_exposed(flow: Flow, topology: Topology) -> bool:
    """What a gateway passes on it may ask for itself as well."""
    return any(each.at == flow.source and each.service == flow.place for each in topology.exposures)


def _is_implied(name: str | None, topology: Topology) -> bool:
    service = topology.services.get(name or "")
    return service.role is not Role.DECLARED if service else bool(IMPLIED.fullmatch(name or ""))


def _merged(found: Iterable[Flow]) -> list[Flow]:
    """What comes from, or leaves for, several spans of addresses is one flow."""
    made: dict[Flow, tuple[tuple[Span, ...], tuple[Span, ...]]] = {}
    for flow in found:
        key = replace(flow, sources=flow.sources and ((0, 0),), targets=flow.targets and ((0, 0),))
        sources, targets = made.get(key, ((), ()))
        made[key] = ((*sources, *flow.sources), (*targets, *flow.targets))
    return [
        replace(flow, sources=tuple(dict.fromkeys(sources)), targets=tuple(dict.fromkeys(targets)))
        for flow, (sources, targets) in made.items()
    ]


def _words(flow: Flow, topology: Topology) -> Iterator[Reach]:
    for who in _who(flow, topology):
        for ports in _ports(flow):
            yield Reach(who, _what(flow, ports, topology))


def _who(flow: Flow, topology: Topology) -> Iterator[str]:
    if flow.sources:
        prefixes = [
            each for exposure in topology.exposures for each in exposure.sources if each.version == flow.version
        ]
        known = {_span(each): str(each) for each in prefixes}
        yield from _named(flow.sources, known) or _prefixes(flow.version, flow.sources)
    elif flow.source == INTERNET:
        yield "Internet"
    elif flow.source.startswith(LAN):
        host, _, lan = flow.source.removeprefix(LAN).partition("/")
        yield f"the LAN {lan} of {host}" if lan else f"the LAN of {host}"
    else:
        yield flow.source


def _ports(flow: Flow) -> Iterator[str]:
    """`80/tcp`; empty for everything. Protocols without ports are not told."""
    if flow.ports == EVERY_PORT and flow.protocol == (0, 255):
        yield ""
        return
    for name in ("tcp", "udp"):
        if flow.protocol[0] <= NUMBERS[name] <= flow.protocol[1]:
            yield f"{'-'.join(dict.fromkeys(map(str, flow.ports)))}/{name}"


def _what(flow: Flow, ports: str, topology: Topology) -> str:
    if flow.exit:
        return _beyond(flow, ports, topology)
    place = flow.place or "an address that nobody has"
    if ports and not _is_usual(flow, topology):
        ports = OTHERS
    if place in topology.hosts and not _is_inside(flow.source):
        return f"{ports or 'every port'} of {place} itself"
    at = f" at {flow.door}" if flow.door and not flow.source.startswith(LAN) else ""
    return f"{place}:{ports}{at}" if ports and ports != OTHERS else f"{ports or 'every port'} of {place}{at}"


def _is_usual(flow: Flow, topology: Topology) -> bool:
    """Few ports, or a range that somebody declares: more at once is what opens or closes beside such."""
    service = topology.services.get(flow.place or "")
    declared = [port.ports for port in service.ports] if service else []
    declared += [exposure.ports for exposure in topology.exposures]
    first, last = flow.ports
    return last - first < MOST_PORTS or any((each.first, each.last) == flow.ports for each in declared)


def _beyond(flow: Flow, ports: str, topology: Topology) -> str:
    if flow.targets:
        said = ", ".join(_lans(flow, topology) or _prefixes(flow.version, flow.targets))
        return f"{said} at {ports}" if ports else said
    service = topology.services.get(flow.source)
    way = "directly" if service and service.host == flow.exit else f"by {flow.exit}"
    return f"the Internet {way} at {ports}" if ports else f"the Internet {way}"


def _lans(flow: Flow, topology: Topology) -> list[str]:
    """The LANs that the targets are; none where they are something else."""
    known = {
        _span(prefix): f"the LAN of {flow.exit}" if lan.name == "lan" else f"the LAN {lan.name} of {flow.exit}"
        for lan in topology.hosts[flow.exit or ""].lans
        for prefix in lan.prefixes
    }
    return _named(flow.targets, known)


def _named(spans: tuple[Span, ...], known: Mapping[Span, str]) -> list[str]:
    """The names of spans that are known ones, but for a host's own addresses in them."""
    found: dict[Span, int] = {}
    for first, last in spans:
        within = next((span for span in known if span[0] <= first and last <= span[1]), None)
        if within is None:
            return []
        found[within] = found.get(within, within[1] - within[0] + 1) - (last - first + 1)
    return [known[span] for span in found] if all(missing <= FEW for missing in found.values()) else []


def _span(prefix: Prefix) -> Span:
    return int(prefix.network_address), int(prefix.broadcast_address)


def _prefixes(version: int, spans: tuple[Span, ...]) -> list[str]:
    """A span as prefixes, where it is made of few."""
    kind = IPv4Address if version == 4 else IPv6Address
    found: list[str] = []
    for first, last in spans:
        nets = [str(each) for each in summarize_address_range(kind(first), kind(last))]
        found.extend(nets if len(nets) <= MOST_PREFIXES else [f"{kind(first)}-{kind(last)}"])
    return [each.removesuffix("/32").removesuffix("/128") for each in found]
