"""`warren lab fault` as it is typed, without a kernel."""

from __future__ import annotations

import json

import pytest

from tests.unit.cli.calling import call
from tests.unit.cli.commands.lab.rooms import noted


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["cut", "home"], "cut home"),
        (["heal"], "heal None"),
        (["heal", "home"], "heal home"),
        (["loss", "10"], "lose 10 None"),
        (["loss", "10", "home"], "lose 10 home"),
        (["readdress", "home"], "readdress home"),
        (["kill", "tunnel", "home"], "kill_tunnel home None"),
        (["kill", "tunnel", "home", "vps"], "kill_tunnel home vps"),
        (["list"], ""),
    ],
)
def test_each_fault(monkeypatch: pytest.MonkeyPatch, words: list[str], expected: str) -> None:
    done: list[str] = []
    for act in ("cut", "heal", "lose", "readdress", "kill_tunnel"):
        monkeypatch.setattr(
            f"warren.lab.faults.{act}", lambda lab, *rest, act=act: done.append(" ".join(map(str, (act, *rest))))
        )
    monkeypatch.setattr("warren.lab.faults.listed", lambda lab: ("home: the line is cut",))
    with noted():
        assert call("lab", "fault", *words, "--name", "small").out == "home: the line is cut\n"
        found = json.loads(call("lab", "fault", *words, "--name", "small", "--json").out)
    assert found == {"version": 1, "lab": "small", "faults": ["home: the line is cut"]}
    assert done == ([expected] * 2 if expected else [])


def test_a_share_is_a_percentage() -> None:
    assert call("lab", "fault", "loss", "110").code == 1


def test_an_ended_tunnel_is_not_called_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warren.lab.faults.kill_tunnel", lambda lab, host, gateway: None)
    monkeypatch.setattr("warren.lab.faults.listed", lambda lab: ())
    with noted():
        said = call("lab", "fault", "kill", "tunnel", "home", "--name", "small")
    assert (said.code, said.out) == (0, "")
    assert said.err == "The tunnel of home is gone; `warren lab apply` builds it again.\n"
