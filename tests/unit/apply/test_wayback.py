"""The way back undoes what was begun, in an order in which it can be undone."""

from __future__ import annotations

import re

from warren.apply.wayback import way_back
from warren.desired.items.file import File
from warren.desired.items.netns import Netns
from warren.desired.items.running import Running
from warren.desired.items.session import Session
from warren.desired.items.unit import Unit
from warren.desired.model import HostState, Item
from warren.plan.diff import diff_host

UNIT, CHANGED = Unit("a.service", "d1"), Unit("a.service", "d2")


def text(new: list[Item], old: list[Item], start: int = 0) -> str:
    """The way back from one state to another."""
    plan = diff_host("home", HostState.of(new), HostState.of(old))
    return way_back(start, plan.additions, plan.removals, HostState.of(old))


def part(script: str, name: str) -> str:
    """One function of it."""
    return script.partition(f"{name}() {{\n")[2].partition("\n}\n")[0]


def test_what_came_is_taken_away_last_first() -> None:
    away = part(text([Netns("db"), UNIT], []), "take_away")
    assert away.index("systemctl stop a.service") < away.index("netns del db")


def test_only_what_was_begun_is_undone() -> None:
    script = text([Netns("db"), UNIT], [], start=1)
    assert re.findall(r"was_reached (\w+ \d+)", script) == ["first 3", "first 1"]


def test_files_are_brought_back_by_their_copies_alone() -> None:
    script = text([File("/etc/a", "new\n")], [File("/etc/a", "old\n"), File("/etc/b", "old\n")])
    assert "/etc/a" not in script and "/etc/b" not in script


def test_a_unit_is_started_anew_after_its_files_are_back() -> None:
    script = text([CHANGED], [UNIT])
    assert "restart a.service" in part(script, "put_again")
    assert "a.service" not in part(script, "take_away")


def test_what_has_gone_is_made_again() -> None:
    assert "enable a.service" in part(text([], [UNIT]), "put_again")
    # The kernel's part is made as a whole, from the old state.
    assert "netns add" not in text([], [Netns("db")])


def test_at_boot_nothing_is_asked_of_who_does_not_run_yet() -> None:
    running = Running("db", 6001, "db.service", "d1")
    away = part(text([running, UNIT], []), "take_away")
    asleep = [line for line in away.splitlines() if "was_reached" in line]
    assert [line.startswith('[ -z "$booting" ] && ') for line in asleep] == [True, False]


def test_sessions_enter_namespaces_that_had_to_be_made_anew() -> None:
    session = Session("db", 6001, "db", "d1")
    assert "restart user@6001.service" in part(text([session], [session]), "enter_anew")
    assert "user@" not in text([session], [])[text([session], []).index("enter_anew") :]
