"""The boot script: whatever is there, afterwards all is there, and nothing opens before it closes."""

from __future__ import annotations

import subprocess

from tests.topologies import everything
from warren.desired.boot import HEAD, converge, dismantle
from warren.desired.items.netns import Netns
from warren.desired.items.told import Told
from warren.desired.items.unit import Unit
from warren.desired.lower import lower
from warren.desired.model import HostState, Platform, of_kind


def script(host: str = "home") -> str:
    return converge(lower(everything(), {"home": "K1", "vps": "K2"})[host])


def test_it_is_shell() -> None:
    for text in (script(), dismantle(HostState.of([Netns("db")]))):
        subprocess.run(["sh", "-n"], input=text.encode(), check=True)


def test_rules_come_first_and_the_doors_of_services_last() -> None:
    text = script()
    order = ["table inet warren {", "rule add", "route replace unreachable", "netns add", "link add name v-"]
    assert [text.index(word) for word in order] == sorted(text.index(word) for word in order)


def test_what_is_there_is_no_failure() -> None:
    text = script()
    assert "route add" not in text
    assert "addr add" not in text
    assert " -batch - <<" not in text


def test_what_was_counted_stays_counted() -> None:
    text = script()
    assert text.index("nft list table inet warren_count >/dev/null 2>&1 || {") < text.index("table inet warren_count {")


def test_a_change_that_runs_or_waits_is_left_alone() -> None:
    text = script()
    assert "[ ! -e /var/lib/warren/pending ] || exit 0" in text
    assert "flock -n 9 || exit 0" in text


def test_it_fails_when_something_could_not_be_made() -> None:
    assert 'for n in db; do [ -e /run/netns/$n ] || bad="$bad namespace $n"; done' in converge(
        HostState.of([Netns("db")])
    )


def test_after_a_boot_everything_runs_what_its_files_say() -> None:
    assert "echo 86 > /run/warren/started/system/a.socket" in converge(HostState.of([Unit("a.socket", "86")]))


def test_the_same_state_gives_the_same_text() -> None:
    state = lower(everything())["home"]
    assert converge(state) == converge(HostState(dict(reversed(list(state.items.items())))))
    assert HEAD in converge(state)


def test_after_a_boot_everything_has_read_its_files() -> None:
    states = lower(everything(), {"home": "K1", "vps": "K2"}, Platform.SYSTEMD)
    for state in states.values():
        text = converge(state)
        told = of_kind(state, Told)
        assert told
        assert all(f"echo {each.digest} > /run/warren/started/files/{each.uid}/{each.unit}" in text for each in told)
