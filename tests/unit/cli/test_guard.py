"""What a user sees when something goes wrong."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import click
import pytest

from tests.unit.cli.calling import call
from warren.cli.guard import guarded, log_path


def fails(with_what: BaseException) -> int:
    def run() -> object:
        raise with_what

    return guarded(run)


def test_codes_pass() -> None:
    assert guarded(lambda: 3) == 3
    assert guarded(lambda: None) == 0


def test_interrupted(capsys: pytest.CaptureFixture[str]) -> None:
    assert fails(KeyboardInterrupt()) == 130
    assert fails(click.Abort()) == 130
    assert capsys.readouterr() == ("", "interrupted\nnot done\n")


def test_what_click_makes_of_an_interrupt(capsys: pytest.CaptureFixture[str]) -> None:
    struck = click.Abort()
    struck.__cause__ = KeyboardInterrupt()
    assert fails(struck) == 130
    assert capsys.readouterr().err == "interrupted\n"


def test_a_kill_is_an_interruption(monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.getsignal(signal.SIGTERM)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        assert guarded(lambda: signal.raise_signal(signal.SIGTERM)) == 130
    finally:
        signal.signal(signal.SIGTERM, before)


def test_a_fault_is_one_sentence_and_a_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.delenv("WARREN_DEBUG", raising=False)
    assert fails(KeyError("x")) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines()[0] == "error: this is a fault in warren: KeyError: 'x'"
    assert str(tmp_path / "warren" / "fault.log") in said.err
    assert "Traceback" not in said.err
    assert "Traceback" in Path(log_path()).read_text()


def test_a_log_that_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "warren").write_text("in the way")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.delenv("WARREN_DEBUG", raising=False)
    assert fails(ValueError("\x1b[2Jx")) == 1
    assert capsys.readouterr().err == (
        "error: this is a fault in warren: ValueError: x\n"
        "hint: please report it to the project; WARREN_DEBUG=1 shows the details\n"
    )


def test_for_debugging_it_is_let_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARREN_DEBUG", "1")
    with pytest.raises(KeyError):
        fails(KeyError("x"))


def test_a_broken_pipe_is_silent(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", sys.stdout)
    assert fails(BrokenPipeError()) == 1
    sys.stdout.close()
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["show", "topologie"], "`topologie` cannot stand there; did you mean `topology`?"),
        (["show", "x"], "`x` cannot stand there; say spec, topology or desired"),
        (["show"], "a word is missing: spec, topology or desired"),
        (["graph", "--format", "png"], "`png` cannot stand for --format; say text, svg, mermaid or dot"),
    ],
)
def test_one_of_some_words(words: list[str], sentence: str) -> None:
    assert call(*words).err.splitlines()[0] == f"error: {sentence}"


def test_an_output_that_is_full(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", sys.stdout)
    assert fails(OSError(28, "No space left on device")) == 1
    sys.stdout.close()
    assert capsys.readouterr().err == "error: the output cannot be written: no space left on device\n"
