"""notation: ports, rates, prefixes, names and ssh targets as they are written."""

from __future__ import annotations

import pytest

from warren.spec.fields import Mistake
from warren.spec.notation import (
    derived_prefix6,
    read_connections,
    read_limit,
    read_limit_or_none,
    read_port,
    read_prefix4,
    read_prefix6,
    read_single_port,
    read_ssh,
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("80", "80/tcp"),
        ("12345/udp", "12345/udp"),
        ("27015-27030/udp", "27015-27030/udp"),
        ("53/tcp+udp", "53/tcp+udp"),
        ("53/udp+tcp", "53/tcp+udp"),
    ],
)
def test_ports(text: str, shown: str) -> None:
    assert str(read_port(text)) == shown


@pytest.mark.parametrize("text", ["", "0", "65536", "80/sctp", "9-8", "80/tcp+tcp", "-1", "80 ", "80\n", "٣", "1-2-3"])
def test_what_is_no_port(text: str) -> None:
    with pytest.raises(Mistake):
        read_port(text)


def test_single_ports() -> None:
    assert read_single_port("22") == 22
    for text in ("0", "65536", "22/tcp", "1-2", ""):
        with pytest.raises(Mistake, match="is not one port"):
            read_single_port(text)


@pytest.mark.parametrize(
    ("text", "count", "seconds"),
    [
        ("20/second", 20, 1),
        ("3/20s", 3, 20),
        ("10/minute", 10, 60),
        ("5/h", 5, 3600),
        ("1/2m", 1, 120),
        ("1/day", 1, 86400),
    ],
)
def test_limits(text: str, count: int, seconds: int) -> None:
    limit = read_limit(text)
    assert (limit.count, limit.seconds) == (count, seconds)
    assert read_limit(str(limit)) == limit


@pytest.mark.parametrize("text", ["20", "0/s", "20/week", "20000/s", "1/100d", "1/0s", "20 / s", "20/second\n"])
def test_what_is_no_limit(text: str) -> None:
    with pytest.raises(Mistake):
        read_limit(text)


def test_numbers_of_connections() -> None:
    assert [read_connections(text) for text in ("16", "4096", "1000000", "none")] == [16, 4096, 1000000, 0]
    for text in ("", "0", "15", "1000001", "-16", "1e3", "all", "4096/s", "٤٠٩٦"):
        with pytest.raises(Mistake, match="no number of connections"):
            read_connections(text)


def test_no_limit_is_said_by_a_word() -> None:
    assert not read_limit_or_none("none") and str(read_limit_or_none("none")) == "none"
    assert read_limit_or_none("3/20s") == read_limit("3/20s")


@pytest.mark.parametrize(
    ("text", "port"),
    [
        ("root@203.0.113.10", None),
        ("admin@home.lan:2222", 2222),
        ("ssh://admin@home.lan:2222", 2222),
        ("ssh://admin@home.lan/", None),
        ("vps", None),
        ("root@[2001:db8::1]:2200", 2200),
        ("root@2001:db8::1", None),
        ("root@[2001:db8::1]", None),
    ],
)
def test_ssh_targets(text: str, port: int | None) -> None:
    target = read_ssh(text)
    assert (target.text, target.port) == (text, port)


@pytest.mark.parametrize(
    "text",
    [
        "-oProxyCommand=reboot",
        "a@-b",
        "a b",
        "a;b",
        "$(a)@b",
        "a@b:0",
        "a@b:99999",
        "",
        "@b",
        "a@[::zz]",
        "a\n",
        "a@b@c",
    ],
)
def test_what_is_no_ssh_target(text: str) -> None:
    with pytest.raises(Mistake):
        read_ssh(text)


def test_the_networks_own_prefixes() -> None:
    assert str(read_prefix4("10.86.0.0/16")) == "10.86.0.0/16"
    assert str(read_prefix6("fd12:3456:789a::/48")) == "fd12:3456:789a::/48"
    for text in ("10.86.0.1/16", "8.8.8.0/24", "10.0.0.0/25", "fd00::/48", "x"):
        with pytest.raises(Mistake):
            read_prefix4(text)
    for text in ("fd00::/64", "2001:db8::/48", "10.0.0.0/16", "fc00::/48"):
        with pytest.raises(Mistake):
            read_prefix6(text)


def test_the_ipv6_prefix_follows_from_the_name_alone() -> None:
    one, other = derived_prefix6({"name": "nine-worlds"}), derived_prefix6({"name": "ten-worlds"})
    assert one == derived_prefix6({"name": "nine-worlds", "domain": "example.org"})
    assert one != other
    assert str(one).startswith("fd") and one.prefixlen == 48
