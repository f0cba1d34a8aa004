from __future__ import annotations

from tests.unit.prove.scenes import base, header, reader, scene
from warren.formats.nft import model as nft
from warren.prove.diagrams import ALL, NOTHING
from warren.prove.hooks import Base
from warren.prove.sieve import Flows, Sieve

WEB = nft.Match("==", nft.Payload("tcp", "dport"), nft.Literal(80))
SSH = nft.Match("==", nft.Payload("tcp", "dport"), nft.Literal(22))
ACCEPT, DROP = nft.Accept(), nft.Drop()


def passes(made: Base, port: int = 80, protocol: str = "tcp") -> dict[tuple[int, int], bool]:
    """Which marks a packet has after the chain, where it passed."""
    at = scene()
    flows = Sieve(reader(at)).pass_(made, {(0, 0): ALL}, at)
    packet = header("10.86.1.2", "10.86.1.3", protocol, port)
    return {marks: True for marks, headers in flows.items() if at.space.holds(headers, packet)}


def test_verdicts_and_policies() -> None:
    assert passes(base((WEB, DROP))) == {} and passes(base((WEB, DROP)), 81) == {(0, 0): True}
    assert passes(base((WEB, ACCEPT), policy="drop")) and not passes(base((WEB, ACCEPT), policy="drop"), 81)
    assert not passes(base((WEB, DROP), (WEB, ACCEPT)))
    assert not passes(base((WEB, SSH, ACCEPT), policy="drop"))


def test_jump_comes_back_and_goto_does_not() -> None:
    empty = nft.Chain("inner")
    assert not passes(base((nft.Jump("inner"),), (DROP,), inner=empty))
    assert passes(base((nft.Goto("inner"),), (DROP,), inner=empty))
    returning = nft.Chain("inner", (nft.Rule((WEB, nft.Return())), nft.Rule((DROP,))))
    assert passes(base((nft.Jump("inner"),), inner=returning)) and not passes(
        base((nft.Jump("inner"),), inner=returning), 81
    )


def test_marks_split_a_set() -> None:
    made = base((WEB, nft.MarkSet("meta", 0, 7)), (SSH, nft.MarkSet("ct", 0, 9)))
    assert passes(made) == {(7, 0): True}
    assert passes(made, 22) == {(0, 9): True}
    assert passes(made, 23) == {(0, 0): True}


def test_marks_by_a_map() -> None:
    by_port = nft.AnonymousMap(frozenset({nft.Element((80,), (5,)), nft.Element((22,), (6,))}))
    made = base((nft.MarkLookup("meta", nft.MapLookup(nft.Payload("tcp", "dport"), by_port)),))
    assert [passes(made, port) for port in (80, 22, 23)] == [{(5, 0): True}, {(6, 0): True}, {(0, 0): True}]


def test_limits_are_kept_and_what_is_unknown_does_not_match() -> None:
    assert passes(base((nft.Limit(1, "second", over=True), DROP)))
    assert not passes(base((nft.Limit(1, "second"), DROP)))
    assert passes(base((nft.Unknown("{}"), DROP)))


def test_translations_are_noted_and_the_rest_goes_on() -> None:
    at = scene()
    there = nft.Dnat(None, nft.Endpoint(nft.Prefix.of("10.86.1.3"), 8080))
    made = base((WEB, there), kind="nat")
    sieve = Sieve(reader(at))
    flows: Flows = {(0, 0): ALL}
    (found,) = sieve.translate(made, flows, at)
    assert found.rule is there and at.space.holds(found.headers, header("10.86.1.2", "10.0.0.1", "tcp", 80))
    kept = sieve.pass_(made, flows, at)[(0, 0)]
    assert at.space.both(kept, found.headers) == NOTHING and at.space.either(kept, found.headers) == ALL
    other = base((nft.Dnat("ip6", nft.Endpoint(nft.Prefix.of("fd00::1"))),), kind="nat")
    assert sieve.translate(other, flows, at) == []


def test_a_chain_is_worked_out_once_for_equal_questions() -> None:
    at = scene()
    sieve = Sieve(reader(at))
    made = base((WEB, DROP))
    assert sieve.run(made, (0, 0), at) is sieve.run(made, (7, 7), at)
