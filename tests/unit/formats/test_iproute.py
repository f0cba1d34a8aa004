"""What `ip -d -j` really prints (iproute2 6.1), read with every default written out."""

from __future__ import annotations

import json

import pytest

from warren.formats.iproute import Link, RouteLine, RuleLine, documents, links, routes, rules

# Shortened to what is read; empty objects are what `ip` prints for what a filter left out.
ADDRESSES = """[{},
{"ifindex":1,"ifname":"lo","flags":["LOOPBACK","UP","LOWER_UP"],"mtu":65536,"group":"default","addr_info":[
  {"family":"inet","local":"127.0.0.1","prefixlen":8,"scope":"host","label":"lo"},
  {"family":"inet6","local":"::1","prefixlen":128,"scope":"host"}]},
{"ifindex":3,"link_index":2,"ifname":"v-db","flags":["NO-CARRIER","BROADCAST","UP","M-DOWN"],"mtu":1500,
  "operstate":"LOWERLAYERDOWN","group":"86","linkinfo":{"info_kind":"veth"},"ifalias":"warren","addr_info":[{},
  {"family":"inet","local":"10.86.1.1","prefixlen":32,"scope":"global","label":"v-db"},
  {"family":"inet6","local":"fd86::1","prefixlen":128,"scope":"global","nodad":true},
  {"family":"inet6","local":"fe80::1","prefixlen":64,"scope":"link"}]},
{"ifindex":4,"ifname":"br0","flags":["BROADCAST"],"mtu":1500,"linkinfo":{"info_kind":"bridge"},"addr_info":[]}]"""

ROUTES = """[
{"type":"unreachable","dst":"10.86.0.0/16","table":"8600","protocol":"86","metric":4278198272,"flags":[]},
{"type":"unicast","dst":"10.86.1.2","dev":"v-a","table":"8600","protocol":"86","prefsrc":"10.86.1.1","flags":[]},
{"dst":"default","gateway":"192.168.2.1","dev":"eth0","protocol":"dhcp","metric":100,"flags":[]},
{"dst":"default","via":{"family":"inet6","host":"fe80::1"},"dev":"eth1","flags":[]},
{"type":"unicast","dst":"default","dev":"wrn-vps","table":"8601","protocol":"86","metric":1024,"pref":"medium"},
{"type":"unreachable","dst":"default","dev":"lo","table":"8601","protocol":"86","metric":4278198272,"pref":"medium"},
{"type":"local","dst":"fd86::1","dev":"v-a","table":"local","protocol":"kernel","metric":0,"pref":"medium"},
{}]"""

RULES = """[{"priority":0,"src":"all","table":"local","protocol":"kernel"},
{"priority":8600,"src":"all","dst":"10.86.0.0","dstlen":16,"fwmark":"0x10000000","fwmask":"0xff000000","iif":"lo",
  "table":"8601","protocol":"86"},
{"priority":8610,"src":"all","iif":"wrn-fra","iif_detached":null,"action":"blackhole","protocol":"86"},
{"priority":8611,"src":"fd86:86:86::","srclen":48,"action":"unreachable","protocol":"86"},
{"priority":8612,"src":"10.86.0.1","fwmark":"0x01","oif":"lo","table":"70"},
{}]"""


def test_links() -> None:
    assert list(links(json.loads(ADDRESSES))) == [
        Link(1, "lo", None, None, 65536, True, frozenset({"127.0.0.1/8", "::1/128"})),
        Link(3, "v-db", "veth", "warren", 1500, True, frozenset({"10.86.1.1/32", "fd86::1/128"}), 2, "86"),
        Link(4, "br0", "bridge", None, 1500, False, frozenset()),
    ]


def test_routes() -> None:
    assert list(routes(json.loads(ROUTES))) == [
        RouteLine("unreachable", "10.86.0.0/16", "8600", None, None, None, "86", 4278198272),
        RouteLine("unicast", "10.86.1.2/32", "8600", "v-a", None, "10.86.1.1", "86", None),
        RouteLine("unicast", "0.0.0.0/0", "main", "eth0", "192.168.2.1", None, "dhcp", 100),
        RouteLine("unicast", "0.0.0.0/0", "main", "eth1", "fe80::1", None, "boot", None),
        RouteLine("unicast", "::/0", "8601", "wrn-vps", None, None, "86", 1024),
        RouteLine("unreachable", "::/0", "8601", "lo", None, None, "86", 4278198272),
        RouteLine("local", "fd86::1/128", "local", "v-a", None, None, "kernel", 0),
    ]


def test_the_family_of_a_route_is_that_of_its_prefix() -> None:
    assert [each.family for each in routes(json.loads(ROUTES))] == [4, 4, 4, 4, 6, 6, 6]


@pytest.mark.parametrize("field", [{"gateway": "fe80::1"}, {"prefsrc": "fd86::1"}, {"pref": "medium"}])
def test_an_ipv6_default_is_known_by_its_neighbours(field: dict[str, str]) -> None:
    (found,) = routes([{"dst": "default", "dev": "eth0", **field}])
    assert found.prefix == "::/0"


def test_rules() -> None:
    assert list(rules(json.loads(RULES))) == [
        RuleLine(0, "", "local", "kernel"),
        RuleLine(8600, "to 10.86.0.0/16 fwmark 0x10000000/0xff000000 iif lo", "8601", "86"),
        RuleLine(8610, "iif wrn-fra", "blackhole", "86"),
        RuleLine(8611, "from fd86:86:86::/48", "unreachable", "86"),
        RuleLine(8612, "from 10.86.0.1 fwmark 0x1 oif lo", "70", ""),
    ]


def test_several_documents_of_one_batch() -> None:
    assert documents('[{"a":1}]\n[]\n\n  [{"b":2}] \n') == [[{"a": 1}], [], [{"b": 2}]]
    assert documents("\n ") == []


@pytest.mark.parametrize("text", ["Cannot open network namespace", "[{}", '[]\nError: "x"'])
def test_what_is_no_json_is_an_error_and_not_half_an_answer(text: str) -> None:
    with pytest.raises(json.JSONDecodeError):
        documents(text)
