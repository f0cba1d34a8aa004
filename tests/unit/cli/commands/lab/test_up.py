"""`warren lab up` as it is typed, without a kernel."""

from __future__ import annotations

import json
from pathlib import Path

from tests.unit.cli.calling import call, written
from tests.unit.cli.commands.lab.rooms import noted


def test_built_applied_and_answering(tmp_path: Path) -> None:
    with noted() as lab:
        done = call("lab", "up", written(tmp_path))
    assert done.code == 0
    assert done.out.startswith("Applied: ")
    assert "warren lab exec db -- ip addr" in done.err
    assert lab.done == ["stand in"]
    assert (tmp_path / "warren.lock").exists()


def test_machines_are_asked_for_before_or_after_the_command(tmp_path: Path) -> None:
    for words in (["lab", "--machines", "up"], ["lab", "up", "--machines"]):
        with noted() as lab:
            assert call(*words, written(tmp_path), "--json").code in (0, 1)
        assert lab.machines == ("vps", "home")


def test_what_cannot_be_applied_does_not_stand(tmp_path: Path) -> None:
    with noted() as lab:
        lab.hosts["home"].fails_at = 2
        done = call("lab", "up", written(tmp_path), "--json")
    assert done.code == 1
    assert json.loads(done.out)["failure"]["host"] == "home"
    assert lab.done == ["down"]
