from __future__ import annotations

from warren.formats.nft import model as nft
from warren.prove.header import packet
from warren.prove.hooks import hooks
from warren.prove.judge import Ruling, judge
from warren.prove.look import View

VIEW = View(packet("10.0.0.1", "10.0.0.2", "tcp", 80), iif="v-a")
IIF = nft.Meta("iifname")
ACCEPT, DROP = nft.Accept(), nft.Drop()


def ruling(*rules: tuple[nft.Statement, ...], policy: str = "accept", **others: tuple[nft.Rule, ...]) -> Ruling:
    hook = nft.Hook("filter", "forward", 0, policy)  # type: ignore[arg-type]
    base = nft.Chain("base", tuple(nft.Rule(each) for each in rules), hook)
    chains = (base, *(nft.Chain(name, given) for name, given in others.items()))
    return judge(hooks([nft.Table("inet", "t", chains=chains)]).after("forward"), VIEW)[-1]


def rule(*statements: nft.Statement, comment: str | None = None) -> nft.Rule:
    return nft.Rule(statements, comment)


def test_the_first_verdict_counts_and_else_the_policy() -> None:
    assert ruling((DROP,), (ACCEPT,)).verdict == "drop"
    assert ruling(policy="drop").verdict == "drop"
    assert ruling((nft.Match("==", IIF, nft.Literal("v-b")), DROP)).verdict == "accept"


def test_jump_comes_back_and_goto_does_not() -> None:
    assert ruling((nft.Jump("inner"),), (DROP,), inner=()).verdict == "drop"
    assert ruling((nft.Goto("inner"),), (DROP,), inner=()).verdict == "accept"
    assert (
        ruling((nft.Jump("inner"),), (DROP,), inner=(rule(nft.Goto("last")), rule(ACCEPT)), last=()).verdict == "drop"
    )
    assert ruling((nft.Jump("inner"),), (DROP,), inner=(rule(nft.Return()), rule(ACCEPT))).verdict == "drop"


def test_who_decided_is_told() -> None:
    found = ruling((nft.Jump("inner"),), inner=(rule(nft.Counter()), rule(nft.Counter(), DROP, comment="why")))
    assert (found.chain, found.index, found.comment, found.words) == ("inner", 1, "why", 'counter drop comment "why"')


def test_marks_are_set_bit_by_bit() -> None:
    found = ruling((nft.MarkSet("ct", 0, 0x11),), (nft.MarkSet("meta", 0xF0, 0x02, "ct"),))
    assert (found.view.ct_mark, found.view.packet.mark) == (0x11, 0x12)


def test_a_verdict_map_decides_where_it_has_an_element() -> None:
    held = nft.AnonymousMap(frozenset({nft.Element(("v-a",), DROP, "no a")}))
    found = ruling((nft.VerdictMap(IIF, held),))
    assert (found.verdict, found.comment) == ("drop", "no a")


def test_limits_are_kept() -> None:
    assert ruling((nft.Limit(1, "second"), DROP)).verdict == "drop"
    assert ruling((nft.Limit(1, "second", over=True), DROP)).verdict == "accept"
    meter = nft.SetUpdate("update", "meter", IIF, (nft.Limit(1, "second", over=True),))
    assert ruling((meter, DROP)).verdict == "accept"


def test_what_is_not_understood_does_not_match() -> None:
    assert ruling((nft.Unknown("{}"), DROP)).verdict == "accept"
