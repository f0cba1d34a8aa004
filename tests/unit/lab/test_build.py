"""Starting a lab: what is refused before anything starts. The rest is in tests/netns/test_lab_build.py."""

from __future__ import annotations

import pytest

from tests.lab.topologies import two_hosts
from warren.basis.diagnostic import Refused
from warren.lab import allowed, build, door
from warren.lab.lab import Lab


def test_a_machine_that_refuses_is_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allowed, "why_not", lambda: "this machine has no namespaces")
    with pytest.raises(Refused, match="this machine has no namespaces"):
        build.build(two_hosts())


def test_who_is_interrupted_while_the_keeper_starts_leaves_none(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[str] = []

    def interrupted(name: str, errors: int) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(build, "_launch", lambda *given: None)
    monkeypatch.setattr(build, "_keeper", interrupted)
    monkeypatch.setattr(door, "names", lambda: ("half-a-lab",))
    monkeypatch.setattr(door, "keeper_of", lambda name: 1)
    monkeypatch.setattr(Lab, "down", lambda lab: ended.append(lab.name))
    with pytest.raises(KeyboardInterrupt):
        build.start("half-a-lab")
    assert ended == ["half-a-lab"]


def test_the_lab_of_another_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "_withdraw", lambda name: pytest.fail("it is not ours"))
    with door.bind("taken-by-another"), pytest.raises(Refused, match="runs already"):
        build.start("taken-by-another")
