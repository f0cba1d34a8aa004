"""The difference and nothing more: what is equal costs nothing, what goes along is not touched twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from warren.desired.items.file import File
from warren.desired.items.netns import Netns, Veth
from warren.desired.items.route import IpRule, Route
from warren.desired.items.sysctl import Settings, Sysctl
from warren.desired.model import HostState, Item
from warren.plan.diff import diff, diff_host
from warren.plan.model import HostPlan

PAIR = Veth("v-db", "db", 1500, frozenset({"10.86.1.1/32"}), frozenset({"10.86.1.3/32"}))
TO = Route("10.86.1.3/32", "8600", "v-db")
BACK = Route("0.0.0.0/0", device="eth0", via="10.86.1.1", netns="db")
SETTINGS = Settings("db", (("net.ipv4.ip_forward", "0"),))
SERVICE: tuple[Item, ...] = (Netns("db"), PAIR, SETTINGS, TO, BACK)


def planned(desired: Iterable[Item], observed: Iterable[Item]) -> HostPlan:
    return diff_host("home", HostState.of(desired), HostState.of(observed))


def lines(desired: Iterable[Item], observed: Iterable[Item]) -> list[str]:
    return [f"{each.action} {each.key}: {each.reason}" for each in planned(desired, observed)]


def test_what_is_equal_costs_nothing() -> None:
    assert lines(SERVICE, SERVICE) == []
    assert lines((), ()) == []


def test_what_is_not_there_is_made() -> None:
    plan = planned([File("/a", "x\n")], [])
    assert [f"{each.action} {each.key}: {each.reason}" for each in plan] == ["+ file:/a: is not there"]
    assert next(iter(plan)).steps == File("/a", "x\n").create()


def test_what_differs_is_changed_for_a_reason() -> None:
    assert lines([File("/a", "x\n", 0o600)], [File("/a", "y\n")]) == ["~ file:/a: mode 644 -> 600; content"]


def test_what_is_not_in_the_file_goes() -> None:
    assert lines([], [File("/a", "x\n")]) == ["- file:/a: is not in the file"]


def test_a_kernel_setting_of_the_host_is_never_guessed_back() -> None:
    assert lines([], [Sysctl("net.ipv4.ip_forward", "1")]) == []
    assert lines([Sysctl("net.ipv4.ip_forward", "1")], [Sysctl("net.ipv4.ip_forward", "0")]) == [
        "~ sysctl:net.ipv4.ip_forward: value 0 -> 1"
    ]


def test_what_is_inside_goes_along_without_a_command_of_its_own() -> None:
    steps = {each.key: each.steps for each in planned([], SERVICE)}
    assert steps.pop("netns:db") == Netns("db").remove()
    assert len(steps) == 4
    assert set(steps.values()) == {()}


def test_what_is_inside_something_that_stays_goes_by_itself() -> None:
    (change,) = planned(SERVICE[:-1], SERVICE)
    assert change.steps == BACK.remove()
    assert change.reason == "is not in the file"


def test_a_torn_pair_takes_what_is_inside_it_along_and_back() -> None:
    torn = replace(PAIR, inner=frozenset(), up=False)
    assert lines(SERVICE, [Netns("db"), torn, SETTINGS, TO, BACK]) == [
        "~ link:v-db: inner {} -> {10.86.1.3/32}; up False -> True",
        "+ settings:db: goes along with link:v-db",
        "+ route:db/main/to 0.0.0.0/0: goes along with link:v-db",
        "+ route:8600/to 10.86.1.3/32: goes along with link:v-db",
    ]


def test_a_pair_that_changes_in_place_leaves_what_is_inside_alone() -> None:
    assert lines(SERVICE, [Netns("db"), replace(PAIR, mtu=1400), SETTINGS, TO, BACK]) == [
        "~ link:v-db: mtu 1400 -> 1500"
    ]


def test_a_rule_that_leads_elsewhere_comes_before_the_old_one_goes() -> None:
    new, old = IpRule(4, 8600, "iif lo", "8600"), IpRule(4, 8600, "iif lo", "8601")
    assert [each.action.value for each in planned([new], [old])] == ["+", "-"]


def test_hosts_of_either_side_are_compared() -> None:
    here = HostState.of([File("/a", "")])
    plan = diff({"vps": here, "home": here}, {"old": here, "vps": here}, gateways=["vps"])
    assert {name: len(host) for name, host in plan.hosts.items()} == {"vps": 0, "home": 1, "old": 1}
    assert plan.waves == (("vps",), ("home", "old"))
