"""Other programs' firewalls, the real ones, on machines that run the network: ours stays or comes back, and nothing is
open meanwhile that the file keeps closed (T53).

ufw, firewalld, Docker, networkd and nft(8) themselves, from Debian's packages, on both machines at once.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from tests.machines.images import image
from tests.machines.packages import install
from tests.machines.rig import WORLDS, Rig, rig, until
from tests.machines.test_doctor import OWN
from warren.doctor.examine import examine
from warren.doctor.model import Finding, Level
from warren.survey.ask import survey_host
from warren.survey.mend import mend

pytestmark = pytest.mark.long

# Within this time everything works again (promises: 20 seconds), with a margin for a machine that others use as well.
LIMIT = 25.0
TEXT = WORLDS.replace("    ports: {sql: 5432}\n", "    ports: {sql: 5432}\n    environment: {PORT: 5432}\n")
GATEWAY = "203.0.113.10"
BOTH = ("vps", "home")


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A program: what brings it, what it is told then, and what takes it away again; `found` is what doctors say."""

    packages: tuple[str, ...]
    start: str
    again: str
    away: str
    found: frozenset[str] = frozenset()


NEIGHBOURS = {
    "nft": Neighbour((), "nft flush ruleset", "nft flush ruleset", ":"),
    "networkd": Neighbour(
        (), OWN, "systemctl restart systemd-networkd", "systemctl stop systemd-networkd; ip link del x0"
    ),
    "nftables.service": Neighbour(
        (), "systemctl start nftables", "systemctl restart nftables", "systemctl stop nftables; nft flush ruleset",
        frozenset({"nftables-flushes"}),
    ),
    "docker": Neighbour(
        ("docker.io", "iptables"),
        # It drops what is forwarded where nothing was when it started.
        "systemctl stop warren-heal.timer; sysctl -qw net.ipv4.ip_forward=0 && systemctl start docker && "
        "systemctl start warren-heal.timer",
        "systemctl restart docker",
        "systemctl stop docker docker.socket; iptables -P FORWARD ACCEPT; iptables -F; iptables -X; iptables -t nat -F",
        frozenset({"docker", "foreign-drop"}),
    ),
    "ufw": Neighbour(
        ("ufw",), "ufw allow ssh && ufw --force enable && systemctl start ufw", "ufw reload", "ufw --force reset",
        frozenset({"ufw", "foreign-drop"}),
    ),
    "firewalld": Neighbour(
        ("firewalld",), "systemctl start firewalld", "firewall-cmd --reload && systemctl restart firewalld",
        "systemctl stop firewalld", frozenset({"firewalld", "foreign-drop"}),
    ),
}  # fmt: skip

LOOKS = 3


@pytest.fixture(scope="module")
def net(machines: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """Both machines with the network of the file, and something that answers at each port."""
    with rig(tmp_path_factory.mktemp("neighbours"), TEXT) as made:
        made.publish(image("web", "1"), "docker.io/library/web", "1")
        assert made.apply().succeeded
        until(lambda: is_whole(made), 30)
        yield made


def from_service(net: Rig, service: str, address: str, port: int) -> bool:
    """Whether a service reaches something."""
    host = net.topology.services[service].host
    return not net.fails(host, f"ip netns exec {service} nc -z -w 1 {address} {port}")


def is_whole(net: Rig) -> bool:
    """Whether all works that the file opens: from outside, through the tunnel, and beside."""
    database = str(net.topology.services["db"].addresses.v4)
    doors = all(net.reaches("internet", GATEWAY, port) for port in (8080, 8081))
    return doors and from_service(net, "cloud", database, 5432)


def leaks(net: Rig) -> Iterator[str]:
    """What the file keeps closed, and is open now."""
    services = net.topology.services
    for port in (80, 5432, 51820):
        if net.reaches("internet", GATEWAY, port, 0.3):
            yield f"the Internet reaches {port}"
    for port in (80, 5432):
        if net.reaches("lan:home", "192.168.2.10", port, 0.3):
            yield f"the LAN reaches {port}"
    for service, address, port in (
        ("db", GATEWAY, 8080),
        ("db", str(services["cloud"].addresses.v4), 80),
        ("blog", str(services["db"].addresses.v4), 5432),
        ("blog", str(services["cloud"].addresses.v4), 80),
    ):
        if from_service(net, service, address, port):
            yield f"{service} reaches {address}:{port}"


@contextmanager
def watched(net: Rig) -> Iterator[list[str]]:
    """Everything that was open for a moment during the `with`, and three looks long at least."""
    seen: list[str] = []
    rounds = 0
    over = threading.Event()

    def look() -> None:
        nonlocal rounds
        while not over.is_set() or rounds < LOOKS:
            seen.extend(leaks(net))
            rounds += 1

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()
    assert rounds >= LOOKS


def found(net: Rig, host: str) -> tuple[Finding, ...]:
    """What the doctor says of a machine."""
    return examine(survey_host(net.hosts[host]), net.topology, host)


def errors(net: Rig) -> dict[str, list[Finding]]:
    """What keeps the network from working, by machine."""
    return {host: [each for each in found(net, host) if each.level is Level.ERROR] for host in BOTH}


@pytest.mark.parametrize("name", NEIGHBOURS)
def test_the_network_lives_beside(net: Rig, name: str) -> None:
    neighbour = NEIGHBOURS[name]
    for host in BOTH if neighbour.packages else ():
        install(net, host, *neighbour.packages)
    with watched(net) as open_meanwhile:
        for host in BOTH:
            net.run(host, neighbour.start, timeout=120)
        said = {each.code for host in BOTH for each in found(net, host)}
        ill = errors(net)
        # A doctor's own words mend it.
        assert all(each.mend and each.mend.script for held in ill.values() for each in held)
        assert all(each.trouble is None for each in mend(net.hosts, ill))
        took = [waited(net)]
        for host in BOTH:
            net.run(host, neighbour.again, timeout=120)
        took.append(waited(net))
        until(lambda: net.plan().plan.is_empty, LIMIT, 0.5)
    assert open_meanwhile == []
    assert neighbour.found <= said
    assert not any(errors(net).values())
    print(f"{name}: whole again after {took[0]:.1f} s, {took[1]:.1f} s")
    for host in BOTH:
        net.machine(host).run(neighbour.away)
    until(lambda: is_whole(net), LIMIT)


def waited(net: Rig) -> float:
    """The seconds until all works."""
    began = time.monotonic()
    until(lambda: is_whole(net), LIMIT)
    return time.monotonic() - began
