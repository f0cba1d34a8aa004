"""What chains do with a set they do with each packet of it: against the slow reading, rule by rule."""

from __future__ import annotations

import pytest

from tests.networks import outside_of, states_of
from tests.topologies import two_hosts
from warren.formats.nft import model as nft
from warren.prove import packets
from warren.prove.devices import one
from warren.prove.diagrams import ALL, NOTHING
from warren.prove.header import SYN, packet
from warren.prove.hooks import Base, hooks
from warren.prove.judge import judge
from warren.prove.look import View
from warren.prove.lookups import Reader
from warren.prove.network import network
from warren.prove.packets import QUESTION
from warren.prove.scene import Scene
from warren.prove.sieve import Sieve

HOME = network(states_of(two_hosts()), outside_of(two_hosts())).nodes["home"]
SPACE = packets.space(4)
SCENE = Scene(SPACE, 4, HOME, QUESTION, one("v-a"), one("eth0"), "new", "original", SYN)
ASKED = [packet("10.0.0.1", "10.0.0.2", protocol, port) for protocol in ("tcp", "udp") for port in (22, 80, 81, 443)]
ACCEPT, DROP = nft.Accept(), nft.Drop()
DPORT = nft.Payload("th", "dport")
Rules = tuple[tuple[nft.Statement, ...], ...]


def port(number: int) -> nft.Match:
    return nft.Match("==", DPORT, nft.Literal(number))


def udp() -> nft.Match:
    return nft.Match("==", nft.Meta("l4proto"), nft.Literal("udp"))


def marked(number: int) -> nft.Match:
    return nft.Match("==", nft.Meta("mark"), nft.Literal(number))


def by_port(**data: nft.Verdict) -> nft.VerdictMap:
    given = (nft.Element((int(number[1:]),), each) for number, each in data.items())
    return nft.VerdictMap(DPORT, nft.AnonymousMap(frozenset(given)))


def base(rules: Rules, policy: str = "accept", family: str = "inet", **others: Rules) -> Base:
    hook = nft.Hook("filter", "forward", 0, policy)  # type: ignore[arg-type]
    chains = (
        nft.Chain("base", tuple(map(nft.Rule, rules)), hook),
        *(nft.Chain(name, tuple(map(nft.Rule, given))) for name, given in others.items()),
    )
    return hooks([nft.Table(family, "t", chains=chains)]).filters["forward"][0]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "given",
    [
        base(()),
        base((), "drop"),
        base(((port(80), DROP), (ACCEPT,)), "drop"),
        base(((port(80), udp(), ACCEPT), (port(81), ACCEPT)), "drop"),
        base(((udp(), nft.Jump("a")), (port(22), DROP)), a=((port(80), nft.Return()), (port(81), DROP))),
        base(((udp(), nft.Goto("a")), (port(22), DROP)), a=((port(80), nft.Return()), (port(81), DROP))),
        base(((by_port(p80=DROP, p81=ACCEPT, p22=nft.Jump("a")),), (udp(), ACCEPT)), "drop", a=((udp(), DROP),)),
        base(((by_port(p80=nft.Continue(), p81=nft.Goto("a")),), (udp(), DROP)), a=((port(81), nft.Return()),)),
        base(((nft.Jump("gone"),), (udp(), DROP))),
        base(((port(80), nft.MarkSet("meta", 0, 7)), (marked(7), udp(), DROP), (marked(0), port(81), DROP))),
        base(((port(80), nft.MarkSet("ct", 0, 1), nft.MarkSet("meta", 0, 2)), (udp(), nft.Reject()))),
        base(((DROP,),), family="ip6"),
    ],
)
def test_sets_and_packets_agree(given: Base) -> None:
    passing = Sieve(Reader(SPACE)).filter([given], {(0, 0): ALL}, SCENE)
    for asked in ASKED:
        rulings = judge([given], View(asked, "v-a", "eth0"))
        last = rulings[-1] if rulings else None
        passed = last is None or last.verdict == "accept"
        marks = (last.view.packet.mark, last.view.ct_mark) if last else (0, 0)
        found = [at for at, headers in passing.items() if SPACE.holds(headers, packets.values(asked))]
        assert found == ([marks] if passed else []), str(asked)


def test_chains_follow_each_other() -> None:
    first, second = base(((port(80), nft.MarkSet("meta", 0, 7)),)), base(((marked(7), DROP),))
    sieve = Sieve(Reader(SPACE))
    (passing,) = sieve.filter([first, second], {(0, 0): ALL}, SCENE).values()
    assert passing == SPACE.without(ALL, SPACE.spans(packets.DPORT, [(80, 80)]))
    assert len(sieve.filter([second, first], {(0, 0): ALL}, SCENE)) == 2
    assert sieve.filter([base(((DROP,),)), first], {(0, 0): ALL}, SCENE) == {}


def test_what_was_worked_out_for_one_set_holds_for_the_next() -> None:
    sieve, given = Sieve(Reader(SPACE)), base(((port(80), DROP),))
    web, ssh = (SPACE.spans(packets.DPORT, [(number,) * 2]) for number in (80, 22))
    for mark in (0, 7):
        assert sieve.filter([given], {(mark, 0): SPACE.either(web, ssh)}, SCENE) == {(mark, 0): ssh}


def test_a_translation_takes_its_headers_out_of_the_chain() -> None:
    dnat = nft.Dnat(None, nft.Endpoint(nft.Prefix.of("10.0.0.9"), 8080))
    given = base(((nft.Match("==", nft.Meta("l4proto"), nft.Literal("tcp")), port(80), dnat), (port(80), DROP)))
    sieve = Sieve(Reader(SPACE))
    (found,) = sieve.translate(given, {(0, 0): ALL}, SCENE)
    passing = SPACE.union(sieve.pass_(given, {(0, 0): ALL}, SCENE).values())
    for asked in ASKED:
        values, is_web = packets.values(asked), asked.dport == 80
        assert SPACE.holds(found.headers, values) is (is_web and asked.protocol == 6)
        assert SPACE.holds(passing, values) is not is_web
    assert found.rule == dnat and sieve.translate(given, {(0, 0): NOTHING}, SCENE) == []
