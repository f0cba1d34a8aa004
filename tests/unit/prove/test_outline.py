from __future__ import annotations

from tests.unit.prove.scenes import base, scene
from warren.formats.nft import model as nft
from warren.prove.outline import outline, reached

IIF, OIF = nft.Meta("iifname"), nft.Meta("oifname")
FROM_A = nft.Match("==", IIF, nft.Literal("a"))
REPLY = nft.Match("==", nft.Ct("direction"), nft.Literal("reply"))


def test_chains_that_only_accept_and_drop_are_plain() -> None:
    assert outline(base((FROM_A, nft.Drop()))).plain
    assert not outline(base((nft.MarkSet("meta", 0, 1),))).plain


def test_chains_that_refuse_nothing_are_idle() -> None:
    assert outline(base((FROM_A, nft.Accept()))).idle
    assert not outline(base((FROM_A, nft.Reject()))).idle
    assert not outline(base(policy="drop")).idle
    drops = nft.AnonymousMap(frozenset({nft.Element(("a",), nft.Drop())}))
    assert not outline(base((nft.VerdictMap(IIF, drops),))).idle


def test_chains_behind_jumps_and_maps_are_read_too() -> None:
    inner = nft.Chain("inner", (nft.Rule((nft.MarkSet("ct", 0, 1),)),))
    unused = nft.Chain("unused", (nft.Rule((nft.Drop(),)),))
    leads = nft.AnonymousMap(frozenset({nft.Element(("a",), nft.Goto("inner"))}))
    made = base((nft.VerdictMap(IIF, leads),), inner=inner, unused=unused)
    assert {chain.name for chain in reached(made)} == {"base", "inner"}
    assert not outline(made).plain


def test_only_what_is_asked_tells_scenes_apart() -> None:
    made = outline(base((FROM_A, REPLY, nft.Accept())))
    assert made.devices == {"iif"}
    assert made.answers(scene()) == made.answers(scene(state="established", mark=5))
    assert made.answers(scene()) != made.answers(scene(direction="reply"))
    assert outline(base((nft.Masquerade(),), kind="nat")).devices == {"iif", "oif"}
