from __future__ import annotations

from dataclasses import replace

from tests.topologies import host, joined, two_hosts
from warren.verify.beyond import outside_of


def test_public_addresses_and_lans_are_links() -> None:
    outside = outside_of(two_hosts())
    (line,) = outside.of("vps")
    assert (line.device, line.place, line.addresses) == ("eth0", "internet", ("203.0.113.10", "2001:db8:10::10"))
    (lan,) = outside.of("home")
    assert (lan.place, lan.addresses, lan.prefixes, lan.default) == (
        "lan:home", ("192.168.2.10",), ("192.168.2.0/24",), True,
    )  # fmt: skip


def test_a_gateway_with_a_lan_has_it_on_another_link() -> None:
    home = host("home", 1, lan="192.168.2.0/24")
    both = replace(host("vps", 0, "203.0.113.10"), lans=home.lans)
    line, lan = outside_of(joined([both], [])).of("vps")
    assert (line.device, lan.device, lan.default) == ("eth0", "eth1", False)


def test_of_whom_nothing_is_said_stands_behind_some_router() -> None:
    (line,) = outside_of(joined([host("home", 1)], [])).of("home")
    assert line.place == "lan:home" and line.addresses and line.default
