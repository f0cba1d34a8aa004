"""Which table answers: marks decide, everything of the network that has none is refused, `main` is never touched."""

from __future__ import annotations

import pytest

from tests.topologies import everything, host, joined, two_hosts
from tests.unit.desired.reading import spoken, view_of
from warren.desired.items.route import IpRule, Route
from warren.desired.items.sysctl import Sysctl
from warren.desired.parts.routes import routes
from warren.topology.model import Topology

ALONE = joined([host("home", 1)], [])


def rules(topology: Topology, name: str, family: int = 4) -> list[str]:
    """The rules of a family in the order of their priorities, as `ip rule` prints them."""
    found = [each for each in routes(view_of(topology, name)) if isinstance(each, IpRule) and each.family == family]
    return [f"{each.selector} {each.describe()}" for each in sorted(found, key=lambda each: each.priority)]


def table(topology: Topology, name: str, number: str) -> list[str]:
    """The IPv4 routes of a table."""
    found = [each for each in routes(view_of(topology, name)) if isinstance(each, Route) and each.family == 4]
    return [
        line.removeprefix("ip route add ") for each in found if each.table == number for line in spoken(each.create())
    ]


def test_the_rules_of_a_host_that_dials() -> None:
    assert rules(two_hosts(), "home") == [
        "to 10.86.0.0/16 iif lo lookup 8600",
        "fwmark 0x10000000/0xff000000 lookup 8601",
        "fwmark 0x1000000/0xff000000 lookup 8600",
        "fwmark 0x1000000/0xff000000 lookup main",
        "fwmark 0x2000000/0xff000000 lookup main",
        "from 10.86.0.0/16 iif lo lookup main",
        "iif wrn-vps blackhole",
        "from 10.86.0.0/16 unreachable",
        "to 10.86.0.0/16 unreachable",
    ]


def test_a_gateway_sends_what_is_exposed_at_it_by_its_own_tunnel() -> None:
    assert rules(two_hosts(), "vps")[0] == "to 10.86.0.0/16 fwmark 0x10000000/0xff000000 iif lo lookup 8601"
    assert "fwmark 0x10000000/0xff000000 lookup main" in rules(two_hosts(), "vps")
    assert table(two_hosts(), "vps", "8601") == ["10.86.1.0/24 dev wrn-vps table 8601 proto 86"]


@pytest.mark.parametrize("topology", [two_hosts(), everything(), ALONE])
@pytest.mark.parametrize("family", [4, 6])
def test_what_has_no_mark_is_refused_last(topology: Topology, family: int) -> None:
    prefix = topology.prefix4 if family == 4 else topology.prefix6
    for name in topology.hosts:
        assert rules(topology, name, family)[-2:] == [f"from {prefix} unreachable", f"to {prefix} unreachable"]


def test_what_comes_by_a_tunnel_unmarked_ends_in_silence_before_any_refusal() -> None:
    for name in everything().hosts:
        found = rules(everything(), name)
        silent = [at for at, line in enumerate(found) if line.endswith("blackhole")]
        assert [found[at] for at in silent] == ["iif wrn-edge blackhole", "iif wrn-vps blackhole"]
        assert max(silent) < min(at for at, line in enumerate(found) if line.endswith("unreachable"))


def test_no_rule_speaks_of_what_is_neither_marked_nor_the_network_s() -> None:
    for name in everything().hosts:
        for line in (*rules(everything(), name), *rules(everything(), name, 6)):
            assert line.startswith(("fwmark ", "to 10.86.", "from 10.86.", "to fd86:", "from fd86:", "iif wrn-")), line


def test_no_route_of_the_host_itself_is_touched() -> None:
    for name in everything().hosts:
        found = [each for each in routes(view_of(everything(), name)) if isinstance(each, Route)]
        assert not {each.table for each in found} & {"main", "local", "default"}


def test_egress_through_a_gateway_ends_in_a_refusal() -> None:
    assert table(two_hosts(), "home", "8601") == [
        "0.0.0.0/0 dev wrn-vps table 8601 proto 86",
        "unreachable 0.0.0.0/0 table 8601 proto 86 metric 4278198272",
    ]


def test_each_gateway_has_a_table_of_its_own() -> None:
    assert table(everything(), "home", "8601")[0] == "0.0.0.0/0 dev wrn-vps table 8601 proto 86"
    assert table(everything(), "home", "8603")[0] == "0.0.0.0/0 dev wrn-edge table 8603 proto 86"


def test_the_network_s_table_knows_every_other_host_and_refuses_the_rest() -> None:
    assert table(everything(), "cabin", "8600") == [
        "unreachable 10.86.0.0/16 table 8600 proto 86 metric 4278198272",
        "10.86.0.0/24 dev wrn-vps table 8600 proto 86 src 10.86.3.1",
        "10.86.1.0/24 dev wrn-vps table 8600 proto 86 src 10.86.3.1",
        "10.86.2.0/24 dev wrn-edge table 8600 proto 86 src 10.86.3.1",
    ]


def test_both_families_have_the_same_rules() -> None:
    for name in everything().hosts:
        six = [line.replace("fd86:86:86::/48", "10.86.0.0/16") for line in rules(everything(), name, 6)]
        assert six == rules(everything(), name, 4)


def test_forwarding_and_the_mark_of_the_reverse_path() -> None:
    found = {each.name: each.value for each in routes(view_of(ALONE, "home")) if isinstance(each, Sysctl)}
    assert found["net.ipv4.ip_forward"] == found["net.ipv6.conf.all.forwarding"] == "1"
    assert found["net.ipv4.conf.all.src_valid_mark"] == "1"
