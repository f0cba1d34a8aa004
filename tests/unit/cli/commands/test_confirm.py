"""`warren confirm` as it is typed, against hosts that answer what is written here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.apply.told import Told
from tests.unit.cli.calling import bench, call, written

STATUS = "generation 3\nstate {state}\nid {change}\nhosts 2\nleft 41\n"


def waiting(*states: str, **answers: str) -> dict[str, Told]:
    """Two hosts, each in a state."""
    return {
        name: Told(name, {"status": STATUS.format(state=state, change="c1" if state else ""), **answers})
        for name, state in zip(("vps", "home"), states, strict=True)
    }


def typed(folder: Path, hosts: dict[str, Told], *words: str) -> tuple[int, str, str]:
    """What came of it."""
    with bench(), pytest.MonkeyPatch.context() as patch:
        patch.setattr("warren.cli.ground.ground", lambda *_: type("Ground", (), {"hosts": hosts}))
        done = call("confirm", "-f", written(folder), *words)
    return done.code, done.out, done.err


def test_what_waits_is_kept(tmp_path: Path) -> None:
    hosts = waiting("armed", "armed")
    assert typed(tmp_path, hosts) == (0, "Confirmed on vps, home.\n", "")
    assert hosts["home"].told("confirm") == 1


def test_programs_get_it_as_json(tmp_path: Path) -> None:
    code, out, _ = typed(tmp_path, waiting("armed", "armed"), "--json")
    assert code == 0 and json.loads(out)["hosts"] == ["vps", "home"]


def test_nothing_waits(tmp_path: Path) -> None:
    code, out, err = typed(tmp_path, waiting("", ""))
    assert (code, out) == (1, "")
    assert "no change waits for its confirmation" in err and "`warren log`" in err


def test_one_that_went_back_takes_the_others_back(tmp_path: Path) -> None:
    hosts = waiting("armed", "", back="went back: told\n")
    code, _, err = typed(tmp_path, hosts)
    assert code == 1 and "failed on home: it has gone back already" in err
    assert "every host was put back" in err and hosts["vps"].told("back") == 1
