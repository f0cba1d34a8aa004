"""A plan counts what it holds, and knows when it is empty."""

from __future__ import annotations

from warren.desired.items.file import File
from warren.plan.model import Action, Change, HostPlan, Plan

OLD, NEW = File("/a", "old\n"), File("/a", "new\n")
ADD = Change(Action.ADD, NEW.key, None, NEW, "is not there", NEW.create())
CHANGE = Change(Action.CHANGE, NEW.key, OLD, NEW, "content", NEW.change(OLD))
REMOVE = Change(Action.REMOVE, OLD.key, OLD, None, "is not in the file", OLD.remove())


def test_the_signs_that_people_see() -> None:
    assert [each.action.value for each in (ADD, CHANGE, REMOVE)] == ["+", "~", "-"]


def test_a_change_speaks_of_what_is_there_afterwards_or_was_there() -> None:
    assert [each.item for each in (ADD, CHANGE, REMOVE)] == [NEW, NEW, OLD]


def test_a_host_s_changes_come_before_they_go() -> None:
    plan = HostPlan("home", (ADD, CHANGE), (REMOVE,))
    assert list(plan) == [ADD, CHANGE, REMOVE]
    assert len(plan) == 3


def test_a_plan_is_empty_when_no_host_changes() -> None:
    still, moving = HostPlan("vps", (), ()), HostPlan("home", (ADD, CHANGE), (REMOVE,))
    assert Plan({}, ()).is_empty
    assert Plan({"vps": still}, (("vps",),)).is_empty
    plan = Plan({"vps": still, "home": moving}, (("vps",), ("home",)))
    assert not plan.is_empty
    assert [plan.count(action) for action in Action] == [1, 1, 1]


def test_a_removal_alone_is_not_nothing() -> None:
    assert not Plan({"home": HostPlan("home", (), (REMOVE,))}, (("home",),)).is_empty
