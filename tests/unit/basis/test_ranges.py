"""The tables say what the registries say, whatever Python version reads them."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from warren.basis.ranges import BOGONS4, BOGONS6, METADATA4, METADATA6, SPECIAL4, SPECIAL6, is_bogon, special_range


@pytest.mark.parametrize(
    ("where", "name"),
    [
        ("10.1.2.3", "private"),
        ("100.64.0.1", "carrier-grade NAT"),
        ("255.255.255.255", "broadcast"),
        ("192.0.2.1", "documentation"),
        ("8.8.8.8", None),
        ("172.32.0.1", None),
        ("::1", "loopback"),
        ("2001::1", "Teredo"),
        ("2001:db8::1", "documentation"),
        ("fd00::1", "unique local"),
        ("2a01:4f8::1", None),
    ],
)
def test_the_smallest_special_range_names_an_address(where: str, name: str | None) -> None:
    assert special_range(ip_address(where)) == name


def test_a_prefix_is_special_only_as_a_whole() -> None:
    assert special_range(ip_network("192.168.0.0/17")) == "private"
    assert special_range(ip_network("192.168.0.0/15")) is None
    assert special_range(ip_network("0.0.0.0/0")) is None


@pytest.mark.parametrize(
    "where", ["10.0.0.1", "127.0.0.1", "224.0.0.1", "255.255.255.255", "fe80::1", "::ffff:1.2.3.4"]
)
def test_bogons(where: str) -> None:
    assert is_bogon(ip_address(where))


@pytest.mark.parametrize("where", ["203.0.113.7", "198.51.100.7", "198.18.0.1", "2001:db8::1", "9.9.9.9"])
def test_the_lab_s_internet_is_no_bogon(where: str) -> None:
    assert not is_bogon(ip_address(where))


def test_metadata_addresses_are_known() -> None:
    assert ip_address("169.254.169.254") in METADATA4
    assert ip_address("168.63.129.16") in METADATA4
    assert ip_address("fd00:ec2::254") in METADATA6
    assert ip_address("169.254.169.253") not in METADATA4


def test_tables_are_sorted_and_bogons_are_special() -> None:
    assert list(METADATA4) == sorted(METADATA4)
    assert list(METADATA6) == sorted(METADATA6)
    assert list(SPECIAL4) == sorted(SPECIAL4)
    assert all(map(special_range, BOGONS4)) and all(map(special_range, BOGONS6))
    assert len(SPECIAL6) == 16
