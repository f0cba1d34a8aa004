from __future__ import annotations

from dataclasses import replace

from tests.topologies import two_hosts
from warren.prove.claim import Claim
from warren.topology.model import Topology
from warren.verify.beyond import outside_of
from warren.verify.claims.around import Around
from warren.verify.claims.hosts import claims


def found(topology: Topology) -> list[Claim]:
    return list(claims(Around.of(topology, outside_of(topology))))


def test_a_host_reaches_its_own_services() -> None:
    given = found(two_hosts())
    assert Claim(("home",), "10.86.1.3") in given and Claim(("vps",), "10.86.1.3") not in given


def test_a_guard_lets_in_what_it_says() -> None:
    given = [claim for claim in found(two_hosts()) if claim.places == ("internet",) and claim.open]
    assert {(claim.target, claim.protocol, claim.ports) for claim in given} == {
        ("203.0.113.10", "tcp", (22, 22)),
        ("2001:db8:10::10", "tcp", (22, 22)),
    }
    assert all(claim.sources for claim in given)


def test_without_a_guard_nothing_is_said() -> None:
    topology = two_hosts()
    bare = replace(topology, hosts={**topology.hosts, "vps": replace(topology.hosts["vps"], guard=None)})
    assert Claim(("internet",), "203.0.113.10", open=None) in found(bare)


def test_ssh_by_way_of_another_host_is_claimed() -> None:
    topology = two_hosts()
    led = replace(topology.hosts["home"], ssh_via="vps", ssh_inside=True)
    claimed = Claim(("vps",), "10.86.1.1", "tcp", (22, 22), True)
    assert claimed in found(replace(topology, hosts={**topology.hosts, "home": led}))
    assert claimed not in found(topology)


def test_who_is_inside_may_ask_a_host_whether_it_is_there() -> None:
    (asked,) = [
        claim for claim in found(two_hosts()) if claim.target == "10.86.0.1" and not claim.hidden and claim.protocol
    ]
    assert asked.protocol == "icmp" and asked.open is None and "db" in asked.places and "home" in asked.places
