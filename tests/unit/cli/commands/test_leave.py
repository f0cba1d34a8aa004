"""`warren leave` as it is typed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.unit.cli.calling import Timed, bench, call, written
from warren.apply import Outcome
from warren.apply.outcome import Failure


def test_a_host_must_be_named(tmp_path: Path) -> None:
    with bench():
        done = call("leave", "-f", written(tmp_path))
    assert (done.code, done.out) == (1, "")
    assert "HOST" in done.err


def test_a_lab_is_not_left(tmp_path: Path) -> None:
    with bench() as hosts:
        done = call("leave", "vps", "-f", written(tmp_path), "--yes")
    assert done.code == 1
    assert "`warren lab down` ends a lab" in done.err
    assert hosts["vps"].trips == 0


def test_an_unknown_host(tmp_path: Path) -> None:
    with bench():
        done = call("leave", "vsp", "-f", written(tmp_path), "--yes")
    assert "did you mean `vps`?" in done.err


@dataclass(frozen=True, slots=True)
class Machines:
    """Hosts that are whole machines."""

    hosts: dict[str, Timed]
    is_plain: bool = False


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """What `pipeline.leave` was told; it leaves `home` and keeps the data of `db`, or fails where told so."""
    told: list[object] = []

    def leave(planned: object, hosts: dict[str, object], terms: object, progress: object, purge: bool) -> object:
        told.extend([sorted(hosts), purge])
        if purge:
            return Outcome(0, Failure("home", "it did not answer", ())), {}
        return Outcome(3), {name: ("db",) for name in hosts}

    hosts = {name: Timed(name) for name in ("vps", "home")}
    monkeypatch.setattr("warren.cli.ground.ground", lambda topology, lab, only: Machines(hosts))
    monkeypatch.setattr("warren.pipeline.leave", leave)
    yield told


def test_a_machine_is_left(left: list[object], tmp_path: Path) -> None:
    done = call("leave", "home", "-f", written(tmp_path), "--yes")
    assert (done.code, left) == (0, [["home"], False])
    assert done.out.endswith("Applied: 3 changes.\n")
    assert "home: as it was before the first apply; /var/lib/warren/services keeps the data of db" in done.err


def test_for_programs(left: list[object], tmp_path: Path) -> None:
    done = call("leave", "home", "-f", written(tmp_path), "--yes", "--json")
    assert json.loads(done.out)["kept"] == {"home": ["db"]}


def test_one_that_cannot_be_left(left: list[object], tmp_path: Path) -> None:
    done = call("leave", "home", "-f", written(tmp_path), "--yes", "--purge")
    assert (done.code, left) == (1, [["home"], True])
    assert "it did not answer" in done.err


def test_a_script_must_say_that_it_means_it(left: list[object], tmp_path: Path) -> None:
    done = call("leave", "home", "-f", written(tmp_path))
    assert (done.code, left) == (1, [])
    assert "--yes" in done.err
