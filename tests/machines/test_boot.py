"""After a reboot everything is back by itself, and nothing left its home meanwhile (T43)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.machines.images import image
from tests.machines.rig import Rig, rig, until
from warren.lab.proving import Proving
from warren.verify import Leaks, unwatch, watch

WEB = "docker.io/library/web"
GATEWAY = "203.0.113.10"
# Reached by the Internet: on the gateway itself, and at home through the tunnel.
EXPOSED = (8080, 8081)


@pytest.fixture(scope="module")
def net(machines: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """Two machines, applied, whose containers answer themselves."""
    with rig(tmp_path_factory.mktemp("boot")) as made:
        made.publish(image("web"), WEB, "1")
        outcome = made.apply()
        assert outcome.succeeded, outcome.failure
        until(lambda: served(made) == EXPOSED)
        yield made


def served(net: Rig) -> tuple[int, ...]:
    """Which exposed ports answer from outside."""
    return tuple(port for port in EXPOSED if net.reaches("internet", GATEWAY, port))


def watched(net: Rig, act: object) -> Leaks:
    """What left the home while something was done, with every silent service sending all the time."""
    ground = Proving(net.lab, net.topology)
    watching = watch(net.topology, ground)
    try:
        assert callable(act)
        act()
    finally:
        found = unwatch(net.topology, watching)
    return found


def test_all_is_back_after_a_reboot_and_nothing_leaked(net: Rig) -> None:
    def reboot() -> None:
        net.machine("home").reboot()
        until(lambda: served(net) == EXPOSED, 60)

    leaks = watched(net, reboot)
    assert leaks.leaked == 0, leaks.examples
    # It was really listened to: services sent before and after, and the tunnel was heard.
    assert leaks.sent > 0 and leaks.wireguard > 0
    assert net.plan().plan.is_empty
    assert net.run("home", "systemctl is-system-running") == "running"


def test_a_home_boots_while_its_gateway_is_off_and_keeps_silent(net: Rig) -> None:
    net.machine("vps").kill()

    def boot() -> None:
        net.machine("home").reboot()
        until(lambda: net.run("home", "systemctl is-active user@$(id -u cloud)") == "active")

    leaks = watched(net, boot)
    assert leaks.leaked == 0, leaks.examples
    assert net.run("home", "systemctl is-system-running") == "running"
    net.machine("vps").boot()
    until(lambda: served(net) == EXPOSED, 60)
    assert net.plan().plan.is_empty


def test_power_that_fails_is_as_good_as_a_reboot(net: Rig) -> None:
    def fail() -> None:
        net.machine("home").kill()
        net.machine("home").boot()
        until(lambda: served(net) == EXPOSED, 60)

    leaks = watched(net, fail)
    assert leaks.leaked == 0, leaks.examples
    assert net.plan().plan.is_empty


def test_the_uplink_carries_the_fence_before_it_carries_anything(net: Rig) -> None:
    """What is ours is up before the first program of the system may want the network."""
    order = "systemctl show -P Before warren.service"
    assert {"network-pre.target", "sysinit.target"} & set(net.run("home", order).split())


def test_what_is_private_stays_so_over_a_boot(net: Rig, tmp_path: Path) -> None:
    before = net.run("home", "stat -c '%a %U %n' /etc/warren/wireguard.key; sha256sum /etc/warren/wireguard.key")
    net.machine("home").reboot()
    assert (
        net.run("home", "stat -c '%a %U %n' /etc/warren/wireguard.key; sha256sum /etc/warren/wireguard.key") == before
    )
