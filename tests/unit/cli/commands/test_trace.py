"""`warren trace`, with packets that a test makes up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.cli.calling import Called, call, written
from tests.unit.explain.test_followed import DROP, TRACE, followed
from warren.cli import inquiring
from warren.explain.followed import Step


def traced(monkeypatch: pytest.MonkeyPatch, folder: Path, steps: list[Step], *words: str) -> Called:
    def made(*_: object) -> Iterator[Step]:
        yield from steps

    monkeypatch.setattr(inquiring, "followed", made)
    return call("trace", "-f", written(folder), "internet", "game", *words)


def test_a_line_for_each_packet_and_host(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said = traced(monkeypatch, tmp_path, followed(TRACE) + followed(DROP))
    assert said.code == 0
    first, second = said.out.splitlines()
    assert first.startswith("vps          -> 198.51.100.7:40001 > 203.0.113.10:12346  in by eth0; the target becomes")
    assert second.endswith("dropped: the rate limit is reached (warren.yaml:63)")


def test_count_ends_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said = traced(monkeypatch, tmp_path, followed(TRACE) * 3, "--count", "2")
    assert len(said.out.splitlines()) == 2


def test_json(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said = traced(monkeypatch, tmp_path, followed(DROP), "--json")
    (packet,) = json.loads(said.out)["packets"]
    assert (packet["host"], packet["disposition"], packet["came"]["dport"]) == ("vps", "DENIED_BY", 12346)


def test_silence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert traced(monkeypatch, tmp_path, [], "--for", "1").out == "No packet came by in 1 seconds.\n"
