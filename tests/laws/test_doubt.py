"""Whatever an unknown word means, what passes is between what passes where it shuts and what passes where it opens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from warren.formats.nft import model as nft
from warren.prove.doubt import assumed, doubts
from warren.prove.header import packet
from warren.prove.hooks import hooks
from warren.prove.judge import DENIED, judge
from warren.prove.look import View

PORTS = (80, 81)
WORD = nft.Unknown('{"xt":{"name":"recent","type":"match"}}')
ENDS = (nft.Accept(), nft.Drop(), nft.Return())
FORWARD = nft.Hook("filter", "forward", 0, "accept")


def port(number: int) -> nft.Match:
    return nft.Match("==", nft.Payload("tcp", "dport"), nft.Literal(number))


def rules(*ends: nft.Statement) -> st.SearchStrategy[tuple[nft.Rule, ...]]:
    """A few rules, about one port or all, of which some have the word."""
    ports = st.sampled_from([(), *((port(each),) for each in PORTS)])
    one = st.builds(lambda p, word, end: nft.Rule((*p, *word, end)), ports, st.sampled_from([(), (WORD,)]),
                    st.sampled_from(ends))  # fmt: skip
    return st.lists(one, max_size=4).map(tuple)


def tables() -> st.SearchStrategy[nft.Table]:
    jumps = (nft.Jump("inner"), nft.Goto("inner"))
    policies = st.sampled_from(["accept", "drop"])
    return st.builds(
        lambda outer, inner, policy: nft.Table(
            "inet",
            "t",
            chains=(nft.Chain("outer", outer, replace(FORWARD, policy=policy)), nft.Chain("inner", inner)),
        ),
        rules(*ENDS, *jumps),
        rules(*ENDS),
        policies,
    )


def meanings(table: nft.Table) -> Iterator[nft.Table]:
    """The table for every way in which its words may hold."""
    places = [
        (chain.name, at)
        for chain in table.chains
        for at, rule in enumerate(chain.rules)
        if any(isinstance(each, nft.Unknown) for each in rule.statements)
    ]
    for held in product((True, False), repeat=len(places)):
        meant = dict(zip(places, held, strict=True))
        yield replace(table, chains=tuple(_meant(chain, meant) for chain in table.chains))


def _meant(chain: nft.Chain, meant: dict[tuple[str, int], bool]) -> nft.Chain:
    kept = [
        nft.Rule(tuple(each for each in rule.statements if not isinstance(each, nft.Unknown)))
        for at, rule in enumerate(chain.rules)
        if meant.get((chain.name, at), True)
    ]
    return replace(chain, rules=tuple(kept))


def passing(table: nft.Table) -> set[int]:
    """The ports to which a packet passes."""
    bases = hooks([table]).filters["forward"]
    views = {each: View(packet("10.0.0.1", "10.0.0.2", "tcp", each)) for each in PORTS}
    return {each for each, view in views.items() if judge(bases, view)[-1].verdict != DENIED}


@given(tables())
def test_every_meaning_is_between_the_two_readings(table: nft.Table) -> None:
    shut, opened = assumed(table, True), assumed(table, False)
    assert not doubts(shut) and not doubts(opened)
    for meaning in meanings(table):
        assert passing(shut) <= passing(meaning) <= passing(opened)
