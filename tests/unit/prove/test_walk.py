from __future__ import annotations

from ipaddress import ip_address

from tests.networks import outside_of, states_of
from tests.topologies import two_hosts
from warren.prove.devices import one
from warren.prove.diagrams import ALL, NOTHING, Diagram
from warren.prove.header import packet
from warren.prove.interpret import Interpreter
from warren.prove.network import network
from warren.prove.packets import ANSWER, DADDR, DPORT, PROTO, QUESTION, SADDR
from warren.prove.walk import Arrival, Start, Walk, own_spans

NETWORK = network(states_of(two_hosts()), outside_of(two_hosts()))
WALK = Walk.of(NETWORK, Interpreter.of(NETWORK).tunnels, 4)
SPACE = WALK.space
CLOUD, DB, GAME, BLOG, FAR = "10.86.1.2", "10.86.1.3", "10.86.1.4", "10.86.0.2", "198.51.100.7"


def alone(source: str, target: str, protocol: str, port: int) -> Diagram:
    asked, found = packet(source, target, protocol, port), ALL
    for level, value in ((SADDR, asked.source), (DADDR, asked.target), (PROTO, asked.protocol), (DPORT, asked.dport)):
        found = SPACE.both(found, SPACE.spans(level, [(value, value)]))
    return found


def start(node: str, headers: Diagram, device: str | None) -> Start:
    return Start(NETWORK.nodes[node], headers, one(device) if device else None, ())


def arrival(begun: Start) -> Arrival:
    (found,) = WALK.arrivals(begun)
    return found


def nodes(found: Arrival) -> list[str]:
    return [leg.node.name for leg in found.legs]


def test_a_need_over_the_tunnel_ends_at_the_service_and_is_answered() -> None:
    need = alone(BLOG, CLOUD, "tcp", 80)
    found = arrival(start("vps", need, "v-blog"))
    assert (nodes(found), found.at_service, found.device) == (["vps", "home"], True, None)
    assert found.headers == need == WALK.answered(found)


def test_a_door_is_followed_to_the_service_and_told_as_it_was_sent() -> None:
    asked = alone(FAR, "203.0.113.10", "udp", 12345)
    begun = start("vps", asked, "eth0")
    found = arrival(begun)
    assert (nodes(found), found.at_service, found.node.name) == (["vps", "home"], True, "home")
    assert (SPACE.pick(found.headers) or {})[DADDR] == int(ip_address(GAME))
    assert WALK.sent(begun, found, found.headers) == WALK.sent(begun, found, WALK.answered(found)) == asked


def test_a_way_out_ends_at_the_gateways_uplink() -> None:
    asked = alone(CLOUD, FAR, "tcp", 443)
    begun = start("home", asked, "v-cloud")
    found = arrival(begun)
    assert (nodes(found), found.at_service, found.device) == (["home", "vps"], False, "eth0")
    assert WALK.sent(begun, found, WALK.answered(found)) == asked


def test_a_host_is_an_end_of_its_own() -> None:
    found = arrival(start("vps", alone(FAR, "203.0.113.10", "tcp", 22), "eth0"))
    assert (nodes(found), found.at_service, found.device) == (["vps"], False, None)


def test_what_is_denied_arrives_nowhere() -> None:
    assert list(WALK.arrivals(start("home", alone(GAME, DB, "tcp", 5432), "v-game"))) == []
    assert list(WALK.arrivals(start("vps", alone(FAR, DB, "tcp", 5432), "eth0"))) == []
    assert list(WALK.arrivals(start("home", NOTHING, "v-game"))) == []
    assert not WALK.loops and not WALK.twice


def test_a_tunnel_carries_what_both_ends_allow() -> None:
    home, vps = ("home", "wrn-vps"), ("vps", "wrn-vps")
    there, back = WALK.tunnel(home, vps, QUESTION), WALK.tunnel(vps, home, QUESTION)
    out, forged = alone(CLOUD, FAR, "tcp", 443), alone(FAR, BLOG, "tcp", 80)
    assert SPACE.both(there, out) == out and SPACE.both(there, forged) == NOTHING
    assert SPACE.both(back, out) == NOTHING
    assert SPACE.both(WALK.tunnel(vps, home, ANSWER), out) == out


def test_services_speak_from_their_own_addresses() -> None:
    assert own_spans(NETWORK.nodes["cloud"], 4) == [(int(ip_address(CLOUD)),) * 2]
    answers = WALK.speaking(NETWORK.nodes["home"], None, QUESTION)
    own = alone(CLOUD, FAR, "tcp", 443)
    assert SPACE.both(answers, own) == own
    assert SPACE.both(answers, alone(BLOG, FAR, "tcp", 443)) == NOTHING
