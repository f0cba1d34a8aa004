"""`warren check` as it is typed."""

from __future__ import annotations

import json
from ipaddress import ip_address
from pathlib import Path

import pytest

from tests.unit.cli.calling import TWO_HOSTS, call, written
from warren.probe import registrar
from warren.topology.caa import Caa


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


NAMED = """\
version: 1
network: {name: n}
hosts: {vps: {public: 203.0.113.10}, home: {lan: 192.168.2.0/24, egress: vps}}
services: {a: {host: home, image: a:1, ports: {web: 80}, expose: {https: a.example}}}
"""


def test_what_the_registrar_must_be_told(tmp_path: Path) -> None:
    done = call("check", written(tmp_path, NAMED))
    assert done.code == 0 and "a.example              A     203.0.113.10" in done.out and "192.168" not in done.out
    assert 'CAA records, they must allow `0 issue "letsencrypt.org"`.' in done.out


def test_what_the_names_say_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    records: dict[str, tuple[Caa, ...]] = {"a.example": (Caa(0, "issue", "other.example"),)}
    monkeypatch.setattr(registrar, "addresses", lambda names: {"a.example": (ip_address("203.0.113.10"),)})
    monkeypatch.setattr(registrar, "authorisations", lambda names: records)
    done = call("check", path := written(tmp_path, NAMED), "--dns")
    assert done.code == 3 and "wrong: `a.example` will get no certificate of letsencrypt.org: " in done.err
    assert len(json.loads(call("check", path, "--dns", "--json").out)["records_differ"]) == 1
    records["a.example"] = ()
    assert call("check", path, "--dns").code == 0
