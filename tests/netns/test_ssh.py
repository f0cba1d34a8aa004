"""Scripts over real ssh: logins, host keys (T39), and connections that freeze, break or lose packets (T46)."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.netns import sshd
from tests.netns.sshd import GATEWAY, Bench, host
from tests.unit.cli.calling import call, written
from warren.hosts.base import Unreachable
from warren.hosts.ssh import SshHost, Target, keys
from warren.hosts.ssh.target import OPTIONS

pytestmark = [pytest.mark.netns, pytest.mark.skipif(bool(sshd.why_not()), reason=sshd.why_not() or "")]


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    # Other users must be able to read their keys there, and pytest's own folder is closed to them.
    with tempfile.TemporaryDirectory(prefix="sshd-") as folder, sshd.bench(Path(folder)) as made:
        made.trust()
        yield made


def sentence(target: Target, script: str = "true", timeout: float = 30) -> str:
    with host(target) as reached, pytest.raises(Unreachable) as refused:
        reached.run(script, timeout=timeout)
    return str(refused.value)


# logins


@pytest.mark.parametrize("text", [f"root@{GATEWAY}", f"admin@{GATEWAY}:2222"])
def test_a_script_runs_as_root_whoever_logs_in(bench: Bench, text: str) -> None:
    with host(bench.target(text)) as reached:
        result = reached.run("id -u; echo $SSH_CONNECTION; cat; echo wrong >&2; exit 3", b"\0\xff secret\n")
    uid, way, given = result.stdout.split(b"\n", 2)
    assert (result.code, uid, given, result.stderr) == (3, b"0", b"\0\xff secret\n", b"wrong\n")
    assert way.split()[0] == b"10.9.0.1"


def test_sudo_that_asks_is_refused_in_plain_words(bench: Bench) -> None:
    assert sentence(bench.target(f"plain@{GATEWAY}:2222")) == "vps cannot be reached: sudo asks for a password"


def test_a_stranger_is_not_let_in(bench: Bench) -> None:
    assert sentence(bench.target(f"stranger@{GATEWAY}")) == "vps cannot be reached: ssh was not let in"


def test_a_host_behind_another(bench: Bench) -> None:
    with host(bench.home()) as home:
        assert home.run("echo $SSH_CONNECTION").stdout.split()[0] == b"10.9.1.1"
        fresh = home.fresh()
        assert fresh.run("echo $SSH_CONNECTION").stdout != home.run("echo $SSH_CONNECTION").stdout
        fresh.close()
        # A gateway lets few connections in at once; all of this took one.
        assert bench.do("ss -Htn state established dport = 22").count("10.9.0.2:22") == 1


def test_the_users_own_configuration_leads_there_too(bench: Bench) -> None:
    config = bench.folder / "jump"
    own = (bench.folder / "config").read_text()
    inner = f"Host inner\n HostName {sshd.HOME}\n User root\n ProxyJump root@{GATEWAY}\n"
    config.write_text(f"{inner}{own} UserKnownHostsFile {bench.pins}\n")
    with host(Target("home", "inner", config=config, pins=bench.pins)) as home:
        assert home.run("echo $SSH_CONNECTION").stdout.split()[0] == b"10.9.1.1"


# what travels


def test_a_script_of_megabytes_and_its_answer(bench: Bench) -> None:
    with host(bench.target()) as reached:
        result = reached.run("# " + "x" * 3_000_000 + "\nhead -c 9000000 /dev/zero; cat", b"end" * 200_000)
    assert len(result.stdout) == 9_600_000


def test_nothing_of_a_script_is_on_an_argument_list(bench: Bench) -> None:
    script = "cat >/dev/null; ps -eo args; tr '\\0' ' ' </proc/self/environ # secret-1"
    with host(bench.target(f"admin@{GATEWAY}:2222")) as reached:
        said = reached.run(script, b"secret-2").stdout
    assert b"sshd" in said
    assert b"secret" not in said


def test_what_a_script_leaves_running_keeps_nobody(bench: Bench) -> None:
    with host(bench.target()) as reached:
        before = time.monotonic()
        assert reached.run("sleep 30 & echo done").stdout == b"done\n"
        assert time.monotonic() - before < 10


def test_many_at_once_over_one_connection(bench: Bench) -> None:
    with host(bench.target()) as reached:
        reached.run("true")
        ways: list[bytes] = []
        threads = [
            threading.Thread(target=lambda: ways.append(reached.run("sleep 0.2; echo $SSH_CONNECTION").stdout))
            for _ in range(5)
        ]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert len(ways) == 5
        assert len(set(ways)) == 1
        fresh = reached.fresh()
        assert fresh.run("echo $SSH_CONNECTION").stdout not in ways
        fresh.close()


# T39


def test_a_first_contact_is_refused_with_what_it_takes(bench: Bench, tmp_path: Path) -> None:
    stranger = Target("vps", f"root@{GATEWAY}", None, bench.folder / "config", tmp_path / "none")
    shown = keys.offered(stranger)
    assert shown
    with host(stranger) as reached, pytest.raises(Unreachable) as refused:
        reached.run("true")
    assert str(refused.value).startswith(f"the key of vps is not known yet: it shows ssh-ed25519 {shown.fingerprint}; ")
    assert "`warren trust vps`" in str(refused.value)
    assert not stranger.pins.exists()  # type: ignore[union-attr]


def test_the_host_on_the_way_is_named(bench: Bench, tmp_path: Path) -> None:
    pins = tmp_path / "pins"
    keys.pin(pins, next(key for key in keys.pinned(bench.pins) if key.place == sshd.HOME))
    config = bench.folder / "config"
    gateway = Target("vps", f"root@{GATEWAY}", None, config, pins)
    assert sentence(Target("home", f"root@{sshd.HOME}", gateway, config, pins)).startswith(
        "the key of vps is not known"
    )


def test_another_key_than_the_pinned_one_is_refused(bench: Bench, tmp_path: Path) -> None:
    pins = tmp_path / "pins"
    other = next(key for key in keys.pinned(bench.pins) if key.place == sshd.HOME)
    keys.pin(pins, keys.HostKey(GATEWAY, other.kind, other.key))
    changed = Target("vps", f"root@{GATEWAY}", None, bench.folder / "config", pins)
    assert sentence(changed).startswith("vps does not show the key that it is known by: it shows ssh-ed25519 SHA256:")


# T46


def test_a_frozen_sshd_ends_in_time(bench: Bench) -> None:
    """Whoever answers at the port and then says nothing."""
    bench.signal("STOP", "/usr/sbin/sshd -f gateway")
    try:
        before = time.monotonic()
        assert sentence(bench.target(), timeout=3) == "vps did not answer within 3 seconds"
        assert time.monotonic() - before < 4
    finally:
        bench.signal("CONT", "/usr/sbin/sshd -f gateway")


def test_a_connection_that_freezes_ends_in_time_and_another_is_made(bench: Bench) -> None:
    with host(bench.target()) as reached:
        reached.run("true")
        bench.signal("STOP", "sshd: root@notty")
        try:
            before = time.monotonic()
            with pytest.raises(Unreachable, match="not known how far it came"):
                reached.run("true", timeout=3)
            assert time.monotonic() - before < 4
            assert reached.run("echo again").stdout == b"again\n"
        finally:
            bench.signal("CONT", "sshd: root@notty")


def test_a_connection_that_is_cut_in_the_middle_is_not_tried_again(bench: Bench) -> None:
    mark = bench.folder / "ran"
    with host(bench.target()) as reached:
        reached.run("true")
        cut = threading.Timer(1, lambda: bench.signal("KILL", "sshd: root@notty"))
        cut.start()
        with pytest.raises(Unreachable, match="the connection to vps broke while a script ran") as broken:
            reached.run(f"echo once >> {mark}; sleep 20")
        cut.join()
        assert "look before you repeat it" in str(broken.value.hint)
        assert reached.run(f"cat {mark}").stdout == b"once\n"


def test_a_connection_that_ended_between_two_scripts_is_made_again(bench: Bench) -> None:
    with host(bench.target()) as reached:
        first = reached.run("echo $SSH_CONNECTION").stdout
        bench.signal("KILL", "sshd: root@notty")
        time.sleep(0.3)
        assert reached.run("echo $SSH_CONNECTION").stdout not in (b"", first)


def test_a_network_that_falls_silent_is_noticed(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(OPTIONS, "ServerAliveInterval", "1")
    with host(bench.target()) as reached:
        reached.run("true")
        bench.do(
            "nft 'add table inet loss; add chain inet loss in { type filter hook input priority 0; policy drop; }'"
        )
        try:
            with pytest.raises(Unreachable, match="broke while a script ran: it has stopped answering"):
                reached.run("sleep 50", timeout=30)
        finally:
            bench.do("nft delete table inet loss")
        assert reached.run("echo again").stdout == b"again\n"


def test_nothing_stays_when_we_are_killed(bench: Bench) -> None:
    """The connection ends with the process that made it, also where that had no chance to say goodbye."""
    program = f"""
