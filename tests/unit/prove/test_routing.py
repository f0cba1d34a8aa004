from __future__ import annotations

from ipaddress import ip_address

from tests.networks import outside_of, states_of
from tests.topologies import two_hosts
from warren.prove.network import network
from warren.prove.routing import Fate, believes, lookup

HOME = network(states_of(two_hosts()), outside_of(two_hosts())).nodes["home"]
INTERNAL, DIRECT, VPS = 0x01000000, 0x02000000, 0x10000000


def found(source: str, target: str, mark: int, iif: str) -> str:
    one, other = ip_address(source), ip_address(target)
    return str(lookup(HOME, one.version, int(one), int(other), mark, iif))


def believed(source: str, target: str, mark: int, iif: str, out: str | None) -> bool:
    return believes(HOME, 4, int(ip_address(source)), int(ip_address(target)), mark, iif, out)


def test_the_mark_decides_about_the_table() -> None:
    assert found("10.86.1.2", "10.86.1.3", INTERNAL, "v-cloud") == "10.86.1.3 dev v-db table 8600"
    assert found("10.86.1.2", "198.51.100.7", VPS, "v-cloud") == "0.0.0.0/0 dev wrn-vps table 8601"
    assert found("10.86.1.2", "198.51.100.7", DIRECT, "v-cloud") == "0.0.0.0/0 dev eth0 table main"
    assert "unreachable" in found("10.86.1.2", "198.51.100.7", 0, "v-cloud")


def test_own_addresses_are_local() -> None:
    for own in ("10.86.1.1", "127.0.0.1", "192.168.2.10"):
        assert lookup(HOME, 4, 1, int(ip_address(own)), 0, "v-cloud").fate is Fate.LOCAL


def test_a_table_without_a_route_is_followed_by_the_next_rule() -> None:
    assert found("192.168.2.10", "198.51.100.7", 0, "lo") == "0.0.0.0/0 dev eth0 table main"


def test_a_source_is_believed_when_there_is_a_way_back() -> None:
    assert believed("198.51.100.7", "10.86.1.4", INTERNAL, "wrn-vps", "v-game")
    assert believed("10.86.1.2", "10.86.1.3", INTERNAL, "v-cloud", "v-db")
    assert not believed("10.86.1.1", "10.86.1.3", INTERNAL, "wrn-vps", "v-db")


def test_every_source_is_believed_on_a_pair_because_rules_pin_it() -> None:
    assert believed("10.86.1.1", "10.86.1.3", INTERNAL, "v-cloud", "v-db")
