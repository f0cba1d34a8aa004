"""Real gateways scanned: what is too much, too little, or not told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from tests.unit.verify.test_afield import Standing
from tests.unit.verify.test_front import FOUR, TCP, TEXT, UDP, at
from warren.formats.sockets import Listener
from warren.probe.ask import Outcome, Probe
from warren.probe.lookout import UNSENT
from warren.topology.model import Host
from warren.verify.declared import INTERNET
from warren.verify.edge import Edge
from warren.verify.flow import OUTSIDE, Flow
from warren.verify.front import front
from warren.verify.strangers import edge, shown, strangers
from warren.verify.verdict import Verdict

THERE = at()
VPS = THERE.topology.hosts["vps"]
FRONT = front(THERE, INTERNET, VPS, FOUR)


@dataclass(slots=True)
class Eyes:
    """Answers as `says` says."""

    says: Callable[[Probe], Outcome]
    blind: dict[str, str] = field(default_factory=dict)
    sent: list[Probe] = field(default_factory=list)

    def ask(self, ground: object, probes: list[Probe], after: float = 0.0, window: int = 1) -> list[Outcome]:
        """See `Lookout.ask`."""
        self.sent += probes
        return [self.says(each) for each in probes]


# The gateway's own.
LISTENING = {"vps": {"": (Listener("tcp", "0.0.0.0", 25), Listener("udp", "127.0.0.1", 323))}}


def right(probe: Probe) -> Outcome:
    """A network as it should be."""
    if probe.protocol == "tcp":
        return Outcome(connected=True) if probe.port in FRONT.must[TCP] else Outcome(error="timeout")
    there = ("vps",) if probe.port in FRONT.must[UDP] else ()
    return Outcome(error="timeout", came=("vps",), own=there if probe.port == 51820 else (), through=there)


def looked(eyes: Eyes, host: Host = VPS, verdicts: tuple[Verdict, ...] = ()) -> list[Edge]:
    """The edges as they are found."""
    there = replace(THERE, topology=replace(THERE.topology, hosts={**THERE.topology.hosts, "vps": host}))
    return list(strangers(there, Standing(there.topology), eyes, verdicts, LISTENING))  # type: ignore[arg-type]


def test_equality_from_every_place() -> None:
    found = looked(Eyes(right))
    assert [(e.place, e.equal, e.untold) for e in found] == [(INTERNET, True, ()), ("home", True, ())]
    assert (found[0].tcp, found[0].udp[-1], found[0].asked) == ((22, 7102, 8080), 51820, len(FRONT.asked[TCP]))


def test_a_port_too_many_and_one_too_few() -> None:
    def wrong(probe: Probe) -> Outcome:
        if probe.port in (2375, 161) and probe.place == INTERNET:
            return Outcome(connected=probe.protocol == "tcp", through=() if probe.protocol == "tcp" else ("home",))
        return Outcome(error="timeout") if probe.port == 8080 else right(probe)

    eyes = Eyes(wrong)
    found, other = looked(eyes)
    assert (found.strange, found.missing, other.strange) == ((161, 2375), (8080,), ())
    # What should be open is asked twice.
    assert [one.port for one in eyes.sent].count(8080) == 4


def test_what_was_found_open_is_not_asked_again() -> None:
    flow = Flow(INTERNET, "web", FOUR, 8080, TCP, True, OUTSIDE, "web", 80, real=True)
    eyes = Eyes(right)
    found = looked(eyes, verdicts=(Verdict(flow, Outcome(connected=True)),))
    assert found[0].equal and not [p for p in eyes.sent if (p.place, p.port, p.protocol) == (INTERNET, 8080, "tcp")]


def test_where_nothing_comes_through_nothing_is_told() -> None:
    found = looked(Eyes(lambda _: Outcome(error="timeout")))
    assert {(e.equal, e.untold) for e in found} == {(True, ("tcp", "udp"))}
    only_tcp = looked(Eyes(lambda one: right(one) if one.protocol == "tcp" else Outcome(error="timeout")))
    assert {(e.equal, e.untold) for e in only_tcp} == {(True, ("udp",))}


def test_where_a_watch_ends_on_the_way_datagrams_are_not_told() -> None:
    eyes = Eyes(lambda one: Outcome(error=UNSENT) if one.protocol == "udp" and one.port > 500 else right(one))
    assert {(e.untold, e.missing, e.strange) for e in looked(eyes)} == {(("udp",), (), ())}


def test_a_host_that_cannot_watch_gets_no_datagrams() -> None:
    eyes = Eyes(right, {"home": "its nft is old"})
    assert {e.untold for e in looked(eyes)} == {("udp",)} and {p.protocol for p in eyes.sent} == {"tcp"}


def test_a_host_without_a_guard_shows_its_own_programs() -> None:
    def bare(probe: Probe) -> Outcome:
        if probe.protocol == "tcp" and probe.port in (25, 111):
            return Outcome(connected=True)
        if probe.protocol == "udp" and not right(probe).through:
            return Outcome(error="timeout", came=("vps",), own=("vps",))
        return right(probe)

    found = looked(Eyes(bare), replace(VPS, guard=None))[0]
    # 25 listens on the host itself; nothing there listens at 111, so somebody else leads there.
    assert (found.own, found.strange, found.missing) == ((25,), (111,), ())
    assert looked(Eyes(bare))[0].strange[:3] == (7, 9, 17)


def test_every_port_is_asked_in_parts_and_ranges_are_counted_whole() -> None:
    eyes = Eyes(right)
    found = list(strangers(THERE, Standing(THERE.topology), eyes, (), {}, every_port=True))  # type: ignore[arg-type]
    assert found[0].equal and found[0].asked == 65535 and set(range(9000, 9010)) <= set(found[0].udp)
    assert sum(one.place == INTERNET for one in eyes.sent) >= 2 * 65535 and "9000-9009/udp" in TEXT


def test_what_may_be_open_is_expected_only_where_it_is() -> None:
    found = shown(FRONT, {(INTERNET, FOUR, TCP, 7101): Outcome(connected=True)}, ())
    assert edge(FRONT, found, {}).expected_tcp == (22, 7101, 7102, 8080)
