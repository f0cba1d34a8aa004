"""Scripts on a host: what is tried again and what is not."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.hosts.ssh import fake
from warren.hosts.base import Unreachable
from warren.hosts.ssh import SshHost, Target

REFUSES_ONCE = """
[ -e "$here/refused" ] || { : >"$here/refused"; echo 'Connection reset by 203.0.113.10 port 22' >&2; exit 255; }
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return fake.install(tmp_path, monkeypatch)


@pytest.fixture
def host(folder: Path) -> Iterator[SshHost]:
    made = SshHost(fake.TARGET)
    yield made
    made.close()


def test_scripts_share_a_connection(host: SshHost, folder: Path) -> None:
    assert host.run("echo $SSH_CONNECTION; cat", b"in").stdout == b"198.51.100.7 5000 203.0.113.10 22\nin"
    assert host.run("exit 3").code == 3
    assert fake.log(folder) == ["connect"]


def test_a_connection_may_be_there_before_the_first_script(host: SshHost, folder: Path) -> None:
    host.connect()
    assert fake.log(folder) == ["connect"]
    assert host.run("echo in").stdout == b"in\n"
    assert fake.log(folder) == ["connect"]


def test_what_keeps_it_away_is_said_to_the_first_script(host: SshHost, folder: Path) -> None:
    fake.goes_wrong(folder, "echo 'root@203.0.113.10: Permission denied (publickey).' >&2; exit 255")
    host.connect()
    with pytest.raises(Unreachable, match=r"^vps cannot be reached: ssh was not let in$"):
        host.run("true")
    assert fake.log(folder) == ["connect"]
    (folder / "wrong").unlink()
    assert host.run("echo in").stdout == b"in\n"


def test_a_fresh_one_does_not(host: SshHost, folder: Path) -> None:
    host.run("true")
    other = host.fresh()
    other.run("true")
    other.close()
    assert fake.log(folder) == ["connect", "connect"]
    assert host.run("echo still").stdout == b"still\n"


def test_a_connection_that_was_refused_is_made_again(host: SshHost, folder: Path) -> None:
    fake.goes_wrong(folder, REFUSES_ONCE)
    assert host.run("echo in").stdout == b"in\n"
    assert fake.log(folder) == ["connect", "connect"]


def test_what_will_not_pass_is_not_tried_again(host: SshHost, folder: Path) -> None:
    fake.goes_wrong(folder, "echo 'root@203.0.113.10: Permission denied (publickey).' >&2; exit 255")
    with pytest.raises(Unreachable, match=r"^vps cannot be reached: ssh was not let in$"):
        host.run("true")
    assert fake.log(folder) == ["connect"]


def test_a_script_is_never_sent_twice(host: SshHost, folder: Path) -> None:
    host.run("true")
    with pytest.raises(Unreachable, match="the connection to vps broke while a script ran"):
        host.run(f"echo once >>{folder}/ran; {fake.cut(folder)}")
    assert (folder / "ran").read_text() == "once\n"
    assert host.run("echo again").stdout == b"again\n"
    assert fake.log(folder) == ["connect", "connect"]


def test_one_that_hangs_is_left_behind(host: SshHost, folder: Path) -> None:
    host.run("true")
    before = time.monotonic()
    with pytest.raises(Unreachable, match="did not finish within 1 second"):
        host.run("trap '' TERM; sleep 9", timeout=1)
    assert time.monotonic() - before < 3
    assert host.run("echo again").stdout == b"again\n"


def test_one_behind_another_shares_its_connection(host: SshHost, folder: Path) -> None:
    home = SshHost(Target("home", "admin@home", fake.TARGET), host)
    assert home.run("echo in").stdout == b"in\n"
    other = home.fresh()
    other.run("true")
    assert fake.log(folder) == ["connect", "connect", "connect"]
    other.close()
    home.close()
    assert host.run("echo still").stdout == b"still\n"
    assert fake.log(folder) == ["connect", "connect", "connect"]


def test_one_behind_another_closes_what_it_made(folder: Path) -> None:
    home = SshHost(Target("home", "admin@home", fake.TARGET))
    home.run("true")
    assert len(list(folder.glob("wrn-*"))) == 2
    home.close()
    assert not list(folder.glob("wrn-*"))


def test_without_ssh_there_is_a_sentence(host: SshHost, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(Unreachable, match="vps cannot be reached: ssh does not run here"):
        host.run("true")


def test_a_command_on_our_own_streams(host: SshHost, capfd: pytest.CaptureFixture[str]) -> None:
    assert host.attach("echo out; exit 4") == 4
    assert capfd.readouterr().out == "out\n"
