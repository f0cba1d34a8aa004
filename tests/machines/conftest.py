"""Whole Debian machines for tests: booted in about a second, skipped with the reason where they cannot be.

    def test_something(bare: Rig) -> None:            # two fresh machines, for this test alone: `vps` and `home`
        bare.run("home", "systemctl is-active ssh")   # as root, also while the network is cut
        bare.machine("home").reboot()                 # or kill() and boot(); freeze() and thaw()
        bare.cut("home"); bare.heal("home")           # the line, not the cable
        assert bare.reaches("internet", "203.0.113.10", 22)              # a connection from outside
        until(lambda: bare.reaches("internet", "203.0.113.10", 8080))    # of tests.machines.rig

`worlds` is the same pair of machines for all tests of a session that leave them as they were. `rig(tmp_path, text)` is
a `with` that boots the hosts of any file. Images: `bare.load("home", "user", image("web", "2", Behaviour.BROKEN))` of
tests.machines.images, or `bare.publish(image(...), "docker.io/library/web", "latest")`: the lab has a registry that
stands for all others, and answers with an idle stand-in where nothing was published (`bare.lab.store`).

In: root, cgroups of the second version, mmdebstrap and systemd-container. Out: fixtures. Never leaves a machine behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.machines.rig import Rig, rig
from warren.lab import allowed
from warren.lab.machines import rack


@pytest.fixture(scope="session")
def machines() -> None:
    """Skip where no machine can be booted."""
    if reason := rack.why_not() or allowed.why_not():
        pytest.skip(reason)


@pytest.fixture
def bare(machines: None, tmp_path: Path) -> Iterator[Rig]:
    """A gateway `vps` and a home `home` behind a NAT router, fresh, for one test."""
    with rig(tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def worlds(machines: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """The same, for every test that leaves it as it was."""
    with rig(tmp_path_factory.mktemp("worlds")) as made:
        yield made
