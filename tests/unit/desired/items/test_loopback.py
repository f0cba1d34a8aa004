"""loopback: made, read back, and undone."""

from __future__ import annotations

from tests.memory import applied, changes, fresh
from tests.spec_texts import resolved
from tests.unit.desired.reading import spoken
from warren.desired.items.loopback import Loopback, observed
from warren.formats.iproute import RouteLine, RuleLine

MADE = Loopback("web0", "10.86.0.3")
ROUTES = [
    RouteLine("local", "0.0.0.0/0", "local", "lo", None, None, "86", None),
    RouteLine("local", "::/0", "86", "lo", None, None, "86", 1024),
    RouteLine("local", "127.0.0.0/8", "local", "lo", None, None, "kernel", None),
]
RULES = [
    RuleLine(10, "from 127.0.0.0/8", "local", "86"),
    RuleLine(11, "to 127.0.0.0/8", "local", "86"),
    RuleLine(12, "to 10.86.0.3", "local", "86"),
    RuleLine(32766, "", "main", "kernel"),
]
FIRST = RuleLine(0, "", "local", "kernel")


def test_what_is_asked_of_the_table_is_said_before_everything_is_in_it() -> None:
    lines = spoken(MADE.create())
    first = next(at for at, each in enumerate(lines) if "rule del pref 0" in each)
    assert all("rule add" in each for each in lines[:first]) and "route add local 0.0.0.0/0" in lines[first + 1]


def test_it_is_read_back() -> None:
    assert observed("web0", ROUTES, RULES) == MADE
    assert observed("web0", [], [FIRST]) is None
    assert observed("web0", ROUTES[2:], [FIRST]) is None


def test_what_lacks_something_is_made_anew() -> None:
    for routes, rules in ((ROUTES[1:], RULES), (ROUTES, RULES[1:]), (ROUTES, [FIRST, *RULES]), ([], RULES)):
        torn = observed("web0", routes, rules)
        assert torn == Loopback("web0", "") and MADE.differences(torn) == ("something of it is gone",)
        assert MADE.change(torn) == (*torn.remove(), *MADE.create())
        assert "rule flush protocol 86" in "".join(spoken(torn.remove()))
    assert MADE.differences(Loopback("web0", "10.86.0.9")) == ("own 10.86.0.9 -> 10.86.0.3",)


def test_it_goes_with_its_namespace_and_without_a_trace() -> None:
    assert MADE.inside == "netns:web0"
    lines = spoken(MADE.remove())
    assert "route del local" in lines[0] and "rule add pref 0 lookup local" in lines[1], "never nothing local"
    assert len(lines) == len(MADE.create())


def test_hosts_in_memory_come_to_rest_with_it_and_without_it() -> None:
    shared = """\
version: 1
network: {name: n, dns: false}
hosts: {vps: {public: 203.0.113.10}, home: {egress: vps}}
services:
  a: {host: vps, ports: {web: 80}, expose: {https: a.example}}
  b: {host: home, ports: {web: 80}, expose: {https: b.example%s}}
"""
    first, second = resolved(shared % ", tls: home"), resolved(shared % "")
    hosts = applied(first, fresh(first, second))
    assert changes(first, hosts) == []
    assert [each for each in changes(second, hosts) if "loopback" in each] == [
        "vps: - loopback:web0: is not in the file",
        "home: - loopback:web1-g0: goes along with netns:web1-g0",
    ]
    assert changes(second, applied(second, hosts)) == [] == changes(first, applied(first, hosts))
