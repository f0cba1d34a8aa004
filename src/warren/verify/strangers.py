"""Real gateways scanned from places outside, and compared with what should be open there.

In: fronts, real hosts as the ground, those that watch, and what was tried before. Out: edges. Never asks again for what
has just been found open, nor calls a port closed from where nothing comes through at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from warren.basis.address import Protocol
from warren.probe.ask import Outcome, Probe
from warren.probe.ground import Ground
from warren.probe.lookout import UNSENT, Lookout
from warren.topology.model import Address
from warren.verify.datagrams import Listening
from warren.verify.edge import Edge
from warren.verify.front import Front, fronts
from warren.verify.verdict import Verdict
from warren.verify.world import World

WAIT, LONGER = 1.0, 3.0
# So many questions for all ports are on their way at a time: some 1,400 a second, which cheap routers bear.
SOON, AT_ONCE, PART = 0.7, 1000, 16384

Asked = tuple[Front, Protocol, int]
Name = tuple[str, Address, Protocol, int]


@dataclass(frozen=True, slots=True)
class Shown:
    """What one front shows: ports that are open, of them those of the host itself, and of which protocols nothing came
    through."""

    open: Mapping[Protocol, frozenset[int]]
    own: frozenset[int]
    untold: tuple[Protocol, ...]


def strangers(
    at: World,
    ground: Ground,
    eyes: Lookout,
    verdicts: Iterable[Verdict],
    listening: Listening,
    every_port: bool = False,
) -> tuple[Edge, ...]:
    """Every public address from every place, at most eight of them; all ports from one of them if that is wanted."""
    known = {(v.flow.source, v.flow.address, v.flow.protocol, v.flow.port) for v in verdicts if v.open}
    looked = tuple(fronts(at, ground.namespaces(), every_port))
    protocols = [Protocol.TCP] if eyes.blind else list(Protocol)
    asked = [
        (each, protocol, port)
        for each in looked
        for protocol in protocols
        for port in sorted(each.asked[protocol])
        if _name(each, protocol, port) not in known
    ]
    outcomes = dict(zip((_name(*one) for one in asked), _ask(ground, eyes, asked), strict=True))
    return tuple(edge(each, shown(each, outcomes, known), listening) for each in looked)


def shown(front: Front, outcomes: Mapping[Name, Outcome], known: Iterable[Name]) -> Shown:
    """What became of the questions to one front; `known` were found open before."""
    before = frozenset(known)
    opened: dict[Protocol, frozenset[int]] = {}
    own: set[int] = set()
    reached = set()
    for protocol in Protocol:
        named = {port: _name(front, protocol, port) for port in front.asked[protocol]}
        found = {port: outcomes[name] for port, name in named.items() if name in outcomes}
        own.update(port for port, one in found.items() if front.host.name in one.own)
        passed = {port for port, one in found.items() if one.arrived}
        opened[protocol] = frozenset(passed | {port for port, name in named.items() if name in before})
        if any(one.error == UNSENT for one in found.values()):
            continue
        if opened[protocol] or any(_is_reached(front, one) for one in found.values()):
            reached.add(protocol)
    # A silent host is what is declared where nothing is: that the way is there, datagrams say as well.
    untold = tuple(p for p in Protocol if p not in reached and (p is Protocol.UDP or not reached))
    return Shown(opened, frozenset(own), untold)


def edge(front: Front, seen: Shown, listening: Listening) -> Edge:
    """Both sets of ports of one front."""
    opened = dict(seen.open)
    own: frozenset[int] = frozenset()
    if front.host.guard is None:
        opened, own = _without_own(front, seen, listening)
    must = {p: front.must[p] & front.asked[p] if p not in seen.untold else frozenset() for p in Protocol}
    expected = {p: tuple(sorted(must[p] | front.may[p] & opened[p])) for p in Protocol}
    return Edge(
        front.host.name,
        front.address,
        tuple(sorted(opened[Protocol.TCP])),
        tuple(sorted(opened[Protocol.UDP])),
        expected[Protocol.TCP],
        expected[Protocol.UDP],
        (),
        place=front.place,
        asked=max(map(len, front.asked.values())),
        own=tuple(sorted(own)),
        untold=tuple(protocol.value for protocol in seen.untold),
    )


def _without_own(
    front: Front, seen: Shown, listening: Listening
) -> tuple[dict[Protocol, frozenset[int]], frozenset[int]]:
    """A host without a guard lets in whatever is for itself: there its own programs are nobody's mistake."""
    opened: dict[Protocol, frozenset[int]] = {}
    own: frozenset[int] = frozenset()
    for protocol, ports in seen.open.items():
        beyond = ports - front.must[protocol] - front.may[protocol]
        heard = _heard(front, protocol, listening)
        mine = beyond & heard if protocol is Protocol.TCP else beyond & seen.own
        opened[protocol] = ports - mine
        own |= mine & heard
    return opened, own


def _heard(front: Front, protocol: Protocol, listening: Listening) -> frozenset[int]:
    """The ports at which the gateway itself listens at this address."""
    held = listening.get(front.host.name, {}).get("", ())
    version, address = front.address.version, str(front.address)
    return frozenset(one.port for one in held if one.protocol == protocol.value and one.answers(version, address))


def _is_reached(front: Front, outcome: Outcome) -> bool:
    return outcome.error in ("refused", "reset") or front.host.name in outcome.came


def _ask(ground: Ground, eyes: Lookout, asked: Sequence[Asked]) -> list[Outcome]:
    """All at once, all ports in parts; then again what should have answered."""
    wait, window = (SOON, AT_ONCE) if len(asked) > PART else (WAIT, 2 * AT_ONCE)
    outcomes: list[Outcome] = []
    for begin in range(0, len(asked), PART):
        part = [_probe(one, wait) for one in asked[begin : begin + PART]]
        outcomes += eyes.ask(ground, part, 0.0, window)
    again = [n for n, (front, p, port) in enumerate(asked) if port in front.must[p] and not outcomes[n].arrived]
    later = eyes.ask(ground, [_probe(asked[n], LONGER) for n in again]) if again else []
    for number, outcome in zip(again, later, strict=True):
        outcomes[number] = outcome
    return outcomes


def _probe(asked: Asked, wait: float) -> Probe:
    front, protocol, port = asked
    return Probe(front.place, front.address, port, protocol.value, wait)


def _name(front: Front, protocol: Protocol, port: int) -> Name:
    return front.place, front.address, protocol, port
