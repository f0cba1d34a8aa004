"""A lab is built, entered, changed in place, and gone: real namespaces."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.running import running, said
from tests.lab.topologies import VPS, host, many_hosts, topology, two_hosts
from warren.basis.diagnostic import Refused
from warren.hosts.base import Unreachable
from warren.lab import door
from warren.lab.build import build
from warren.lab.lab import Lab, find, labs

pytestmark = pytest.mark.netns


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with running(two_hosts()) as built:
        yield built


def test_it_is_up_at_once() -> None:
    begun = time.monotonic()
    with running(many_hosts(10)) as built:
        # 0.2 s on an idle machine; the figures of the contract are 0.7 s for two hosts and 2 s for ten.
        assert time.monotonic() - begun < 2
        assert "host:home10" in {f"host:{name}" for name in built.places()}
        begun = time.monotonic()
        built.down()
        assert time.monotonic() - begun < 1


def test_every_place_stands(lab: Lab) -> None:
    names = {"internet", "internet2", "server", "router:home", "lan:home", "vps", "home"}
    assert set(lab.places()) == names == set(lab.namespaces())


def test_a_host_runs_scripts_as_a_fresh_debian(lab: Lab) -> None:
    vps = lab.host("vps")
    result = vps.run(
        "hostname; id -u; cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/conf/eth0/rp_filter; cat", b"in"
    )
    assert (result.code, result.stdout.split()) == (0, [b"vps", b"0", b"0", b"2", b"in"])
    assert vps.run("echo trouble >&2; exit 7").code == 7
    assert vps.run("#" * 300_000 + "\necho long").stdout == b"long\n"
    assert vps.run("python3 -V && ip -V && nft --version && wg --version").code == 0


def test_a_hosts_files_are_its_own(lab: Lab) -> None:
    vps, home = lab.host("vps"), lab.host("home")
    script = "echo mine > /etc/warren/x; echo mine > /var/lib/warren/x; echo mine > /run/x; echo mine > /etc/new-file"
    assert vps.run(script).code == 0
    assert home.run("ls /etc/warren/x /var/lib/warren/x /run/x /etc/new-file 2>/dev/null").stdout == b""
    assert not any(Path(path).exists() for path in ("/etc/warren/x", "/var/lib/warren/x", "/run/x", "/etc/new-file"))
    assert vps.run("echo x >> /etc/debian_version").code != 0, "the machine's own files are read-only"
    assert vps.run("cat /etc/os-release /etc/mtab").code == 0, "links of the machine lead where they led"
    assert vps.run("id root && test -e /etc/ssl && touch /home/x && rm /home/x").code == 0


def test_namespaces_of_services_are_places(lab: Lab) -> None:
    with pytest.raises(Refused, match="service `game` is not built on home yet"):
        lab.place("game")
    script = "mkdir /etc/netns/game; echo nameserver 192.0.2.1 > /etc/netns/game/resolv.conf; ip netns add game"
    assert lab.host("home").run(script).code == 0
    assert lab.place("game").host == "home"
    assert said(lab, "game", "cat /etc/resolv.conf; ls /sys/class/net") == "nameserver 192.0.2.1\nlo"
    assert lab.exec("game", ["sh", "-c", "exit 3"]) == 3
    assert lab.host("vps").run("ip netns add game; ip netns del game").code == 0
    assert lab.host("home").run("ip netns del game").code == 0


def test_what_a_script_starts_outlives_it(lab: Lab) -> None:
    begun = time.monotonic()
    started = lab.host("home").run("sleep 60 & echo $!")
    assert time.monotonic() - begun < 5
    pid = int(started.stdout)
    assert lab.host("home").run(f"kill {pid}").code == 0
    assert lab.host("home").run(f"for i in $(seq 100); do test -d /proc/{pid} || exit 7; sleep 0.02; done").code == 7


def test_a_script_that_does_not_end_is_ended(lab: Lab) -> None:
    with pytest.raises(Unreachable, match="home did not finish within 0.2 seconds"):
        lab.host("home").run("sleep 77", timeout=0.2)


def test_wireguard_has_a_socket_of_its_own_on_each_host(lab: Lab) -> None:
    make = "ip link add wt-x type wireguard 2>/dev/null || wireguard-go wt-x; wg show interfaces"
    for name in ("vps", "home"):
        assert lab.host(name).run(make).stdout == b"wt-x\n"
        assert lab.host(name).run("ip link del wt-x").code == 0


def test_routes_lead_out_and_back(lab: Lab) -> None:
    """Seen by the answer of a closed port: a refusal came all the way back."""
    for place, address in (("home", "203.0.113.10"), ("home", "2001:db8:10::10"), ("internet", "203.0.113.10")):
        assert connecting(lab, place, address) == "ConnectionRefusedError", (place, address)
    for address in ("192.168.2.10", "2001:db8:a002::a", "198.18.2.1"):
        assert connecting(lab, "internet", address) in ("TimeoutError", "OSError"), f"{address} is behind a router"
    assert connecting(lab, "lan:home", "192.168.2.10") == "ConnectionRefusedError"


CONNECT = """\
import socket, sys
try:
    socket.create_connection((sys.argv[1], 9999), 0.5)
