"""All evidence of a question."""

from __future__ import annotations

from tests.unit.evidence.saying import Saying
from tests.unit.evidence.test_look import TEXT
from tests.unit.evidence.test_watch import CANARY
from warren.evidence.ask import Door, Filter, HostQuestion
from warren.evidence.gather import Approach, Crossing, Inquiry, gather, unreached
from warren.evidence.model import Knock

INQUIRY = Inquiry(
    {"home": HostQuestion(), "vps": HostQuestion()},
    (Door(4, "10.0.0.1", 80, "tcp"),),
    Filter("tcp", (80,), ("10.0.0.1",)),
    (Crossing("home", "vps", "10.86.0.1", 1420),),
    (Approach("home", "vps", "203.0.113.10"),),
)


def answer(script: str) -> str:
    if "monitor trace" in script:
        return CANARY
    if "%%knock" in script:
        return "%%knock 4\nconnected\ncode 1\n"
    if "203.0.113.10" in script and "echo echo" in script:
        return "echo 200 1\n"
    return "echo 200 0\necho 1420 1\n" if "echo echo" in script else TEXT


def test_watch_knock_and_look() -> None:
    hosts = {"home": Saying(answer), "vps": Saying(lambda _: None, "vps"), "other": Saying(answer)}
    found = gather(hosts, {}, INQUIRY, hosts["home"], "t")
    assert [set(found.seen), set(found.traced)] == [{"home", "vps"}, {"home"}]
    assert (found.knocks, found.echoes) == ({4: Knock("connected")}, {("home", "vps"): {200: True, 1420: False}})
    assert found.pings == {("home", "vps"): False}
    assert unreached(["home", "vps"], found) == ("vps",)
    assert hosts["other"].scripts == [], "only who is on the way is asked"


def test_without_a_vantage_hosts_are_looked_at_alone() -> None:
    found = gather({"home": Saying(answer)}, {}, Inquiry({"home": HostQuestion()}), None, "t")
    assert (set(found.seen), found.knocks, found.traced) == ({"home"}, {}, frozenset())


def test_who_has_no_tool_for_echoes_has_not_lost_any() -> None:
    mute = Saying(lambda script: "" if "echo echo" in script else answer(script))
    found = gather({"home": mute}, {}, INQUIRY, mute, "t")
    assert (found.echoes, found.pings) == ({}, {})


def test_a_crossing_without_a_size_is_for_small_packets() -> None:
    assert (Crossing("a", "b", "10.0.0.1", 1420).sizes, Crossing("b", "a", "10.0.0.2").sizes) == ((200, 1420), (200,))
