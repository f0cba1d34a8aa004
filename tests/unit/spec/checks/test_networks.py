"""networks: prefixes that collide, with both lines."""

from __future__ import annotations

import pytest

from tests.spec_texts import BASE, codes, found


def network(prefix: str) -> str:
    """The base file with another prefix."""
    return BASE.replace("{name: test, dns: false}", f"{{name: test, dns: false, ipv4: {prefix}}}")


@pytest.mark.parametrize(
    ("prefix", "code"),
    [
        ("100.64.0.0/16", "carrier-nat"),
        ("172.17.0.0/16", "docker-pool"),
        ("172.30.4.0/22", "docker-pool"),
        ("192.168.0.0/22", "docker-pool"),
        ("10.88.0.0/16", "podman-pool"),
        ("10.89.7.0/24", "podman-pool"),
        ("192.168.122.0/24", "libvirt-pool"),
        ("192.168.2.0/24", "prefix-collision"),
        ("8.8.0.0/16", "network-public"),
        ("203.0.113.0/24", "network-public"),
        ("10.86.0.0/25", "network-size"),
        ("fd00::/48", "bad-prefix"),
    ],
)
def test_prefixes_that_belong_to_others(prefix: str, code: str) -> None:
    assert code in codes(network(prefix))


@pytest.mark.parametrize("prefix", ["10.0.0.0/16", "10.64.0.0/16", "172.16.0.0/16", "192.168.96.0/20"])
def test_prefixes_that_are_free(prefix: str) -> None:
    assert codes(network(prefix)) == []


def test_a_collision_with_a_lan_names_both_lines() -> None:
    [one] = found(BASE.replace("192.168.2.0/24", "[192.168.2.0/24, 10.86.4.0/24]"))
    assert one.summary == "the LAN 10.86.4.0/24 of `home` collides with the network's 10.86.0.0/16"
    assert one.place is not None and one.place.line == 5
    assert [place.line for place in one.related] == [2]


def test_the_lan_of_ipv6_is_compared_as_well() -> None:
    text = BASE.replace("{name: test, dns: false}", "{name: test, dns: false, ipv6: 'fd42:42:42::/48'}")
    assert codes(text.replace("lan: 192.168.2.0/24", "lan: 'fd42:42:42:7::/64'")) == ["prefix-collision"]


@pytest.mark.parametrize("lan", ["0.0.0.0/0", "127.0.0.0/8", "224.0.0.0/8", "192.168.2.1", "10.0.0.0/31"])
def test_lans_that_are_none(lan: str) -> None:
    assert "bad-lan" in codes(BASE.replace("192.168.2.0/24", lan))


def test_lans_of_one_place_do_not_overlap() -> None:
    assert codes(BASE.replace("192.168.2.0/24", "{a: 192.168.2.0/24, b: 192.168.2.128/25}")) == ["lan-overlap"]
    site = BASE.replace("lan: 192", "site: flat, lan: 192").replace(
        "services:", "  tv: {site: flat, lan: LAN}\nservices:"
    )
    assert codes(site.replace("LAN", "192.168.2.0/24")) == []
    assert codes(site.replace("LAN", "192.168.2.0/25")) == ["lan-overlap"]


def test_two_homes_may_have_the_same_lan() -> None:
    assert codes(BASE.replace("services:", "  cabin: {lan: 192.168.2.0/24}\nservices:")) == []


@pytest.mark.parametrize("address", ["192.168.4.4", "10.0.0.1", "100.64.0.1", "127.0.0.1", "'fd00::1'", "'fe80::1'"])
def test_private_addresses_are_not_public(address: str) -> None:
    assert codes(BASE.replace("public: 203.0.113.10", f"public: {address}")) == ["not-public"]


def test_a_public_address_belongs_to_one_host() -> None:
    text = BASE.replace("services:", "  two: {public: [203.0.113.20, 203.0.113.10]}\nservices:")
    [one] = found(text)
    assert (one.code, [place.line for place in one.related]) == ("address-twice", [4])


def test_a_public_address_is_not_in_the_lan() -> None:
    assert codes(BASE.replace("203.0.113.10", "203.0.113.10, lan: 203.0.113.0/24")) == ["public-in-lan"]