from pathlib import Path
from warren.hosts.ssh import SshHost, Target
folder = Path("{bench.folder}")
host = SshHost(Target("vps", "root@{GATEWAY}", None, folder / "config", folder / "pins" / "known_hosts"))
host.run("true")
print("connected", flush=True)
host.run("sleep 2", timeout=30)
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout and running.stdout.readline() == "connected\n"
        running.kill()
    until = time.monotonic() + 8
    while "notty" in bench.do("ps -eo args") and time.monotonic() < until:
        time.sleep(0.2)
    assert "notty" not in bench.do("ps -eo args")


def test_a_script_that_does_not_end_is_stopped_there(bench: Bench) -> None:
    with host(bench.target()) as reached:
        with pytest.raises(Unreachable, match="vps did not finish within 2 seconds.* stopped there"):
            reached.run("sleep 4321", timeout=2)
        until = time.monotonic() + 10
        while reached.run("pgrep -f 'sleep 432[1]'").code == 0 and time.monotonic() < until:
            time.sleep(0.1)
        assert reached.run("pgrep -f 'sleep 432[1]'").code == 1


def test_one_packet_of_five_lost(bench: Bench) -> None:
    """Each script has its effect once, or says that this is not known; none hangs."""
    mark = bench.folder / "lossy"
    rules = "add table inet loss; add chain inet loss in { type filter hook input priority 0; }; " + (
        "add rule inet loss in numgen random mod 5 == 0 drop"
    )
    bench.do(f"nft '{rules}'")
    unknown = 0
    try:
        with host(bench.target()) as reached:
            for number in range(6):
                try:
                    reached.run(f"echo {number} >> {mark}", timeout=30)
                except Unreachable:
                    unknown += 1
    finally:
        bench.do("nft delete table inet loss")
    lines = mark.read_text().split()
    assert len(lines) == len(set(lines))
    assert len(lines) >= 6 - unknown


