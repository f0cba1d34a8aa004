"""An outcome knows whether it succeeded and whether anything is left."""

from __future__ import annotations

from warren.apply.outcome import Failure, Outcome, StepFailed


def test_what_is_left_is_not_restored() -> None:
    assert Failure("home", "no space").restored
    assert not Failure("home", "no space", ("home: + netns:db",)).restored
    assert Outcome(3).succeeded and not Outcome(0, Failure("home", "no space")).succeeded


def test_a_failed_step_names_its_host() -> None:
    assert str(StepFailed("home", "no space")) == "home: no space"
