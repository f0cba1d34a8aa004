"""Which lab is meant, and that none is left behind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.unit.cli.calling import Timed, written
from warren import pipeline
from warren.basis.diagnostic import Refused
from warren.cli import ground, laboratory
from warren.lab import internet, programs
from warren.lab.lab import Lab
from warren.topology.model import Topology

RUNNING = (Lab("small", 1), Lab("other", 2))


@dataclass
class FakeLab:
    """Counts what is asked of it."""

    name: str
    downs: int = 0
    stands: int = 0
    machines: tuple[str, ...] = ()

    def down(self) -> None:
        self.downs += 1

    def stand_ins(self, topology: Topology) -> None:
        self.stands += 1


@pytest.fixture
def labs(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Lab]]:
    """The labs that run, to be changed by a test."""
    running = list(RUNNING)
    for module in (ground, laboratory):
        monkeypatch.setattr(module, "labs", lambda: tuple(running))
    monkeypatch.setattr(ground, "find", lambda name: next((lab for lab in running if lab.name == name), None))
    yield running


def test_by_name_by_file_or_the_only_one(labs: list[Lab], tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere.yaml"
    assert laboratory.chosen("other", nowhere).name == "other"
    assert laboratory.chosen(None, written(tmp_path)).name == "small"
    labs.remove(RUNNING[0])
    assert laboratory.chosen(None, nowhere).name == "other"


def test_which_one_is_not_guessed(labs: list[Lab], tmp_path: Path) -> None:
    with pytest.raises(Refused, match="2 labs run: small, other"):
        laboratory.chosen(None, tmp_path / "nowhere.yaml")
    labs.remove(RUNNING[0])
    with pytest.raises(Refused, match="no lab `small` runs"):
        laboratory.chosen(None, written(tmp_path))
    labs.clear()
    with pytest.raises(Refused, match="no lab runs"):
        laboratory.chosen(None, tmp_path / "nowhere.yaml")


def test_a_lab_ends_unless_it_is_kept_and_always_when_something_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[FakeLab] = []

    def build(topology: Topology, name: str, tied: bool, machines: bool) -> FakeLab:
        built.append(FakeLab(name))
        return built[-1]

    monkeypatch.setattr(laboratory, "build", build)
    understood = pipeline.understand(written(tmp_path))
    with laboratory.fresh(understood, None, keep=False):
        pass
    with laboratory.fresh(understood, "mine", keep=True):
        pass
    with pytest.raises(KeyboardInterrupt), laboratory.fresh(understood, None, keep=True):
        raise KeyboardInterrupt
    assert [(lab.name, lab.downs) for lab in built] == [("small", 1), ("mine", 0), ("small", 1)]
    assert (tmp_path / "warren.lock").exists()


def test_settling_applies_and_lets_ports_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hosts = {"vps": Timed("vps"), "home": Timed("home")}
    monkeypatch.setattr(laboratory, "hosts_of", lambda lab: hosts)
    started: list[object] = []
    monkeypatch.setattr(internet, "stand", lambda *given: started.append("internet"))

    def run(*given: object) -> tuple[str, ...]:
        started.append("programs")
        return ()

    monkeypatch.setattr(programs, "run", run)
    lab, topology = FakeLab("x"), pipeline.understand(written(tmp_path)).topology
    assert laboratory.settle(lab, topology).done > 10  # type: ignore[arg-type]
    assert " changes made" in capsys.readouterr().err
    assert laboratory.settle(lab, topology).done == 0  # type: ignore[arg-type]
    assert lab.stands == 2 and started == ["internet", "programs"] * 2
    hosts["home"] = Timed("home", fails_at=3)
    assert not laboratory.settle(lab, topology).succeeded  # type: ignore[arg-type]
    assert lab.stands == 2
