"""The order that is safe: rules before links, links before routes, and backwards."""

from __future__ import annotations

from tests.topologies import two_hosts
from warren.desired.lower import lower
from warren.desired.model import HostState
from warren.plan.diff import diff_host
from warren.plan.model import Change
from warren.plan.order import waves


def kinds(changes: tuple[Change, ...]) -> list[str]:
    """The kinds in the order of their first change."""
    return list(dict.fromkeys(each.key.split(":")[0] for each in changes))


def test_nothing_can_send_before_it_is_refused() -> None:
    plan = diff_host("home", lower(two_hosts())["home"], HostState())
    assert kinds(plan.additions)[:3] == ["file", "nft", "sysctl"]
    assert kinds(plan.additions).index("rule") < kinds(plan.additions).index("link")
    fallback = [each.key for each in plan.additions].index("route:8601/unreachable 0.0.0.0/0")
    assert fallback < [each.key for each in plan.additions].index("link:wrn-vps")


def test_removals_go_backwards() -> None:
    state = lower(two_hosts())["home"]
    plan = diff_host("home", HostState(), state)
    assert kinds(plan.removals)[-2:] == ["nft", "file"]
    ranks = [each.item.rank for each in plan.removals]
    assert ranks == sorted(ranks, reverse=True)


def test_what_contains_comes_before_what_it_contains() -> None:
    plan = diff_host("home", lower(two_hosts())["home"], HostState())
    place = {each.key: number for number, each in enumerate(plan.additions)}
    for each in plan.additions:
        if each.item.inside in place:
            assert place[each.item.inside] < place[each.key], each.key


def test_every_host_is_in_one_wave() -> None:
    made = waves(["home", "vps", "nas"], ["vps"])
    assert sorted(name for wave in made for name in wave) == ["home", "nas", "vps"]
    assert ("vps",) in made
    assert waves([], []) == ()
