"""One script, one round trip, and the same items that were applied."""

from __future__ import annotations

import grp
import subprocess
from pathlib import Path

import pytest

from tests.memory import applied, fresh
from tests.topologies import two_hosts
from warren import observe as observing
from warren.desired.items.file import File
from warren.desired.items.netns import Netns
from warren.desired.items.route import Route
from warren.desired.lower import lower
from warren.desired.model import HostState
from warren.hosts.base import Unreachable
from warren.hosts.fake import FakeHost
from warren.observe import OWNED, SETTINGS_OF, decode, observe, observe_host, script

EMPTY = "%%warren links\n[]\n%%warren routes\n[]\n%%warren rules4\n[]\n%%warren rules6\n[]\n"


def test_a_host_is_asked_once() -> None:
    hosts = applied(two_hosts(), fresh(two_hosts()))
    before = {name: host.trips for name, host in hosts.items()}
    observe(hosts, lower(two_hosts()))
    assert {name: host.trips - before[name] for name, host in hosts.items()} == {"vps": 1, "home": 1}


def test_the_script_asks_for_what_is_wanted_and_for_what_is_remembered() -> None:
    wanted = HostState.of([Netns("cloud"), File("/etc/netns/cloud/hosts", "x\n")])
    text = script(wanted)
    assert "{ printf '%s\\n' cloud; remembered netns; } | sort -u" in text
    assert "{ printf '%s\\n' /etc/netns/cloud/hosts; remembered file; } | sort -u" in text


def test_no_secret_is_printed() -> None:
    text = script(lower(two_hosts())["home"])
    assert '$2="-"' in text and '$3="-"' in text, "private and preshared keys never leave the host"
    assert "cat /etc/warren/wireguard.key" not in text


def test_an_answer_that_is_cut_off_is_no_answer() -> None:
    with pytest.raises(Unreachable, match="cut off"):
        decode(EMPTY, HostState())
    assert len(decode(f"{EMPTY}%%warren end\n", HostState()).state) == 0


def test_a_host_that_does_not_answer_is_named() -> None:
    with pytest.raises(Unreachable, match="home cannot be reached"):
        observe({"home": FakeHost("home", away=True)}, {})


def test_a_script_that_fails_says_why() -> None:
    host = FakeHost("home")
    wanted = HostState.of([Netns("a\nrm -rf /")])
    with pytest.raises(Unreachable, match="home could not be observed: sh: not a line of observe"):
        observe_host(host, wanted)


def test_namespaces_and_files_are_ours_only_when_wanted_or_remembered() -> None:
    host = FakeHost("home")
    host.run("ip -batch - <<'WARREN-END-OF-INPUT'\nnetns add theirs\nnetns add ours\nWARREN-END-OF-INPUT\n")
    assert list(observe_host(host, HostState()).state.items) == []
    host.machine.files[OWNED] = ("netns:ours\nfile:/etc/x\n", 0o600)
    host.machine.files["/etc/x"] = ("text\n", 0o644)
    seen = observe_host(host, HostState())
    assert {"netns:ours", "file:/etc/x"} <= set(seen.state.items)
    assert "netns:theirs" not in seen.state.items
    assert seen.owned == {"netns:ours", "file:/etc/x"}


def test_two_things_of_one_key_are_told_apart() -> None:
    routes = (
        '[{"dst":"10.0.0.0/8","dev":"b","table":"8600","protocol":"86"},'
        '{"dst":"10.0.0.0/8","dev":"a","table":"8600","protocol":"86"}]'
    )
    wanted = HostState.of([Route("10.0.0.0/8", "8600", "a")])
    seen = decode(EMPTY.replace("routes\n[]", f"routes\n{routes}") + "%%warren end\n", wanted)
    assert seen.state.items == {
        "route:8600/to 10.0.0.0/8": Route("10.0.0.0/8", "8600", "a"),
        "route:8600/to 10.0.0.0/8 #2": Route("10.0.0.0/8", "8600", "b"),
    }


def test_what_is_about_to_go_is_seen_whole_so_that_it_can_come_back() -> None:
    hosts = applied(two_hosts(), fresh(two_hosts()))
    whole = observe_host(hosts["home"], lower(two_hosts())["home"]).state
    blind = observe_host(hosts["home"], HostState()).state
    for key in ("link:wrn-vps", "settings:cloud", "link:v-cloud", "file:/etc/netns/cloud/hosts"):
        assert blind.items[key] == whole.items[key]


def test_files_that_are_as_wanted_are_told_without_their_content(tmp_path: Path) -> None:
    same, other, gone = (File(str(tmp_path / name), f"{name}\n") for name in ("same", "other", "gone"))
    (tmp_path / "same").write_text("same\n")
    (tmp_path / "other").write_text("edited\n")
    wanted = HostState.of([same, other, gone])
    lines = ['section() { echo "%%warren $*"; }', *observing._files_as_wanted(wanted)]
    told = subprocess.run(["sh"], input="\n".join(lines).encode(), capture_output=True, check=True).stdout.decode()
    sections = {"same": told.partition("\n")[2]}
    (seen,) = observing._same_files(sections, wanted)
    group = grp.getgrgid((tmp_path / "same").stat().st_gid).gr_name
    assert (seen.path, seen.content, seen.group) == (same.path, same.content, group)
    assert seen.mode == (tmp_path / "same").stat().st_mode & 0o777


@pytest.mark.parametrize("perl", [True, False])
def test_settings_of_all_namespaces_are_read_in_one_process_or_in_one_each(tmp_path: Path, perl: bool) -> None:
    for tool, text in {"ip": 'shift 3; "$@"', **({} if perl else {"perl": "exit 127"})}.items():
        (tmp_path / tool).write_text(f"#!/bin/sh\necho {tool} >>{tmp_path}/log\n{text}\n")
        (tmp_path / tool).chmod(0o755)
    for name in ("db", "web"):
        (tmp_path / name).symlink_to("/proc/self/ns/net")
    keys = "/proc/sys/net/ipv4/ip_forward /proc/sys/net/no/such"
    text = f"{SETTINGS_OF}\nprintf 'db\\ngone\\n\\nweb\\n' | settings {keys}".replace("/run/netns", str(tmp_path))
    head = f'PATH={tmp_path}:$PATH\nsection() {{ echo "%%warren $*"; }}\n'
    done = subprocess.run(["sh", "-c", head + text], capture_output=True, text=True, check=False)
    now = Path("/proc/sys/net/ipv4/ip_forward").read_text()
    line = f"/proc/sys/net/ipv4/ip_forward:{now}"
    assert done.stdout == f"%%warren settings db\n{line}%%warren settings web\n{line}"
    ran = (tmp_path / "log").read_text().split() if (tmp_path / "log").exists() else []
    assert ran in ([], ["perl", "ip", "ip"], ["ip", "ip"])
