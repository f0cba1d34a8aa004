"""What is ours by memory: names alone tell nobody."""

from __future__ import annotations

from warren.desired.items.file import File
from warren.desired.items.netns import Netns, Veth
from warren.desired.items.owned import is_remembered
from warren.desired.items.route import Route
from warren.desired.items.user import User


def test_names_are_remembered_and_marks_speak_for_themselves() -> None:
    assert all(is_remembered(item) for item in (Netns("db"), File("/a", ""), User("db", 6000, (1, 2))))
    veth = Veth("v-db", "db", 1500, frozenset(), frozenset())
    assert not any(is_remembered(item) for item in (veth, Route("10.0.0.0/8")))
