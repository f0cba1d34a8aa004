"""The door of the operator stays open, or the plan is refused."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network

import pytest

from tests.topologies import two_hosts
from warren.plan.lockout import lockouts
from warren.topology.model import Guard, Topology


def guarded(guard: Guard | None) -> Topology:
    """Two hosts, the gateway with this guard."""
    topology = two_hosts()
    vps = replace(topology.hosts["vps"], guard=guard)
    return replace(topology, hosts={**topology.hosts, "vps": vps})


@pytest.mark.parametrize(
    ("guard", "way", "said"),
    [
        (Guard(22, None), "198.51.100.7 50000 203.0.113.10 22", None),
        (Guard(22, None), "", None),
        (Guard(22, None), "198.51.100.7 50000 203.0.113.10 2222", "you came to it by port 2222"),
        (Guard(22, None, (IPv4Network("192.0.2.0/24"),)), "198.51.100.7 5 203.0.113.10 22", "not among the `from`"),
        (Guard(22, None, (IPv4Network("198.51.100.0/24"),)), "198.51.100.7 5 203.0.113.10 22", None),
        (Guard(22, None), "fe80::1%eth0 5 fe80::2%eth0 22", None),
        (None, "198.51.100.7 5 203.0.113.10 2222", None),
        (None, "10.86.1.1 5 10.86.0.1 22", "through the network itself"),
    ],
)
def test_an_operator_is_never_locked_out(guard: Guard | None, way: str, said: str | None) -> None:
    found = lockouts(guarded(guard), {"vps": way})
    assert [d.code for d in found] == (["lockout"] if said else [])
    assert said is None or said in found[0].summary


def test_hosts_that_the_file_does_not_name_are_not_judged() -> None:
    assert lockouts(two_hosts(), {"other": "198.51.100.7 5 203.0.113.10 2222"}) == ()


@pytest.mark.parametrize(
    ("way", "shut"),
    [
        ("10.86.0.1 5 10.86.1.1 22", False),
        ("fd86:86:86::1 5 fd86:86:86:1::1 22", False),
        ("10.86.0.1 5 10.86.1.1 2222", True),
        ("10.86.0.2 5 10.86.1.1 22", True),
    ],
)
def test_the_way_by_another_host_stays_open_where_the_file_names_it(way: str, shut: bool) -> None:
    topology = two_hosts()
    led = replace(topology.hosts["home"], ssh_via="vps", ssh_inside=True)
    assert bool(lockouts(replace(topology, hosts={**topology.hosts, "home": led}), {"home": way})) is shut
