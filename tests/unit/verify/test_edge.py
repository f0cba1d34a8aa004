"""The edge of a gateway."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address

from tests.grounds import AROUND, Pretended
from tests.topologies import service, two_hosts
from warren.basis.address import Ports, Protocol
from warren.probe.ask import Outcome
from warren.topology.model import Exposure, Rate
from warren.verify.declared import declared
from warren.verify.edge import Edge, edges, expected
from warren.verify.verdict import Verdict
from warren.verify.world import world

TWO = two_hosts()
AT = world(TWO, AROUND)
VPS = TWO.hosts["vps"]
FOUR = ip_address("203.0.113.10")


def test_the_expected_ports_of_a_guarded_gateway() -> None:
    assert expected(AT, VPS, FOUR, Protocol.TCP) == (22, 8080, 12346)
    assert expected(AT, VPS, FOUR, Protocol.UDP) == (12345,)


def test_a_large_range_is_expected_only_where_stand_ins_listen() -> None:
    wide = Exposure("vps", VPS.public, "voice", Protocol.UDP, Ports(20000, 29999), Ports(20000, 29999))
    voice = service("voice", "home", TWO.services["db"].addresses, TWO.services["db"].egress, media="20000-29999/udp")
    at = world(replace(TWO, services={**TWO.services, "voice": voice}, exposures=(wide,)), AROUND)
    assert expected(at, VPS, FOUR, Protocol.UDP) == (20000, 24999, 29999)


def test_a_bare_gateway_shows_what_listens_but_not_its_tunnel() -> None:
    bare = replace(VPS, guard=None, tunnel_port=9)
    assert expected(AT, bare, FOUR, Protocol.UDP) == (22, 12345)


def test_equality_is_asked_for_not_inclusion() -> None:
    edge = Edge("vps", FOUR, (22, 80), (), (22, 443), (), (51820,))
    assert (edge.strange, edge.missing, edge.equal) == ((80,), (443,), False)
    assert replace(edge, tcp=(22, 443)).equal
    assert replace(edge, tcp=(22,), limited=(443,)).equal


def test_every_public_address_is_scanned_and_a_limited_port_is_not_used_up() -> None:
    ground = Pretended({"internet": "/i"}, lambda _: None)
    ssh = next(f for f in declared(TWO, AROUND) if f.limit and f.address == FOUR)
    found = edges(AT, ground, [Verdict(ssh, Outcome("vps", 22, None, None, True))])
    assert [(str(e.address), e.equal, e.stated) for e in found] == [
        ("203.0.113.10", True, (51820,)),
        ("2001:db8:10::10", True, (51820,)),
    ]
    assert [plan["skip_tcp"] for plan in ground.plans] == [[22], []]


def test_a_limit_smaller_than_its_range_may_silence_a_scan() -> None:
    game = replace(TWO.exposures[0], limit=Rate(3, 20), ports=Ports(12345, 12350), target=Ports(12345, 12350))
    at = world(replace(TWO, exposures=(game,)), AROUND)
    found = edges(at, Pretended({"internet": "/i"}, lambda _: None), [])
    assert found[0].limited == tuple(range(12345, 12351))
