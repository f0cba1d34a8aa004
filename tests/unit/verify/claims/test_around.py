from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network

from tests.topologies import two_hosts
from warren.verify.beyond import outside_of
from warren.verify.claims import claims_of
from warren.verify.claims.around import Around, disguised, everywhere, in_clothes, metadata


def test_a_host_has_addresses_lans_and_doors() -> None:
    around = Around.of(two_hosts(), outside_of(two_hosts()))
    assert around.own["home"] == (IPv4Network("192.168.2.10/32"),)
    assert around.families("vps") == {4, 6} and around.families("home") == {4}
    assert around.lans("home") == (IPv4Network("192.168.2.0/24"),)
    assert len(around.doors["vps"]) == 3 and len(around.gateways) == 2


def test_an_ipv4_address_has_ipv6_clothes() -> None:
    first, *_ = in_clothes(IPv4Network("10.0.0.0/8"))
    assert first == IPv6Network("64:ff9b::a00:0/104")
    assert first in disguised()


def test_the_world_has_no_private_addresses() -> None:
    private = IPv4Network("192.168.0.0/16")
    assert not any(each.version == 4 and each.overlaps(private) for each in everywhere())
    assert IPv4Network("169.254.169.254/32") in metadata()


def test_claims_of_both_families_are_those_of_each() -> None:
    outside = outside_of(two_hosts())
    both = claims_of(two_hosts(), outside)
    each = [claims_of(two_hosts(), outside, version) for version in (4, 6)]
    assert set(both) == {*each[0], *each[1]} and len(both) == len(each[0]) + len(each[1]) > 20
