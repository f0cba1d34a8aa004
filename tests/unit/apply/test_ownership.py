"""What is ours is written down before it is made, and struck out after it is gone."""

from __future__ import annotations

from warren.apply import ownership
from warren.desired.items.netns import Netns
from warren.desired.items.route import Route
from warren.desired.model import HostState
from warren.desired.steps import Remove, Write
from warren.observe import OWNED

DB, WEB = frozenset({"netns:db"}), frozenset({"netns:web"})


def test_only_what_bears_no_mark_of_ours_is_remembered() -> None:
    state = HostState.of([Netns("db"), Route("10.86.0.0/16", device="wrn-vps")])
    assert ownership.remembered(state) == DB
    assert ownership.remembered(None) == frozenset()


def test_the_note_holds_old_and_new_until_the_old_is_gone() -> None:
    assert ownership.before(WEB, DB) == [Write(OWNED, "netns:db\nnetns:web\n", 0o600)]
    assert ownership.after(WEB, DB) == [Write(OWNED, "netns:web\n", 0o600)]
    assert ownership.before(DB, DB) == ownership.after(DB, DB) == []


def test_nothing_to_remember_is_no_file() -> None:
    assert ownership.after(frozenset(), DB) == [Remove(OWNED)]