def test_one_connection_of_three_is_refused(bench: Bench) -> None:
    """sshd's own early drop, and limits of firewalls: nothing has run, so another attempt is safe."""
    bench.on("gateway", f"/usr/sbin/sshd -f {bench.folder}/gateway.conf -p 24 -o MaxStartups=1:60:9 -o PidFile=none")
    keys.pin(bench.pins, keys.HostKey(f"[{GATEWAY}]:24", *str(keys.pinned(bench.pins)[0]).split()[1:]))
    with host(bench.target(f"root@{GATEWAY}:24")) as reached:
        assert reached.run("echo in").stdout == b"in\n"


def test_nothing_is_left(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        reached = SshHost(bench.target())
        reached.run("true")
        assert len(os.listdir(folder)) == 1
        reached.close()
        assert os.listdir(folder) == []
    until = time.monotonic() + 8
    while "notty" in bench.do("ps -eo args") and time.monotonic() < until:
        time.sleep(0.2)
    assert "notty" not in bench.do("ps -eo args")


# the command line, with the caller's agent


@pytest.fixture
def file(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file whose hosts are reached with a key that only the agent holds; nobody is trusted yet."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    agent = bench.folder / "agent"
    with subprocess.Popen(["ssh-agent", "-D", "-a", agent], stdout=subprocess.DEVNULL) as running:
        monkeypatch.setenv("SSH_AUTH_SOCK", str(agent))
        until = time.monotonic() + 5
        while not agent.exists() and time.monotonic() < until:
            time.sleep(0.01)
        subprocess.run(["ssh-add", "-q", bench.folder / "key"], check=True)
        yield written(tmp_path, FILE)
        running.terminate()


FILE = f"""\
version: 1
network: {{name: bench}}
hosts:
  vps: {{ssh: "admin@{GATEWAY}:2222", public: 203.0.113.10}}
  home: {{ssh: {{to: "root@{sshd.HOME}", via: vps}}}}
  here: {{ssh: local}}
"""


def test_a_first_day(file: Path, bench: Bench) -> None:
    """Refused, trusted on the way from the near to the far, and then at work."""
    refused = call("exec", "--file", file, "vps", "--", "id", "-u")
    assert refused.code == 1
    assert "the key of vps is not known yet" in refused.err
    assert "the key of vps is not known yet" in call("trust", "--file", file, "home").err
    for name in ("vps", "home"):
        asked = call("trust", "--file", file, name)
        fingerprint = re.search(rf"{name} shows ssh-ed25519 (SHA256:\S+)", asked.err)
        assert fingerprint, asked
        assert call("trust", "--file", file, name, "--fingerprint", "SHA256:other").code == 1
        assert call("trust", "--file", file, name, "--fingerprint", fingerprint[1]).code == 0
    for name in ("vps", "home", "here"):
        done = json.loads(call("exec", "--file", file, "--json", name, "--", "sh", "-c", "id -u; exit 3").out)
        assert (done["code"], done["stdout"]) == (3, "0\n")


def test_a_command_on_the_callers_streams(file: Path, bench: Bench, capfd: pytest.CaptureFixture[str]) -> None:
    bench.trust()
    keys.folder_of("bench").mkdir(parents=True)
    (keys.folder_of("bench") / "known_hosts").write_text(bench.pins.read_text())
    assert call("exec", "--file", file, "home", "--", "sh", "-c", "id -u; echo wrong >&2; exit 4").code == 4
    assert capfd.readouterr() == ("0\n", "wrong\n")
