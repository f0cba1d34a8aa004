"""`warren check` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.calling import TWO_HOSTS, call, written


def test_a_right_file(tmp_path: Path) -> None:
    done = call("check", path := written(tmp_path))
    assert done.code == 0
    assert done.out == f"{path}: 2 hosts, 2 services, 1 permission, 1 exposure\n"
    assert not (tmp_path / "warren.lock").exists()


def test_every_mistake_at_once(tmp_path: Path) -> None:
    wrong = TWO_HOSTS.replace("egress: none", "egres: none").replace("image: game:1", "imag: game:1")
    done = call("check", path := written(tmp_path, wrong))
    assert done.code == 1
    assert done.out == ""
    assert f"{path}:11:5: error: " in done.err
    assert f"{path}:14:5" in done.err
    assert done.err.endswith("2 errors\n")


def test_for_programs(tmp_path: Path) -> None:
    done = call("check", written(tmp_path, TWO_HOSTS.replace("egress: none", "egres: none")), "--json")
    found = json.loads(done.out)
    assert (done.code, found["version"], found["diagnostics"][0]["line"]) == (1, 1, 11)
    assert done.err == ""
    found = json.loads(call("check", written(tmp_path), "--json").out)
    assert found["summary"]["services"] == 2


@pytest.mark.parametrize("content", [None, b"\xff\xfe", b"", b"[]", b"\x00"])
def test_what_is_no_file_of_ours(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "warren.yaml"
    if content is not None:
        path.write_bytes(content)
    done = call("check", path)
    assert done.code == 1
    assert "error: " in done.err
    assert "fault" not in done.err


def test_a_missing_file_names_init(tmp_path: Path) -> None:
    assert "warren init" in call("check", tmp_path / "warren.yaml").err
    assert call("check", tmp_path).code == 1
