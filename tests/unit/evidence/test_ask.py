"""Questions are plain values with defaults."""

from __future__ import annotations

from warren.evidence.ask import Door, Filter, HostQuestion, RouteQuestion


def test_defaults() -> None:
    assert HostQuestion() == HostQuestion((), (), (), ())
    assert RouteQuestion("k", "10.0.0.1") == RouteQuestion("k", "10.0.0.1", None, None, 0, None)
    assert Filter("tcp", (80,), ("10.0.0.1",)).tunnels == ()
    assert Door(4, "10.0.0.1", 80, "tcp").netns is None
