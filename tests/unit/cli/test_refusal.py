"""What the engine refuses becomes sentences, whatever it was that refused."""

from __future__ import annotations

import json

import pytest

from warren.apply import StepFailed
from warren.basis.diagnostic import Refused, error
from warren.cli import refusal
from warren.hosts.base import Unreachable
from warren.probe.ground import Fault


@pytest.mark.parametrize(
    ("stopped", "code", "summary"),
    [
        (Refused([error("x", "this is wrong")]), "x", "this is wrong"),
        (Unreachable("home does not answer"), "unreachable", "home does not answer"),
        (StepFailed("home", "no"), "step-failed", "home: no"),
        (Fault("gone"), "probe-failed", "gone"),
    ],
)
def test_what_is_a_sentence(stopped: Exception, code: str, summary: str) -> None:
    found = refusal.diagnostics(stopped)
    assert found is not None
    assert [(each.code, each.summary) for each in found] == [(code, summary)]


def test_a_fault_of_ours_is_none() -> None:
    assert refusal.diagnostics(KeyError("x")) is None


def test_json_goes_to_stdout_and_sentences_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    found = (error("x", "this is wrong", hint="do that"),)
    refusal.tell(found, as_json=True)
    said = capsys.readouterr()
    assert json.loads(said.out)["diagnostics"][0]["summary"] == "this is wrong"
    assert said.err == ""
    refusal.tell(found, as_json=False)
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "error: this is wrong\nhint: do that\n")


def test_no_warnings_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    refusal.warn(())
    assert capsys.readouterr().err == ""


def test_a_host_that_is_none() -> None:
    near, far = (refusal.no_host(name, ("vps", "home")).diagnostics[0] for name in ("hom", "nowhere"))
    assert (near.summary, near.hint) == ("there is no host `hom`", "did you mean `home`?")
    assert far.hint == "hosts are vps, home"
