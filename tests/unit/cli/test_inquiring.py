"""Explanations for commands: where they ask from."""

from __future__ import annotations

from pathlib import Path

from tests.unit.cli.calling import bench, written
from warren import pipeline
from warren.cli.inquiring import at, from_file, standpoint
from warren.explain.question import question


def test_from_the_file(tmp_path: Path) -> None:
    topology = pipeline.understand(written(tmp_path)).topology
    assert from_file(topology, question(topology, "game", "db")).verdict.works


def test_a_service_asks_from_its_host_and_the_internet_from_here(tmp_path: Path) -> None:
    topology = pipeline.understand(written(tmp_path)).topology
    with bench() as hosts:
        asked = question(topology, "game", "db")
        assert standpoint(topology, asked, None).vantage is hosts["home"]
        here = standpoint(topology, question(topology, "internet", "game"), None).vantage
        assert here is not None and here.name == "here"
        assert standpoint(topology, question(topology, "lan:home", "game"), None).vantage is None


def test_hosts_that_are_away_are_named(tmp_path: Path) -> None:
    topology = pipeline.understand(written(tmp_path)).topology
    with bench() as hosts:
        hosts["home"].away = True
        asked = question(topology, "game", "db")
        found = at(standpoint(topology, asked, None), topology, asked, 0.1)
    assert found.verdict.code == "host-unreachable"
