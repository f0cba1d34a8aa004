from __future__ import annotations

from dataclasses import replace

import pytest

from tests.networks import outside_of, states_of
from tests.topologies import two_hosts
from warren.formats.nft import model as nft
from warren.prove import packets
from warren.prove.devices import one
from warren.prove.header import ACK, SYN
from warren.prove.hooks import Base, hooks
from warren.prove.network import network
from warren.prove.outline import Outline, outline, reached
from warren.prove.packets import ANSWER, QUESTION
from warren.prove.scene import Scene

HOME = network(states_of(two_hosts()), outside_of(two_hosts())).nodes["home"]
SCENE = Scene(packets.space(4), 4, HOME, QUESTION, one("v-a"), one("v-b"), "new", "original", SYN)
IIF, STATE = nft.Meta("iifname"), nft.Ct("state")
ACCEPT, DROP = nft.Accept(), nft.Drop()
NEW = nft.Match("in", STATE, nft.Flags(frozenset({"new"})))


def base(*statements: nft.Statement, policy: str = "accept", **others: nft.Statement) -> Base:
    hook = nft.Hook("filter", "forward", 0, policy)  # type: ignore[arg-type]
    chains = (
        nft.Chain("base", tuple(nft.Rule((each,)) for each in statements), hook),
        *(nft.Chain(name, (nft.Rule((each,)),)) for name, each in others.items()),
    )
    return hooks([nft.Table("inet", "t", chains=chains)]).filters["forward"][0]


def by_map(*data: nft.Verdict) -> nft.VerdictMap:
    given = (nft.Element((f"v-{number}",), each) for number, each in enumerate(data))
    return nft.VerdictMap(IIF, nft.AnonymousMap(frozenset(given)))


def test_chains_are_reached_by_rules_and_maps_also_in_circles() -> None:
    given = base(nft.Jump("a"), a=by_map(nft.Goto("b"), ACCEPT), b=nft.Jump("base"), c=DROP)
    assert {chain.name for chain in reached(given)} == {"base", "a", "b"}
    assert {chain.name for chain in reached(base(nft.Jump("gone")))} == {"base"}


@pytest.mark.parametrize(
    ("given", "plain", "idle"),
    [
        (base(), True, True),
        (base(NEW, ACCEPT), True, True),
        (base(policy="drop"), True, False),
        (base(DROP), True, False),
        (base(nft.Jump("a"), a=nft.Reject()), True, False),
        (base(by_map(DROP)), True, False),
        (base(ACCEPT, a=DROP), True, True),
        (base(nft.Masquerade()), False, False),
        (base(nft.Jump("a"), a=nft.MarkSet("meta", 0, 7)), False, False),
    ],
)
def test_what_chains_can_do(given: Base, plain: bool, idle: bool) -> None:
    found = outline(given)
    assert (found.plain, found.idle) == (plain, idle)


def tells(found: Outline, **changes: object) -> bool:
    return found.answers(SCENE) != found.answers(replace(SCENE, **changes))  # type: ignore[arg-type]


def test_scenes_differ_in_what_is_asked_alone() -> None:
    found = outline(base(by_map(DROP), NEW))
    assert tells(found, iif=one("v-c")) and not tells(found, oif=one("v-c"))
    assert tells(found, state="established") and tells(found, roles=ANSWER)
    assert not tells(found, mark=7) and not tells(found, ct_mark=7) and not tells(found, flags=ACK)


def test_of_a_comparison_only_the_outcome_counts() -> None:
    found = outline(base(nft.Match("==", nft.Masked(nft.Ct("mark"), 0xF0), nft.Literal(0x10)), DROP))
    assert tells(found, ct_mark=0x10) and not tells(found, ct_mark=0x20)


def test_a_masquerade_asks_for_the_device() -> None:
    assert tells(outline(base(nft.Masquerade())), oif=one("v-c"))
