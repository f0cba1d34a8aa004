from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from tests.networks import interpreter, states_of
from tests.topologies import DIRECT, exposed, host, joined, pair, service, through, two_hosts
from warren.desired.items.netns import Veth
from warren.desired.items.sysctl import Sysctl
from warren.desired.items.tunnel import Tunnel
from warren.desired.model import HostState, Item
from warren.prove.header import packet
from warren.prove.trace import Disposition, Trace

DB = "10.86.1.3"
CLOUD = "10.86.1.2"


def changed(host: str, **items: Item | None) -> Mapping[str, HostState]:
    """The states of two hosts with items replaced by key, or removed."""
    states = states_of(two_hosts())
    kept = {**states[host].items, **items}
    return {**states, host: HostState({key: item for key, item in kept.items() if item is not None})}


def asked(states: Mapping[str, HostState], source: str = CLOUD, target: str = DB, port: int = 5432) -> Trace:
    return interpreter(two_hosts(), states).trace("cloud", packet(source, target, "tcp", port))


def test_without_forwarding_nothing_passes() -> None:
    states = changed("home", **{"sysctl:net.ipv4.ip_forward": Sysctl("net.ipv4.ip_forward", "0")})
    assert asked(states).disposition is Disposition.NOT_FORWARDING


def test_without_rules_nothing_is_routed() -> None:
    assert asked(changed("home", **{"nft:warren": None})).disposition is Disposition.UNREACHABLE


def test_a_forged_source_is_dropped() -> None:
    trace = asked(states_of(two_hosts()), source="10.86.1.4")
    assert trace.disposition is Disposition.DENIED and trace.hops[-1].comment == "forged source"


def test_a_pair_with_another_address_has_no_neighbour() -> None:
    veth = states_of(two_hosts())["home"].items["link:v-db"]
    assert isinstance(veth, Veth)
    moved = replace(veth, inner=frozenset({"10.86.1.9/32"}))
    assert asked(changed("home", **{veth.key: moved})).disposition is Disposition.NO_NEIGHBOUR


@pytest.mark.parametrize(
    ("host", "allowed", "end"),
    [
        ("home", frozenset({"10.9.0.0/16"}), Disposition.NOT_A_PEER),
        ("vps", frozenset({"10.9.0.0/16"}), Disposition.SPOOFED),
    ],
)
def test_allowed_prefixes_count_at_both_ends(host: str, allowed: frozenset[str], end: Disposition) -> None:
    tunnel = states_of(two_hosts())[host].items["link:wrn-vps"]
    assert isinstance(tunnel, Tunnel)
    peers = frozenset(replace(peer, allowed=allowed) for peer in tunnel.peers)
    states = changed(host, **{tunnel.key: replace(tunnel, peers=peers)})
    assert asked(states, target="198.51.100.9", port=443).disposition is end


def test_an_address_that_is_never_routed_ends_before_the_rules_of_routing() -> None:
    trace = interpreter().trace("vps", packet("224.0.0.1", "203.0.113.10", "udp", 12345), "eth0")
    assert not trace.works


def test_marks_that_are_set_before_a_translation_stay() -> None:
    home = host("home", 1, egress=through("vps"), lan="192.168.2.0/24")
    blog = service("blog", "vps", pair(0, 2), DIRECT, web="80/tcp")
    door = exposed(home, blog, "web", "8080-8080", keep=False)
    topology = joined((host("vps", 0, "203.0.113.10"), home), [blog], [], [door])
    trace = interpreter(topology).trace("home", packet("192.168.2.50", "192.168.2.10", "tcp", 8080), "eth0")
    assert trace.works and trace.forward.final.source == int(home.addresses.v4)
