from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address

from tests.networks import outside_of, states_of
from tests.topologies import two_hosts
from warren.prove import packets
from warren.prove.crossing import Crossing, Leg, Passed
from warren.prove.devices import one
from warren.prove.diagrams import ALL, NOTHING, Diagram
from warren.prove.header import packet
from warren.prove.interpret import Interpreter
from warren.prove.network import network
from warren.prove.packets import DADDR, DPORT, PROTO, SADDR
from warren.prove.walk import Walk

NETWORK = network(states_of(two_hosts()), outside_of(two_hosts()))
WALK = Walk.of(NETWORK, Interpreter.of(NETWORK).tunnels, 4)
CROSSING: Crossing = WALK.crossing
SPACE = CROSSING.space
CLOUD, DB, GAME, FAR = "10.86.1.2", "10.86.1.3", "10.86.1.4", "198.51.100.7"


def alone(source: str, target: str, protocol: str, port: int) -> Diagram:
    asked, found = packet(source, target, protocol, port), ALL
    for level, value in ((SADDR, asked.source), (DADDR, asked.target), (PROTO, asked.protocol), (DPORT, asked.dport)):
        found = SPACE.both(found, SPACE.spans(level, [(value, value)]))
    return found


def passed(node: str, headers: Diagram, device: str | None) -> list[Passed]:
    iif = one(device) if device else None
    return [each for each in CROSSING.opening(NETWORK.nodes[node], headers, iif) if each.headers != NOTHING]


def target(headers: Diagram) -> str:
    return str(ip_address((SPACE.pick(headers) or {})[DADDR]))


def devices(each: Passed) -> list[str]:
    """The devices by which headers leave; none where they end."""
    held = each.region.devices if each.region else None
    return [name for name in held.spans if SPACE.both(each.headers, held.of(SPACE, name))] if held else []


def test_what_is_permitted_leaves_by_its_device_as_it_came() -> None:
    need = alone(CLOUD, DB, "tcp", 5432)
    (found,) = passed("home", need, "v-cloud")
    assert devices(found) == ["v-db"] and found.headers == need and found.naming.status == frozenset()


def test_what_is_not_permitted_or_forged_does_not_pass() -> None:
    assert passed("home", alone(GAME, DB, "tcp", 5432), "v-game") == []
    assert passed("home", alone(CLOUD, DB, "tcp", 5433), "v-cloud") == []
    assert passed("home", alone(CLOUD, DB, "tcp", 5432), "v-game") == []
    assert passed("home", NOTHING, "v-cloud") == []


def test_of_a_wider_set_only_the_permitted_part_passes() -> None:
    wider = SPACE.both(
        SPACE.spans(SADDR, [(int(ip_address(CLOUD)),) * 2]), SPACE.spans(DADDR, [(int(ip_address(DB)),) * 2])
    )
    passing = SPACE.union(each.headers for each in passed("home", wider, "v-cloud"))
    tcp = SPACE.both(passing, SPACE.spans(PROTO, [(6, 6)]))
    assert tcp == alone(CLOUD, DB, "tcp", 5432)


def test_a_door_leads_to_the_service_and_a_host_to_itself() -> None:
    (found,) = passed("vps", alone(FAR, "203.0.113.10", "udp", 12345), "eth0")
    assert (devices(found), target(found.headers), found.naming.target) == (["wrn-vps"], GAME, True)
    (found,) = passed("vps", alone(FAR, "203.0.113.10", "tcp", 22), "eth0")
    assert found.region is None and not found.naming.target


def test_a_hosts_own_packets_pass_without_a_device() -> None:
    (found,) = passed("home", alone("10.86.1.1", DB, "tcp", 5432), None)
    assert devices(found) == ["v-db"]


def leg(headers: Diagram, node: str, device: str) -> Leg:
    (found,) = passed(node, headers, device)
    (out,) = devices(found)
    return Leg(NETWORK.nodes[node], one(device), one(out), found.marks[1], found.naming)


def test_answers_and_later_packets_follow_their_leg() -> None:
    need = alone(CLOUD, DB, "tcp", 5432)
    way = leg(need, "home", "v-cloud")
    assert CROSSING.again(way, need, True, ALL) == CROSSING.again(way, need, False, ALL) == need
    assert CROSSING.again(way, need, True, NOTHING) == NOTHING
    assert CROSSING.again(replace(way, iif=one("v-game")), need, True, ALL) == NOTHING
    assert CROSSING.again(replace(way, oif=one("v-game")), need, False, ALL) == NOTHING


def test_an_answer_through_a_door_has_the_doors_address_again() -> None:
    asked = alone(FAR, "203.0.113.10", "udp", 12345)
    (found,) = passed("vps", asked, "eth0")
    way = leg(asked, "vps", "eth0")
    answered = CROSSING.again(way, found.headers, True, ALL)
    assert SPACE.forget(answered, frozenset({packets.ODADDR, packets.ODPORT})) == asked
    assert CROSSING.again(way, answered, False, ALL) == found.headers