except OSError as error:
    print(type(error).__name__)
"""


def connecting(lab: Lab, place: str, address: str) -> str:
    """The error of a connection to a port where nobody listens."""
    return lab.run(place, sys.executable, "-I", "-S", "-c", CONNECT, address).stdout.decode().strip()


def test_scripts_of_the_whole_lab_enter_every_place(lab: Lab, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("import os, sys\nfor path in sys.argv[1:]: print(os.stat(path).st_ino > 0)\n")
    result = lab.python(script, *lab.namespaces().values())
    assert result.stdout.split() == [b"True"] * len(lab.places())


def test_files_of_the_lab_are_seen_nowhere_else(lab: Lab) -> None:
    assert lab.read("state.json") is None
    lab.write("state.json", b"{}")
    assert lab.read("state.json") == b"{}"
    assert not Path("/run/warren-lab").exists()


def test_a_name_runs_once_and_several_names_side_by_side(lab: Lab) -> None:
    with pytest.raises(Refused, match="runs already"):
        build(two_hosts(), lab.name)
    assert find(lab.name) == lab
    with running(two_hosts()) as second:
        assert {lab, second} <= set(labs())
    assert find(second.name) is None


def test_it_grows_and_shrinks_in_place() -> None:
    joined = host("nas", 3, lans=("192.168.2.0/24",), site="house")
    home = host("home", 2, lans=("192.168.2.0/24",), site="house")
    with running(topology(VPS, home)) as lab:
        assert lab.host("home").run("echo kept > /run/kept; ip netns add kept").code == 0
        lab.extend(topology(VPS, home, joined, host("other", 9)))
        assert lab.host("home").run("cat /run/kept").stdout == b"kept\n"
        assert connecting(lab, "home", "192.168.2.11") == "ConnectionRefusedError"
        assert connecting(lab, "other", "203.0.113.10") == "ConnectionRefusedError"
        lab.extend(topology(VPS, joined))
        assert set(lab.places()) >= {"nas", "router:house", "lan:nas"}
        assert not {"home", "other", "kept", "lan:home", "router:other"} & set(lab.places())
        assert connecting(lab, "nas", "203.0.113.10") == "ConnectionRefusedError"


@pytest.mark.parametrize("victim", ["keeper", "guardian"])
def test_a_killed_lab_leaves_nothing(victim: str) -> None:
    lab = build(two_hosts(), f"killed-{os.getpid()}")
    assert lab.host("home").run("setsid sleep 1000 >/dev/null 2>&1 & ip netns add x").code == 0
    family = processes_of(lab)
    assert len(family) > 7
    mounts = Path("/proc/mounts").read_text()
    os.kill(lab.pid if victim == "keeper" else parent_of(lab.pid), signal.SIGKILL)
    until = time.monotonic() + 5
    while (lab.name in door.names() or any(map(alive, family))) and time.monotonic() < until:
        time.sleep(0.01)
    assert [pid for pid in family if alive(pid)] == []
    assert (lab.name in door.names(), find(lab.name)) == (False, None)
    assert Path("/proc/mounts").read_text() == mounts


def processes_of(lab: Lab) -> list[int]:
    """Every process of the lab's PID namespace, as seen from here."""
    inside = os.stat(f"/proc/{lab.pid}/ns/pid").st_ino
    found = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [pid for pid in found if alive(pid) and _pid_namespace(pid) == inside]


def _pid_namespace(pid: int) -> int:
    try:
        return os.stat(f"/proc/{pid}/ns/pid").st_ino
    except OSError:
        return 0


def alive(pid: int) -> bool:
    """Whether a process still runs; one that waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def test_a_tied_lab_ends_with_whoever_built_it() -> None:
    name = f"tied-{os.getpid()}"
    script = (
        f"import sys; sys.path[:0] = {sys.path!r}; from tests.lab.topologies import two_hosts;"
        f"from warren.lab.build import build; print(build(two_hosts(), {name!r}, tied=True).pid)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    until = time.monotonic() + 5
    while name in door.names() and time.monotonic() < until:
        time.sleep(0.01)
    assert not alive(int(done.stdout)) and name not in door.names()
