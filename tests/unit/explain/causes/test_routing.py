"""Why a host sends a packet another way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tests.networks import example
from tests.unit.explain.asking import NAME
from tests.unit.explain.witness import expected, healthy, said, scene
from warren.desired.items.sysctl import Sysctl
from warren.desired.items.tunnel import Tunnel
from warren.desired.model import HostState, Item
from warren.evidence.model import Seen
from warren.explain.causes import routing
from warren.explain.progress import LOST, Break, Passage
from warren.formats.iproute import Link, RuleLine
from warren.formats.nft_trace import TraceLine

TOPOLOGY = example(NAME)
STOP = Break("home", "question", LOST, "vps")


def altered(change: Callable[[dict[str, Item]], None]) -> dict[str, Seen]:
    """Home, holding something else than it should."""
    home = healthy(TOPOLOGY)["home"]
    assert home.observed is not None
    items = dict(home.observed.state.items)
    change(items)
    return {"home": replace(home, observed=replace(home.observed, state=HostState(items)))}


def test_healthy_hosts_have_nothing() -> None:
    assert routing.astray(scene(expected("internet", "game.query")), STOP) is None


def test_forwarding_that_is_off() -> None:
    seen = altered(lambda items: items.update({"sysctl:net.ipv4.ip_forward": Sysctl("net.ipv4.ip_forward", "0")}))
    found = routing.astray(scene(expected("internet", "game.query"), seen), STOP)
    assert said(found) == "forwarding-off: forwarding of IPv4 is off on home"
    assert routing.forwarding(scene(expected("internet", "game.query", 1), seen), "home") is None


def test_rules_and_routes_that_are_gone() -> None:
    def lose(start: str) -> Callable[[dict[str, Item]], None]:
        def change(items: dict[str, Item]) -> None:
            for key in [key for key in items if key.startswith(start)]:
                del items[key]

        return change

    of = expected("internet", "game.query")
    found = routing.astray(scene(of, altered(lose("rule:4/8601"))), STOP)
    assert said(found).startswith("ip-rule-gone: the routing rule `8601 fwmark")
    found = routing.astray(scene(of, altered(lose("route:8600/to 10.86.1.4"))), STOP)
    assert said(found) == "route-gone: the route `8600/to 10.86.1.4/32` is gone from home"


def test_a_lan_that_overlaps() -> None:
    home = healthy(TOPOLOGY)["home"]
    lan = Link(9, "eth1", None, None, 1500, True, frozenset({"10.86.7.1/24"}))
    found = routing.astray(scene(expected("cloud", "db"), {"home": replace(home, links=(*home.links, lan))}), STOP)
    assert said(found) == "lan-overlap: the LAN of home at eth1 (10.86.7.1/24) overlaps the file's own prefix"


def test_a_mark_that_is_taken_away() -> None:
    rule = TraceLine("a", "ip", "mangle", "PREROUTING", "rule", "continue", "meta mark set 0x00000000")
    stop = Break("home", "question", LOST, "vps", Passage(rules=[rule]))
    found = routing.astray(scene(expected("cloud", "db")), stop)
    assert said(found) == (
        "mark-lost: on home table ip mangle, chain PREROUTING takes our mark away: meta mark set 0x00000000"
    )


def test_a_rule_before_ours() -> None:
    home = healthy(TOPOLOGY)["home"]
    line = RuleLine(5210, "fwmark 0x80000/0xff0000", "main", "static")
    found = routing.astray(scene(expected("cloud", "db"), {"home": replace(home, rules=(line,))}), STOP)
    assert said(found) == (
        "rule-before-ours: on home another routing rule comes before ours: `5210: fwmark 0x80000/0xff0000 main`"
    )


def test_a_rule_that_changes_nothing_is_not_blamed() -> None:
    line = RuleLine(5210, "fwmark 0x80000/0xff0000", "main", "static")
    of = expected("cloud", "db")
    number = next(n for n, hop in enumerate(of.trace.forward.hops) if hop.node == "home" and hop.stage == "route")
    for device, blamed in (("v-db", False), ("eth0", True)):
        ways = {f"4.question.{number}": f"unicast 10.86.1.3 from 10.86.1.2 dev {device} table 8600"}
        home = replace(healthy(TOPOLOGY)["home"], rules=(line,), ways=ways)
        found = routing.astray(scene(of, {"home": home}), Break("home", "question", LOST, "cloud"))
        assert (found is not None) == blamed


def test_reverse_paths() -> None:
    def strict(items: dict[str, Item]) -> None:
        tunnel = items["link:wrn-vps"]
        assert isinstance(tunnel, Tunnel)
        items["link:wrn-vps"] = replace(tunnel, rp_filter="1")

    of = expected("internet", "game.query")
    found = routing.astray(scene(of, altered(strict)), STOP)
    assert said(found) == "rp-filter: strict reverse-path filtering on home drops it (wrn-vps: rp_filter 1 -> 2)"
    home = replace(healthy(TOPOLOGY)["home"], ways={"4.question.5": "RTNETLINK answers: Invalid cross-device link"})
    found = routing.astray(scene(of, {"home": home}), STOP)
    assert said(found) == "rp-filter: home does not believe the source: reverse-path filtering drops it"


def test_an_address_that_the_host_keeps_for_itself() -> None:
    home = healthy(TOPOLOGY)["home"]
    lo = Link(1, "lo", None, None, 65536, True, frozenset({"127.0.0.1/8", "10.86.1.3/32"}))
    seen = {"home": replace(home, links=(lo, *home.links[1:]))}
    found = routing.astray(scene(expected("cloud", "db"), seen), Break("home", "question", LOST, "cloud"))
    assert said(found) == "address-taken: home itself has the address 10.86.1.3 of db, on lo"
    assert found is not None and found.remedy == "`ip addr del 10.86.1.3/32 dev lo` on home"
