"""A plan in a few words."""

from __future__ import annotations

from warren.desired.items.file import File
from warren.desired.items.netns import Netns
from warren.desired.items.running import Running
from warren.desired.items.user import User
from warren.desired.model import HostState, Item
from warren.plan.brief import LISTED, brief, listed
from warren.plan.diff import diff_host
from warren.plan.model import HostPlan


def planned(new: list[Item], old: list[Item]) -> HostPlan:
    """What leads from one to the other."""
    return diff_host("home", HostState.of(new), HostState.of(old))


def test_what_tells_most_comes_first() -> None:
    new: list[Item] = [Netns("a"), Netns("b"), File("/etc/x", "1\n"), Running("a", 6001, "a.service", "d"),
                       User("a", 6001, (1, 2)), User("b", 6002, (3, 4))]  # fmt: skip
    old: list[Item] = [File("/etc/x", "2\n")]
    assert brief(planned(new, old)) == "+2 services, +1 program, +2 users and 1 more"
    assert brief(planned(old, [])) == "+1 file"


def test_what_comes_and_what_goes_are_told_apart() -> None:
    assert brief(planned([Netns("a")], [Netns("b")])) == "+1 service, -1 service"


def test_the_list_is_whole_and_has_an_end() -> None:
    assert listed(planned([Netns("a")], [Netns("b")])) == ("+ netns:a", "- netns:b")
    many: list[Item] = [Netns(f"n{number}") for number in range(LISTED + 5)]
    assert listed(planned(many, []))[-1] == "and 5 more" and len(listed(planned(many, []))) == LISTED + 1
