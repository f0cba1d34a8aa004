"""`warren show` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

from tests.unit.cli.calling import call, written


def test_the_spec_writes_nothing(tmp_path: Path) -> None:
    done = call("show", "spec", "-f", written(tmp_path))
    assert done.code == 0
    assert 'ipv4: "10.86.0.0/16"' in done.out
    assert not (tmp_path / "warren.lock").exists()
    assert json.loads(call("show", "spec", "-f", tmp_path / "warren.yaml", "--json").out)["network"]["name"] == "small"


def test_a_topology_that_was_shown_is_given(tmp_path: Path) -> None:
    found = json.loads(call("show", "topology", "-f", written(tmp_path), "--json").out)
    assert found["services"]["game"]["host"] == "home"
    assert (tmp_path / "warren.lock").exists()
    assert "SERVICE" in call("show", "topology", "-f", tmp_path / "warren.yaml").out


def test_the_desired_state_of_one_host_or_all(tmp_path: Path) -> None:
    path = written(tmp_path)
    assert "netns add game" in call("show", "desired", "home", "-f", path).out
    every = call("show", "desired", "-f", path).out
    assert "# host vps\n" in every
    assert "# host home\n" in every
    found = json.loads(call("show", "desired", "vps", "-f", path, "--json").out)
    assert list(found["hosts"]) == ["vps"]


def test_a_host_that_is_not_there(tmp_path: Path) -> None:
    done = call("show", "desired", "hom", "-f", written(tmp_path))
    assert (done.code, done.err) == (1, "error: there is no host `hom`\nhint: did you mean `home`?\n")
    assert call("show", "spec", "home", "-f", written(tmp_path)).code == 1
    assert call("show", "everything").code == 1
