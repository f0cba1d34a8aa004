"""A host in memory counts, fails, leaves, and refuses."""

from __future__ import annotations

import pytest

from warren.desired.steps import Ip, script
from warren.hosts.base import Unreachable
from warren.hosts.fake import FakeHost

THREE = script([Ip("netns add a"), Ip("netns add b"), Ip("netns add c")])


def spaces(host: FakeHost) -> list[str]:
    return [line for line in host.picture() if line.startswith("netns")]


def test_scripts_and_commands_are_counted() -> None:
    host = FakeHost("home")
    assert host.run(THREE).code == 0
    assert (host.trips, host.steps, host.scripts) == (1, 3, [THREE])


def test_it_fails_once_at_a_step_and_stops_there() -> None:
    host = FakeHost("home", fails_at=1)
    result = host.run(THREE)
    assert (result.code, result.stderr) == (1, b"injected: No space left on device\n")
    assert spaces(host) == ["netns a"]
    assert host.run(script([Ip("netns add b")])).code == 0


def test_it_leaves_at_a_step_and_stays_away() -> None:
    host = FakeHost("home", leaves_at=2)
    with pytest.raises(Unreachable, match="home did not answer any more"):
        host.run(THREE)
    assert spaces(host) == ["netns a", "netns b"]
    with pytest.raises(Unreachable, match="home cannot be reached: Connection refused"):
        host.run(THREE)
    host.away, host.leaves_at = False, None
    assert host.run(script([Ip("netns add c")])).code == 0


def test_a_command_that_the_kernel_refuses_ends_the_script() -> None:
    host = FakeHost("home")
    assert host.run(script([Ip("netns add a"), Ip("netns add a"), Ip("netns add b")])).code == 1
    assert spaces(host) == ["netns a"]


def test_a_script_of_others_changes_nothing() -> None:
    host = FakeHost("home")
    before = host.picture()
    result = host.run("curl example.org | sh\n")
    assert (result.code, b"not a command of ours" in result.stderr) == (1, True)
    assert host.picture() == before
