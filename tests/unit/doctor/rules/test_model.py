"""Where a packet ends in chains that are not known to the last word."""

from __future__ import annotations

from warren.doctor.rules.model import UNKNOWN, Chain, Condition, End, Rule, Ruleset

ACCEPT, DROP, BOTH = frozenset({End.ACCEPT}), frozenset({End.DROP}), frozenset({End.ACCEPT, End.DROP})
PACKET = {"iif": "v-game", "proto": "tcp", "saddr": "10.86.1.2"}


def ends(*rules: Rule, policy: End = End.DROP, **others: tuple[Rule, ...]) -> frozenset[End]:
    """The ends of `PACKET` in a base chain with these rules, beside other chains."""
    base = Chain("inet", "filter", "forward", rules, "forward", policy)
    held = {("inet", "filter", name): Chain("inet", "filter", name, given) for name, given in others.items()}
    return Ruleset({("inet", "filter", "forward"): base, **held}).ends(base, PACKET)


def when(field: str, *values: str, negated: bool = False) -> tuple[Condition, ...]:
    """A single test."""
    return (Condition(field, values, negated),)


def test_a_policy_is_the_end_of_what_nobody_judged() -> None:
    assert ends() == DROP
    assert ends(policy=End.ACCEPT) == ACCEPT
    assert ends(Rule(when("iif", "eth0"), ACCEPT)) == DROP


def test_the_first_that_holds_decides() -> None:
    assert ends(Rule(when("iif", "v-*"), ACCEPT), Rule((), DROP)) == ACCEPT
    assert ends(Rule(when("iif", "eth0", negated=True), ACCEPT)) == ACCEPT


def test_addresses_lie_in_prefixes() -> None:
    assert ends(Rule(when("saddr", "10.86.0.0/16"), ACCEPT)) == ACCEPT
    assert ends(Rule(when("saddr", "100.64.0.0/10"), DROP), policy=End.ACCEPT) == ACCEPT
    assert ends(Rule(when("saddr", "fd00::/8"), ACCEPT)) == DROP


def test_what_cannot_be_told_may_end_either_way() -> None:
    assert ends(Rule((UNKNOWN,), ACCEPT)) == BOTH
    assert ends(Rule(when("daddr", "192.0.2.0/24"), ACCEPT)) == BOTH
    assert ends(Rule((UNKNOWN, *when("iif", "eth0")), ACCEPT)) == DROP


def test_jumps_come_back_and_gotos_do_not() -> None:
    jump, goto = Rule((), jump="other"), Rule((), jump="other", final=True)
    after = Rule((), ACCEPT)
    assert ends(jump, after, other=()) == ACCEPT
    assert ends(goto, after, other=()) == DROP
    assert ends(jump, after, other=(Rule((), frozenset({End.BACK})), Rule((), DROP))) == ACCEPT
    assert ends(jump, after, other=(Rule((), DROP),)) == DROP


def test_an_unknown_chain_and_a_circle() -> None:
    assert ends(Rule((), jump="nowhere")) == BOTH
    assert ends(Rule((), jump="other"), other=(Rule((), jump="other"),)) == BOTH
