"""What counts as a change since the plan was made, and what is left to do after one."""

from __future__ import annotations

from dataclasses import replace

from warren.apply.meanwhile import difference, what_is_left
from warren.desired.items.file import File
from warren.desired.items.netns import Netns, Veth
from warren.desired.items.route import Route
from warren.desired.items.running import Running
from warren.desired.model import HostState, Item
from warren.observe import Observed
from warren.plan.diff import diff_host

WANTED = HostState.of([Netns("db"), Netns("web")])


def seen(*items: Item) -> Observed:
    """A host that holds these."""
    return Observed(HostState.of(items), None, frozenset(), {})


def test_what_comes_and_goes_by_itself_is_no_difference() -> None:
    running = Running("db", 6001, "db.service", "d1")
    assert difference(seen(running), seen(replace(running, active=False))) == ""
    assert difference(seen(), seen(Netns("db"))) == "netns:db is new"
    assert difference(seen(Netns("db")), seen()) == "netns:db is gone"
    assert difference(seen(), replace(seen(), owned=frozenset({"netns:db"}))) == "what it remembers to own differs"


def test_a_pair_without_its_namespace_may_go_meanwhile() -> None:
    whole = Veth("v-db", "db", 1500, frozenset({"10.0.0.1/32"}), frozenset({"10.0.0.2/32"}))
    torn = replace(whole, inner=frozenset(), up=False)
    route = Route("10.0.0.2/32", "8600", "v-db")
    assert difference(seen(torn, route), seen()) == ""
    assert difference(seen(whole, route), seen()) == "link:v-db is gone"
    assert difference(seen(torn, route), seen(whole, route)) == "link:v-db is new"


def test_what_is_there_by_now_is_not_made() -> None:
    plan = diff_host("home", WANTED, HostState())
    left = what_is_left(plan, WANTED, seen(), seen(Netns("db")))
    assert left and [change.key for change in left] == ["netns:web"]
    assert what_is_left(plan, WANTED, seen(), seen(*WANTED)) == diff_host("home", WANTED, WANTED)


def test_what_nobody_planned_is_not_done() -> None:
    plan = diff_host("home", WANTED, HostState.of([Netns("db")]))
    assert what_is_left(plan, WANTED, seen(Netns("db")), seen()) is None
    assert what_is_left(plan, WANTED, seen(Netns("db")), seen(Netns("db"), Netns("other"))) is None
    mine, theirs, third = (File("/etc/x", f"{text}\n") for text in ("mine", "theirs", "third"))
    plan = diff_host("home", HostState.of([mine]), HostState.of([theirs]))
    assert what_is_left(plan, HostState.of([mine]), seen(theirs), seen(third)) is None
    plan = diff_host("home", WANTED, HostState.of([Netns("db")]))
    assert what_is_left(plan, WANTED, seen(Netns("db")), replace(seen(*WANTED), owned=frozenset({"x"}))) is None
