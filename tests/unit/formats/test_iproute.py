"""What `ip -j` prints, as real kernels printed it."""

from __future__ import annotations

import json

import pytest

from warren.formats.iproute import Link, RouteLine, RuleLine, documents, links, routes, rules

PAIR = """
{"ifindex":7,"link_index":2,"ifname":"v-cloud","flags":["BROADCAST","MULTICAST","UP","LOWER_UP"],"mtu":1500,
 "operstate":"UP","group":"86","link_type":"ether","ifalias":"warren","linkinfo":{"info_kind":"veth"},
 "addr_info":[{"family":"inet","local":"10.86.1.1","prefixlen":32,"scope":"global"},
              {"family":"inet6","local":"fd86::1","prefixlen":128,"scope":"global","nodad":true},
              {"family":"inet6","local":"fe80::1","prefixlen":64,"scope":"link"}]}"""


def test_a_batch_prints_several_documents() -> None:
    assert documents('[{"a":1}]\n[]  [2]\n') == [[{"a": 1}], [], [2]]
    assert documents("") == []


def test_a_pair() -> None:
    addresses = frozenset({"10.86.1.1/32", "fd86::1/128"})
    assert list(links([json.loads(PAIR), {}])) == [
        Link(7, "v-cloud", "veth", "warren", 1500, True, addresses, 2, "86"),
    ]


def test_a_tun_device_has_no_kind_and_no_peer() -> None:
    (found,) = links([{"ifindex": 3, "ifname": "wrn-vps", "flags": ["POINTOPOINT"], "mtu": 1420, "addr_info": []}])
    assert found == Link(3, "wrn-vps", None, None, 1420, False, frozenset(), None, "default")


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        (
            '{"type":"unicast","dst":"10.86.1.2","dev":"v-cloud","table":"8600","protocol":"86","prefsrc":"10.86.1.1"}',
            RouteLine("unicast", "10.86.1.2/32", "8600", "v-cloud", None, "10.86.1.1", "86", None),
        ),
        (
            '{"type":"unreachable","dst":"default","table":"8601","protocol":"86","metric":4278198272}',
            RouteLine("unreachable", "0.0.0.0/0", "8601", None, None, None, "86", 4278198272),
        ),
        (
            '{"type":"unicast","dst":"default","gateway":"fd86::1","dev":"eth0","metric":1024,"pref":"medium"}',
            RouteLine("unicast", "::/0", "main", "eth0", "fd86::1", None, "boot", 1024),
        ),
        (
            '{"dst":"default","dev":"wrn-vps","protocol":"86","metric":1024,"pref":"medium","table":"8601"}',
            RouteLine("unicast", "::/0", "8601", "wrn-vps", None, None, "86", 1024),
        ),
        (
            '{"dst":"fd86::/64","via":{"family":"inet6","host":"fe80::1"},"dev":"eth0","protocol":"static"}',
            RouteLine("unicast", "fd86::/64", "main", "eth0", "fe80::1", None, "static", None),
        ),
    ],
)
def test_routes(printed: str, read: RouteLine) -> None:
    assert list(routes([json.loads(printed)])) == [read]
    assert read.family == (6 if ":" in read.prefix else 4)


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        (
            '{"priority":8600,"src":"all","dst":"10.86.0.0","dstlen":16,"iif":"lo","table":"8600","protocol":"86"}',
            RuleLine(8600, "to 10.86.0.0/16 iif lo", "8600", "86"),
        ),
        (
            '{"priority":8601,"src":"all","fwmark":"0x10000000","fwmask":"0xff000000","table":"8601","protocol":"86"}',
            RuleLine(8601, "fwmark 0x10000000/0xff000000", "8601", "86"),
        ),
        (
            '{"priority":8606,"src":"10.86.0.0","srclen":16,"action":"unreachable","protocol":"86"}',
            RuleLine(8606, "from 10.86.0.0/16", "unreachable", "86"),
        ),
        ('{"priority":0,"src":"all","table":"local","protocol":"kernel"}', RuleLine(0, "", "local", "kernel")),
    ],
)
def test_rules(printed: str, read: RuleLine) -> None:
    assert list(rules([json.loads(printed)])) == [read]
