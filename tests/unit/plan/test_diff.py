"""What differs between two states, and nothing more."""

from __future__ import annotations

from dataclasses import replace

from warren.desired.items.file import File
from warren.desired.items.netns import Netns, Veth
from warren.desired.items.route import Route
from warren.desired.items.sysctl import Sysctl
from warren.desired.model import HostState
from warren.plan.diff import diff, diff_host

A = Netns("a")
PAIR = Veth("v-a", "a", 1500, frozenset({"10.0.0.1/32"}), frozenset({"10.0.0.2/32"}))
INNER = Route("0.0.0.0/0", "main", "eth0", "10.0.0.1", netns="a")
OUTER = Route("10.0.0.2/32", "8600", "v-a")
ALL = HostState.of([A, PAIR, INNER, OUTER])


def said(desired: HostState, observed: HostState) -> list[str]:
    return [f"{c.action.value} {c.key}: {c.reason} ({len(c.steps)})" for c in diff_host("home", desired, observed)]


def test_equal_states_differ_in_nothing() -> None:
    assert said(ALL, ALL) == []


def test_what_is_not_there_is_added_in_its_order() -> None:
    assert said(ALL, HostState()) == [
        "+ netns:a: is not there (2)",
        "+ link:v-a: is not there (8)",
        "+ route:a/main/to 0.0.0.0/0: is not there (1)",
        "+ route:8600/to 10.0.0.2/32: is not there (1)",
    ]


def test_what_is_inside_goes_along_without_commands() -> None:
    assert said(HostState(), ALL) == [
        "- route:8600/to 10.0.0.2/32: goes along with link:v-a (0)",
        "- route:a/main/to 0.0.0.0/0: goes along with link:v-a (0)",
        "- link:v-a: is not in the file (1)",
        "- netns:a: is not in the file (1)",
    ]


def test_what_goes_alone_needs_its_own_command() -> None:
    assert said(HostState.of([A, PAIR, INNER]), ALL) == ["- route:8600/to 10.0.0.2/32: is not in the file (1)"]


def test_a_change_says_what_differs() -> None:
    (line,) = said(ALL, HostState.of([A, replace(PAIR, mtu=1400, up=False), INNER, OUTER]))
    assert line == "~ link:v-a: mtu 1400 -> 1500; up False -> True (4)"


def test_a_torn_pair_is_made_anew_with_all_that_is_on_it() -> None:
    torn = replace(PAIR, inner=frozenset(), up=False)
    assert [line.split(" (")[0] for line in said(ALL, HostState.of([A, torn, INNER, OUTER]))] == [
        "~ link:v-a: inner {} -> {10.0.0.2/32}; up False -> True",
        "+ route:a/main/to 0.0.0.0/0: goes along with link:v-a",
        "+ route:8600/to 10.0.0.2/32: goes along with link:v-a",
    ]


def test_a_setting_that_is_no_longer_wanted_stays() -> None:
    assert said(HostState(), HostState.of([Sysctl("net.ipv4.ip_forward", "1")])) == []


def test_a_thing_too_many_is_removed_by_what_it_is() -> None:
    twice = HostState({**ALL.items, f"{OUTER.key} #2": replace(OUTER, device="v-b")})
    (change,) = diff_host("home", ALL, twice)
    assert [str(step) for step in change.steps] == [
        "Ip(line='route del 10.0.0.2/32 dev v-b table 8600 proto 86', netns=None, family=None)"
    ]


def test_a_plan_has_the_hosts_of_both_states() -> None:
    plan = diff({"home": ALL}, {"old": HostState.of([File("/etc/x", "x\n")]), "vps": HostState()}, ["vps"])
    assert {name: len(each) for name, each in plan.hosts.items()} == {"home": 4, "old": 1, "vps": 0}
    assert sorted(name for wave in plan.waves for name in wave) == ["home", "old", "vps"]


def test_why_something_goes_depends_on_what_is_desired() -> None:
    plan = diff({}, {"home": HostState.of([A])}, gone="was not there then")
    assert [change.reason for change in plan.hosts["home"].removals] == ["was not there then"]
