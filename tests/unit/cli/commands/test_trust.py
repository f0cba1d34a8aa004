"""warren trust."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.calling import Called, call, written
from warren.hosts.ssh import keys, trust
from warren.hosts.ssh.keys import HostKey
from warren.hosts.ssh.trust import Shown

FILE = """\
version: 1
network: {name: test}
hosts:
  vps: {ssh: root@203.0.113.10, public: 203.0.113.10}
  here: {ssh: local}
"""
KEY = HostKey("203.0.113.10", "ssh-ed25519", "AAAAC3NzaC1lZDI1NTE5AAAAIKDGhgspXjRIIAa4DCYGDSAs6KqtSpxLnZVsqv3y3w9A")
OTHER = HostKey("203.0.113.10", "ssh-ed25519", "AAAAC3NzaC1lZDI1NTE5AAAAICAfITEb7rCy2kKETnS3yACbrKl/mQiiMVWFz+DzTobJ")


@pytest.fixture(autouse=True)
def pins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where keys are kept; the host shows `KEY`."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    file = tmp_path / "warren" / "test" / "known_hosts"
    monkeypatch.setattr(trust, "look", lambda target: Shown(KEY, tuple(keys.pinned(file))))
    return file


def trusting(folder: Path, *words: str) -> Called:
    return call("trust", "--file", written(folder, FILE), *words)


def test_the_right_fingerprint_is_remembered(tmp_path: Path, pins: Path) -> None:
    said = trusting(tmp_path, "vps", "--fingerprint", KEY.fingerprint)
    assert (said.code, said.out) == (0, f"vps is known by ssh-ed25519 {KEY.fingerprint}\n")
    assert keys.pinned(pins) == [KEY]
    assert trusting(tmp_path, "vps").code == 0


def test_another_fingerprint_is_refused(tmp_path: Path, pins: Path) -> None:
    said = trusting(tmp_path, "vps", "--fingerprint", OTHER.fingerprint)
    assert said.code == 1
    assert f"vps shows {KEY.fingerprint}, which is not that fingerprint" in said.err
    assert not pins.exists()


def test_without_a_terminal_nobody_is_asked(tmp_path: Path, pins: Path) -> None:
    said = trusting(tmp_path, "vps")
    assert said.code == 1
    assert f"vps shows ssh-ed25519 {KEY.fingerprint}" in said.err
    assert "--fingerprint SHA256:... says which key is right" in said.err
    assert not pins.exists()


def test_at_a_terminal_its_owner_decides(tmp_path: Path, pins: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys.pin(pins, OTHER)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.confirm", lambda *words, **more: True)
    said = trusting(tmp_path, "vps", "--json")
    assert f"until now vps was known by ssh-ed25519 {OTHER.fingerprint}" in said.err
    known = {"host": "vps", "kind": "ssh-ed25519", "fingerprint": KEY.fingerprint}
    assert json.loads(said.out) == {"version": 1, "hosts": [known]}
    assert keys.pinned(pins) == [KEY]


def test_all_of_them_where_none_is_named(tmp_path: Path, pins: Path) -> None:
    keys.pin(pins, KEY)
    assert trusting(tmp_path).out == f"vps is known by ssh-ed25519 {KEY.fingerprint}\n"
    assert "that of one host" in trusting(tmp_path, "--fingerprint", KEY.fingerprint).err


@pytest.mark.parametrize(("host", "sentence"), [("vsp", "no host `vsp`"), ("here", "is this machine")])
def test_who_has_no_key(tmp_path: Path, host: str, sentence: str) -> None:
    assert sentence in trusting(tmp_path, host).err
