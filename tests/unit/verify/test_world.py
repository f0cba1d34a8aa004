"""Indexes of a topology."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address, ip_network

from tests.grounds import AROUND
from tests.topologies import DIRECT, host, pair, service, two_hosts
from warren.basis.address import Ports, Protocol
from warren.topology.model import Guard, Rate
from warren.verify.world import (
    answers,
    host_listening,
    listening,
    numbers,
    samples,
    slow,
    ssh_port,
    undeclared,
    within,
    world,
)


def test_permissions_are_found_by_port() -> None:
    at = world(two_hosts(), AROUND)
    assert at.may("cloud", "db", Protocol.TCP, 5432)
    assert not at.may("cloud", "db", Protocol.UDP, 5432)
    assert not at.may("cloud", "db", Protocol.TCP, 5433)
    assert not at.may("db", "cloud", Protocol.TCP, 80)
    assert at.may_use("cloud", "home", Protocol.TCP, 3306)


def test_doors_are_found_by_address() -> None:
    at = world(two_hosts(), AROUND)
    door = at.door(ip_address("203.0.113.10"), Protocol.UDP, 12345)
    assert door is not None and door.service == "game"
    assert at.door(ip_address("203.0.113.10"), Protocol.TCP, 12345) is None


def test_ranges_are_sampled_and_one_port_beyond_is_tried() -> None:
    many = service("voice", "home", pair(1, 9), DIRECT, media="27015-27030/udp", next="27031/tcp", web="80/tcp")
    assert samples(Ports(27015, 27030)) == (27015, 27022, 27030)
    assert listening(many) == (80, 7777, 27015, 27022, 27030, 27031)
    assert numbers(many) == listening(many)
    alone = service("voice", "home", pair(1, 9), DIRECT, media="27015-27030/udp")
    assert set(numbers(alone)) - set(listening(alone)) == {27031}


def test_the_undeclared_port_is_not_a_declared_one() -> None:
    assert undeclared(service("a", "home", pair(1, 9), DIRECT, x="7777-7778/tcp")) == 7779


def test_the_ports_of_a_host() -> None:
    home = host("home", 1)
    assert host_listening(home) == (9, 22)
    guarded = replace(home, guard=Guard(2222, None, (), ((Protocol.TCP, Ports(80, 80)),)))
    assert ssh_port(guarded) == 2222
    assert host_listening(guarded) == (9, 80, 2222)


def test_within_compares_one_family() -> None:
    both = (ip_address("198.51.100.7"), ip_address("2001:db8::7"))
    assert within(both, [ip_network("198.51.100.0/24")], 4)
    assert not within(both, [ip_network("198.51.100.0/24")], 6)


def test_a_slow_limit_is_one_that_a_second_trial_meets() -> None:
    assert slow(Rate(3, 20)) == Rate(3, 20)
    assert slow(Rate(20, 1)) is None and slow(None) is None


def test_a_target_port_follows_its_public_port() -> None:
    blog = two_hosts().exposures[2]
    assert answers(blog, 8080) == 80
