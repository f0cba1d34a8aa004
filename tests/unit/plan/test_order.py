"""The safe order: rules before links, links before their routes, gateways before those who dial them."""

from __future__ import annotations

import random

from tests.topologies import two_hosts
from warren.desired.lower import lower
from warren.desired.model import HostState, Rank
from warren.plan.diff import diff_host
from warren.plan.order import additions_first, waves

STATE = lower(two_hosts())["home"]
NOTHING = HostState()


def test_additions_follow_their_ranks_and_removals_go_back() -> None:
    built, torn_down = diff_host("home", STATE, NOTHING), diff_host("home", NOTHING, STATE)
    coming = [change.item.rank for change in built.additions]
    going = [change.item.rank for change in torn_down.removals]
    assert coming == sorted(coming)
    assert going == sorted(going, reverse=True)
    assert built.removals == torn_down.additions == ()


def test_rules_are_first_to_come_and_last_to_go() -> None:
    coming = [change.item.rank for change in diff_host("home", STATE, NOTHING)]
    going = [change.item.rank for change in diff_host("home", NOTHING, STATE)]
    assert coming.index(Rank.RULES) < coming.index(Rank.TUNNEL) < coming.index(Rank.LINK)
    assert going.index(Rank.LINK) < going.index(Rank.TUNNEL) < going.index(Rank.RULES)


def test_the_order_does_not_depend_on_the_order_of_the_changes() -> None:
    changes = [*diff_host("home", STATE, NOTHING), *diff_host("home", NOTHING, lower(two_hosts())["vps"])]
    shuffled = random.Random(86).sample(changes, len(changes))
    assert additions_first(shuffled) == additions_first(changes)


def test_gateways_change_before_those_who_dial_them() -> None:
    assert waves(["home", "vps", "cabin", "edge"], ["vps", "edge"]) == (("vps", "edge"), ("home", "cabin"))


def test_a_wave_of_nobody_is_no_wave() -> None:
    assert waves(["home"], []) == (("home",),)
    assert waves(["vps"], ["vps", "gone"]) == (("vps",),)
    assert waves([], ["vps"]) == ()
