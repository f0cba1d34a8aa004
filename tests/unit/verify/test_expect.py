"""The `expect:` lines."""

from __future__ import annotations

from dataclasses import replace

from tests.grounds import AROUND
from tests.topologies import two_hosts
from warren.basis.address import Ports, Protocol
from warren.probe.ask import Outcome
from warren.topology.model import Expectation, Port
from warren.verify.declared import declared
from warren.verify.expect import judge, wanted
from warren.verify.flow import Flow
from warren.verify.verdict import Verdict
from warren.verify.world import world

TWO = two_hosts()
AT = world(TWO, AROUND)
PLAY = Port("play", Protocol.UDP, Ports(12345, 12345))
SQL = Port("sql", Protocol.TCP, Ports(5432, 5432))


def expectation(source: str, target: str, port: Port, is_open: bool) -> Expectation:
    return Expectation("as written", (source,), ((target, port),), is_open)


def obedient(flow: Flow) -> Verdict:
    answer = Outcome(flow.answer, flow.reached, str(flow.own[0]) if flow.own else None, None, True)
    return Verdict(flow, answer if flow.open else Outcome(error="timeout"))


ALL = tuple(obedient(f) for f in declared(TWO, AROUND))


def against(wish: Expectation, verdicts: tuple[Verdict, ...] = ALL) -> tuple[str, ...]:
    (held,) = judge(AT, [wish], verdicts)
    assert held.held == (not held.against)
    return held.against


def test_lines_that_hold() -> None:
    assert against(expectation("internet", "game", PLAY, True)) == ()
    assert against(expectation("game", "db", SQL, False)) == ()
    assert against(expectation("cloud", "db", SQL, True)) == ()


def test_a_line_that_the_file_itself_denies() -> None:
    assert against(expectation("game", "db", SQL, True)) == ("from game port 5432 of db answers at no address",)
    assert against(expectation("cloud", "db", SQL, False)) == (
        "from cloud port 5432/tcp of db answers at 10.86.1.3",
        "from cloud port 5432/tcp of db answers at fd86:86:86:1::3",
    )


def test_an_open_line_needs_every_family() -> None:
    broken = tuple(
        replace(v, outcome=Outcome(error="timeout")) if v.flow.family == "ipv6" and v.flow.target == "game" else v
        for v in ALL
    )
    assert against(expectation("internet", "game", PLAY, True), broken) == (
        "from internet port 12345/udp of game does not answer at 2001:db8:10::10",
    )


def test_a_closed_line_counts_every_way_from_outside() -> None:
    holed = tuple(
        replace(v, outcome=Outcome("db", 5432)) if v.flow.target == "db" and str(v.flow.address) == "10.86.1.3" else v
        for v in ALL
    )
    assert against(expectation("internet", "db", SQL, False), holed)


def test_the_public_port_of_others_does_not_speak_for_the_inside() -> None:
    assert against(expectation("cloud", "game", PLAY, False)) == ()


def test_a_lans_line_speaks_of_the_lans_own_ways() -> None:
    assert against(expectation("lan:home", "game", PLAY, False)) == ()
    assert against(expectation("lan:home", "game", PLAY, True)) == ()
    assert against(expectation("lan:home", "db", SQL, True))


def test_a_line_about_any_declared_port() -> None:
    every = Expectation("db -> game: closed", ("db",), (("game", None),), False)  # type: ignore[arg-type]
    assert against(every) == ()


def test_ports_that_the_matrix_lacks_are_wanted() -> None:
    odd = expectation("game", "db", Port("", Protocol.UDP, Ports(999, 999)), False)
    flows = list(wanted(AT, [odd]))
    assert {(f.port, f.protocol) for f in flows} >= {(999, Protocol.UDP)}
    assert against(odd, tuple(obedient(f) for f in flows)) == ()


def test_what_could_not_be_tried_does_not_hold() -> None:
    assert against(expectation("lan:home", "db", SQL, False), ()) == ("from lan:home to db nothing could be tried",)


def test_a_service_is_not_asked_about_itself() -> None:
    assert against(expectation("db", "db", SQL, True), ()) == ()
