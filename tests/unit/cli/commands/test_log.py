"""`warren log` as it is typed, against hosts that answer what is written here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.apply.told import Told
from tests.unit.cli.calling import bench, call, written


def line(number: int, outcome: str = "applied") -> str:
    """As a host keeps it."""
    held = {
        "generation": number,
        "change": "c",
        "who": "ada@pc",
        "summary": "+1 service",
        "outcome": outcome,
        "changes": ["+ netns:db"],
    }
    return json.dumps({**held, "when": f"2026-01-0{number}T12:00:00Z"}) + "\n"


def typed(folder: Path, *words: str) -> tuple[int, str]:
    """What came of it."""
    hosts = {
        "vps": Told("vps", {"history": ""}),
        "home": Told("home", {"history": line(1) + line(2, "back: window") + line(2)}),
    }
    with bench(), pytest.MonkeyPatch.context() as patch:
        patch.setattr("warren.cli.ground.ground", lambda *_: type("Ground", (), {"hosts": hosts}))
        done = call("log", "-f", written(folder), *words)
    assert done.err == ""
    return done.code, done.out


def test_newest_first_and_what_was_put_back_has_no_number(tmp_path: Path) -> None:
    code, out = typed(tmp_path)
    assert code == 0
    vps, nothing, home, *rows = out.splitlines()
    assert (vps, nothing.strip(), home) == ("vps", "nothing was applied to it yet", "home")
    assert [row.split()[0] for row in rows] == ["2", "-", "1"]
    assert "put back: nobody confirmed it in time" in rows[1]


def test_one_host_and_a_few(tmp_path: Path) -> None:
    _, out = typed(tmp_path, "home", "-n", "1")
    assert out.splitlines()[0] == "home" and len(out.splitlines()) == 2


def test_programs_get_it_as_json(tmp_path: Path) -> None:
    _, out = typed(tmp_path, "--json")
    home = json.loads(out)["hosts"]["home"]
    assert [entry["applied"] for entry in home] == [True, False, True]
    assert home[1]["outcome"] == "back: window"


def test_an_unknown_host_is_refused(tmp_path: Path) -> None:
    with bench():
        done = call("log", "-f", written(tmp_path), "hoem")
    assert done.code == 1 and "did you mean `home`?" in done.err


def test_items_are_listed_where_that_is_asked_for(tmp_path: Path) -> None:
    _, out = typed(tmp_path)
    assert "+1 service" in out and "netns:db" not in out
    _, out = typed(tmp_path, "home", "-v")
    assert out.count("+ netns:db") == 3
    _, out = typed(tmp_path, "--json")
    assert json.loads(out)["hosts"]["home"][0]["changes"] == ["+ netns:db"]
