"""A plan is a value that can be counted and walked through."""

from __future__ import annotations

from warren.desired.items.netns import Netns
from warren.plan.model import Action, Change, HostPlan, Plan

ADDED = Change(Action.ADD, "netns:a", None, Netns("a"), "is not there", Netns("a").create())
REMOVED = Change(Action.REMOVE, "netns:b", Netns("b"), None, "is not in the file", Netns("b").remove())


def test_the_value_of_an_action_is_its_sign() -> None:
    assert [action.value for action in Action] == ["+", "~", "-"]


def test_the_item_of_a_change_is_the_new_one_or_the_one_that_goes() -> None:
    assert (ADDED.item, REMOVED.item) == (Netns("a"), Netns("b"))


def test_a_plan_is_counted() -> None:
    plan = Plan({"home": HostPlan("home", (ADDED,), (REMOVED,)), "vps": HostPlan("vps", (), ())}, (("home",), ("vps",)))
    assert list(plan.hosts["home"]) == [ADDED, REMOVED]
    assert [len(each) for each in plan.hosts.values()] == [2, 0]
    assert [plan.count(action) for action in Action] == [1, 0, 1]
    assert not plan.is_empty


def test_a_plan_without_changes_is_empty() -> None:
    assert Plan({"home": HostPlan("home", (), ())}, (("home",),)).is_empty
