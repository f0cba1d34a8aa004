"""Host keys and the file that keeps them."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.unit.hosts.ssh import fake
from warren.hosts.base import Unreachable
from warren.hosts.ssh import keys
from warren.hosts.ssh.keys import HostKey

KEY = "AAAAC3NzaC1lZDI1NTE5AAAAIKDGhgspXjRIIAa4DCYGDSAs6KqtSpxLnZVsqv3y3w9A"
OTHER = "AAAAC3NzaC1lZDI1NTE5AAAAICAfITEb7rCy2kKETnS3yACbrKl/mQiiMVWFz+DzTobJ"

SHOWS = f"""
for word; do
  case $word in UserKnownHostsFile=*) seen=${{word#*=\\"}} ;; esac
done
echo "vps ssh-ed25519 {KEY}" >"${{seen%\\"}}"
exit 255
"""


def test_a_fingerprint_is_that_of_ssh() -> None:
    assert HostKey("vps", "ssh-ed25519", KEY).fingerprint == "SHA256:cRUen5yKjx4udI5GfK7vicYaasV1a89h3+vprwMA1cs"


def test_only_plain_lines_are_keys() -> None:
    lines = [f"vps ssh-ed25519 {KEY} comment", "# comment", "", f"|1|x|y ssh-ed25519 {KEY}", "vps ssh-ed25519 no"]
    assert keys.parse("\n".join(lines)) == [HostKey("vps", "ssh-ed25519", KEY)]


def test_a_pin_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    pins = tmp_path / "state" / "known_hosts"
    assert keys.pinned(pins) == []
    keys.pin(pins, HostKey("vps", "ssh-ed25519", KEY))
    keys.pin(pins, HostKey("home", "ssh-ed25519", KEY))
    keys.pin(pins, HostKey("vps", "ssh-ed25519", OTHER))
    assert pins.read_text() == f"home ssh-ed25519 {KEY}\nvps ssh-ed25519 {OTHER}\n"
    assert stat.S_IMODE(pins.stat().st_mode) == 0o600
    assert stat.S_IMODE(pins.parent.stat().st_mode) == 0o700
    assert [each.name for each in pins.parent.iterdir()] == ["known_hosts"]


def test_the_users_own_files_count_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake.install(tmp_path, monkeypatch)
    assert keys.informed(fake.TARGET).known == ("/known/one", "/known/two")


def test_a_configuration_that_ssh_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake.install(tmp_path, monkeypatch)
    (tmp_path / "ssh").write_text("#!/bin/sh\necho 'config line 3: Bad configuration option: foo' >&2\nexit 255\n")
    with pytest.raises(Unreachable, match="ssh refuses its configuration: config line 3: Bad configuration option"):
        keys.informed(fake.TARGET)


def test_a_key_that_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake.install(tmp_path, monkeypatch)
    assert keys.offered(fake.TARGET) is None
    fake.goes_wrong(tmp_path, SHOWS)
    assert keys.offered(fake.TARGET) == HostKey("vps", "ssh-ed25519", KEY)


def test_a_folder_for_each_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/state")
    assert keys.folder_of("nine-worlds") == Path("/state/warren/nine-worlds")
