"""Verbs are told, and told again over new connections when an answer is lost."""

from __future__ import annotations

import io
import subprocess
import tarfile
import time
from pathlib import Path

import pytest

from tests.unit.apply.told import Told, gone
from warren.apply import protocol
from warren.apply.protocol import REMOTE, Code, Line, Stopped, archive, pairs
from warren.hosts.base import Unreachable


def test_the_host_s_part_is_posix_shell() -> None:
    subprocess.run(["sh", "-n"], input=REMOTE, text=True, check=True)
    assert "[[" not in REMOTE and "local " not in REMOTE and "function " not in REMOTE


def test_its_exit_codes_are_known_here() -> None:
    line = next(line for line in REMOTE.splitlines() if line.startswith("LOCKED="))
    assert {word.split("=")[0]: int(word.split("=")[1]) for word in line.split()} == {c.name: c.value for c in Code}


def test_a_verb_s_words_never_become_shell() -> None:
    host = Told("home", {"lock": "generation 3\n"})
    Line(host).tell("lock", "c1", "it's $(me)", 120)
    assert host.verbs == [("lock", "c1", "it's $(me)", "120")]


def test_a_refusal_tells_the_host_s_sentence() -> None:
    host = Told("home", {"lock": (Code.LOCKED, "eve@pc has been changing this host since 12:00\n")})
    with pytest.raises(Stopped, match="home: eve@pc has been changing this host since 12:00") as refused:
        Line(host).tell("lock")
    assert refused.value.code == Code.LOCKED


def test_a_lost_answer_is_asked_for_over_a_new_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "PAUSE", 0)
    host = Told("home", {"confirm": [gone("home"), gone("home"), ""]})
    line = Line(host)
    line.tell_again("confirm", "c1", until=time.monotonic() + 60)
    assert (host.told("confirm"), host.connections) == (3, 3)
    line.close()
    assert host.closed == 2, "those that were opened on the way"


def test_it_is_given_up_when_the_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "PAUSE", 0)
    with pytest.raises(Unreachable):
        Line(Told("home", {"confirm": gone("home")})).tell_again("confirm", until=time.monotonic())


def test_an_archive_is_for_root_alone(tmp_path: Path) -> None:
    with tarfile.open(fileobj=io.BytesIO(archive({"back.sh": "true\n", "check/units/a.service": b"\0"}))) as tar:
        assert {entry.name: entry.mode for entry in tar} == {
            "check": 0o700,
            "check/units": 0o700,
            "back.sh": 0o600,
            "check/units/a.service": 0o600,
        }
        held = tar.extractfile("check/units/a.service")
        assert held and held.read() == b"\0"


def test_answers_are_pairs_up_to_the_first_section() -> None:
    assert pairs("generation 3\nstate \n%%warren way\n10.0.0.1 5\n")["generation"] == "3"
