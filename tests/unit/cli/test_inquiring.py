"""Explanations for commands: where they ask from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.cli.calling import Timed, written
from warren import pipeline
from warren.cli.ground import Ground
from warren.cli.inquiring import at, from_file, standpoint
from warren.explain.question import question


@pytest.fixture
def hosts(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Timed]]:
    """Hosts in memory where the real ones would be."""
    made = {name: Timed(name) for name in ("vps", "home")}
    monkeypatch.setattr("warren.cli.ground.ground", lambda *_: Ground(made, "the hosts"))
    yield made


def test_from_the_file(tmp_path: Path) -> None:
    topology = pipeline.understand(written(tmp_path)).topology
    assert from_file(topology, question(topology, "game", "db")).verdict.works


def test_a_service_asks_from_its_host_and_the_internet_from_here(tmp_path: Path, hosts: dict[str, Timed]) -> None:
    topology = pipeline.understand(written(tmp_path)).topology
    asked = question(topology, "game", "db")
    assert standpoint(topology, asked, None).vantage is hosts["home"]
    here = standpoint(topology, question(topology, "internet", "game"), None).vantage
    assert here is not None and here.name == "here"
    assert standpoint(topology, question(topology, "lan:home", "game"), None).vantage is None


def test_hosts_that_are_away_are_named(tmp_path: Path, hosts: dict[str, Timed]) -> None:
    topology = pipeline.understand(written(tmp_path)).topology
    hosts["home"].away = True
    asked = question(topology, "game", "db")
    found = at(standpoint(topology, asked, None), topology, asked, 0.1)
    assert found.verdict.code == "host-unreachable"
