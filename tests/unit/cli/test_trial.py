"""The story of `lab test`, with everything that touches a kernel replaced."""

from __future__ import annotations

import pytest

from tests.topologies import two_hosts
from warren.apply import Failure, Outcome
from warren.cli import trial
from warren.lab.lab import Lab
from warren.verify import Report

LAB = Lab("x", 1)


@pytest.fixture
def story(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was done, in order."""
    done: list[str] = []

    def note(word: str, result: object = None) -> object:
        done.append(word)
        return result

    monkeypatch.setattr(trial, "watch", lambda *given: note("watch"))
    monkeypatch.setattr(trial, "unwatch", lambda *given: note("unwatch"))
    monkeypatch.setattr(trial, "settle", lambda *given, folder=None: note("settle", Outcome(1)))
    monkeypatch.setattr(trial, "verify", lambda *given: note("verify", Report(())))
    monkeypatch.setattr("warren.lab.faults.kill_tunnel", lambda lab, host, gateway: note(f"kill {host} {gateway}"))
    return done


def test_watched_from_before_the_first_apply_until_the_tunnels_are_back(story: list[str]) -> None:
    assert trial.trial(LAB, two_hosts()).report == Report(())
    assert story == ["watch", "settle", "kill home vps", "settle", "unwatch", "verify"]


def test_what_was_ended_is_told_as_made_again(story: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    trial._made_again("home", "2 changes made")
    assert capsys.readouterr().err == "home: tunnel made again\n"


def test_what_cannot_be_applied_is_not_verified(story: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    failed = Outcome(0, Failure("vps", "no"))
    monkeypatch.setattr(trial, "settle", lambda *given, folder=None: failed)
    assert trial.trial(LAB, two_hosts()) == trial.Trial(failed)
    assert story == ["watch", "unwatch"]


def test_a_watch_ends_whatever_happens(story: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*given: object, folder: object = None) -> Outcome:
        raise KeyboardInterrupt

    monkeypatch.setattr(trial, "settle", fails)
    with pytest.raises(KeyboardInterrupt):
        trial.trial(LAB, two_hosts())
    assert story == ["watch", "unwatch"]
