"""A service that was taken over, as a user of its host: what it may look at, tell, and use up (T5, T12, T40)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.machines.rig import Rig, rig, until
from warren import pipeline
from warren.apply import Terms
from warren.desired.model import Platform

# Everything of ours on a host that says more than a stranger should know.
CLOSED = (
    "/etc/warren/wireguard.key",
    "/var/lib/warren/generations",
    "/var/lib/warren/generations/*/state.json",
    "/var/lib/warren/owned",
    "/var/lib/warren/services/db",
    "/run/warren/*",
    "/run/user/$(id -u db)",
)
# What would change the host, its network or its neighbours.
ACTS = (
    "systemctl stop warren.service",
    "systemctl start warren-back.service",
    "systemctl reboot",
    "systemctl --machine=db@ --user list-units",
    "systemd-run --wait true",
    "busctl call org.freedesktop.systemd1 /org/freedesktop/systemd1 org.freedesktop.systemd1.Manager Reload",
    "loginctl terminate-user db",
    "nft flush ruleset",
    "nft list ruleset",
    "ip link set eth0 down",
    "ip route add default dev lo",
    "ip netns exec db true",
    "nsenter --net=/run/netns/db true",
    "nsenter --net=/proc/1/ns/net true",
    "wg show all dump",
    "sysctl -w net.ipv4.ip_forward=0",
    "su -c true",
    "sudo -n true",
    "crontab -u db -l",
    "test -w /run/podman/podman.sock",
    "test -w /run/systemd/private",
)


@pytest.fixture(scope="module")
def net(machines: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """One pair of machines, applied."""
    with rig(tmp_path_factory.mktemp("hostile")) as made:
        planned = pipeline.plan(made.topology, made.hosts, Platform.SYSTEMD)
        outcome = pipeline.apply(planned, made.hosts, terms=Terms("c1", "ada@pc"))
        assert outcome.succeeded, outcome.failure
        yield made


def as_cloud(words: str) -> str:
    """The words, said by the service `cloud`, who has whatever its login gives it."""
    return f"cd / && timeout 10 su cloud -s /bin/sh -c '{words}' </dev/null"


def test_it_is_inside_and_can_do_something(net: Rig) -> None:
    assert net.run("home", as_cloud("id -un")).strip() == "cloud"
    assert net.run("home", as_cloud("touch ~/x && echo done")).strip() == "done"


def opened(net: Rig) -> list[str]:
    """What it can read although it is not its own."""
    db = net.run("home", "id -u db").strip()
    found = []
    for path in (each.replace("$(id -u db)", db) for each in CLOSED):
        assert net.run("home", f"ls -d {path}"), "there is something to be closed"
        if not net.fails("home", as_cloud(f"cat {path} || ls {path}/")):
            found.append(path)
    return found


def test_what_is_not_its_own_is_closed_also_after_a_boot(net: Rig) -> None:
    assert opened(net) == []
    net.machine("home").reboot()
    until(lambda: net.run("home", "systemctl is-system-running || :").strip() == "running", 60)
    assert opened(net) == []


@pytest.mark.parametrize("words", ACTS)
def test_nothing_of_the_host_obeys_it(net: Rig, words: str) -> None:
    assert net.fails("home", as_cloud(words))


def test_sockets_without_files_are_those_of_its_own_namespace(net: Rig) -> None:
    names = "cat /proc/net/unix | grep -o \\@[^[:space:]]* | sort -u || :"
    outside, inside = net.run("home", names).split(), net.run("home", as_cloud(names)).split()
    assert outside and not set(inside) & set(outside)


def test_its_processes_are_counted_and_others_have_room(net: Rig) -> None:
    for user in ("cloud", "db"):
        share = net.run("home", f"systemctl show -P TasksMax user-$(id -u {user}).slice").strip()
        assert share.isdigit() and int(share) <= int(net.run("home", "cat /proc/sys/kernel/pid_max")) // 2


def test_the_network_stands_as_it_was(net: Rig) -> None:
    assert net.plan().plan.is_empty
    assert net.run("home", "systemctl is-system-running").strip() == "running"
