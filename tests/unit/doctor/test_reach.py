"""Trials of a tunnel's port, and what their counts mean."""

from __future__ import annotations

import subprocess

import pytest

from tests.topologies import everything, two_hosts
from warren.doctor.model import Level
from warren.doctor.reach import LENGTH, Counted, counted, counting, judge, sending, trials

PRINTED = """\
	counter a0 {
		packets 3 bytes 528
--
	counter b0 {
		packets 0 bytes 0
"""


def test_only_tunnels_whose_ends_are_both_asked() -> None:
    assert [each.tunnel.dialer for each in trials(two_hosts(), ["vps", "home"])] == ["home"]
    assert trials(two_hosts(), ["vps"]) == ()


def test_every_trial_has_its_own_packets() -> None:
    held = trials(everything(), everything().hosts)
    assert len({each.bytes for each in held}) == len(held) > 3
    for each in held:
        assert not {0, 10, 13, 92} & set(bytes.fromhex(each.bytes)[4:])


def test_scripts_are_shell() -> None:
    held = trials(everything(), everything().hosts)
    for script in (counting(held), sending(held)):
        done = subprocess.run(["sh", "-n"], input=script, text=True, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
    assert sending(held[:1]).count("\\") == LENGTH


def test_counts_are_read() -> None:
    held = trials(two_hosts(), ["vps", "home"])
    assert counted(PRINTED, held) == {held[0]: Counted(3, 0)}
    assert counted("", held) == {held[0]: Counted(0, 0)}


@pytest.mark.parametrize(
    ("seen", "code", "level"),
    [
        (Counted(0, 0), "not-reachable", Level.ERROR),
        (Counted(2, 0), "not-let-in", Level.ERROR),
        (Counted(2, 2), "reachable", Level.OK),
        (None, "reach-untried", Level.NOTE),
    ],
)
def test_what_counts_mean(seen: Counted | None, code: str, level: Level) -> None:
    (trial,) = trials(two_hosts(), ["vps", "home"])
    (found,) = judge({trial: seen})["vps"]
    assert (found.code, found.level) == (code, level)
    assert "UDP 51820" in found.summary
    assert "home" in found.summary


def test_where_to_open_it() -> None:
    (trial,) = trials(two_hosts(), ["vps", "home"])
    (found,) = judge({trial: Counted(0, 0)})["vps"]
    assert found.mend is not None
    assert found.mend.command == "open UDP 51820 to 203.0.113.10 at the provider of vps, and for home to go out"


def test_a_host_without_a_tool_to_send() -> None:
    (trial,) = trials(two_hosts(), ["vps", "home"])
    (found,) = judge({trial: Counted(0, 0)}, lacking=["home"])["vps"]
    assert found.code == "reach-untried"
