"""What is broken first, from evidence: every kind of break, and what it is taken for."""

from __future__ import annotations

from dataclasses import replace

from tests.networks import example
from tests.unit.explain.asking import NAME
from tests.unit.explain.witness import expected, healthy, said, scene, traces
from warren.explain.live import asked, judge
from warren.explain.progress import stations
from warren.formats.nft_trace import TraceLine

TOPOLOGY = example(NAME)


def test_what_answers_is_open() -> None:
    found = judge(scene(expected("cloud", "db"), outcome="answered"))
    assert (found.code, found.sentence) == ("open", "cloud -> db:5432/tcp answers")


def test_what_answers_undeclared_is_named() -> None:
    found = judge(scene(expected("game", "db"), outcome="connected"))
    assert said(found) == "open-undeclared: it answers, although the file does not allow it"


def test_another_ones_door_is_not_taken_for_a_hole() -> None:
    found = judge(scene(expected("internet", "db:80"), outcome="answered"))
    assert found.code == "exposure-missing"


def test_what_leaves_and_is_not_answered_outside() -> None:
    of = expected("cloud", "internet")
    found = judge(scene(of, lines=traces(stations(TOPOLOGY, of.trace.forward), of)))
    assert said(found) == "outside-silent: it leaves vps as it should, and nobody answers from outside"


def test_what_the_file_denies_is_said_from_the_file() -> None:
    assert judge(scene(expected("game", "db"))).code == "need-missing"


def test_a_host_that_does_not_answer_comes_first() -> None:
    away = {"home": replace(healthy(TOPOLOGY)["home"], trouble="no route to host")}
    found = judge(scene(expected("internet", "game.query"), away))
    assert said(found) == "host-unreachable: home does not answer: no route to host"


def test_refused_with_everything_seen_is_the_listener() -> None:
    home = healthy(TOPOLOGY)["home"]
    silent = replace(home, inner={**home.inner, "db": replace(home.inner["db"], listeners=())})
    found = judge(scene(expected("cloud", "db"), {"home": silent}, "refused"))
    assert said(found) == "not-running: nothing listens on port 5432/tcp in the namespace of db"


def test_a_datagram_that_arrives_where_somebody_listens_is_open() -> None:
    of = expected("internet", "game.play")
    forth = traces(stations(TOPOLOGY, of.trace.forward), of)
    found = judge(scene(of, lines=forth))
    assert (found.code, found.sentence) == ("open", "internet -> game:12345/udp arrives, and somebody listens")


def test_a_drop_by_a_stranger() -> None:
    of = expected("cloud", "db")
    lines = traces(stations(TOPOLOGY, of.trace.forward), of, until="home", hook="prerouting")
    drop = TraceLine("questionhome", "ip", "filter", "FORWARD", "policy", "drop")
    found = judge(scene(of, lines={"home": (*lines["home"], drop)}))
    assert said(found) == (
        "foreign-rule: on home a table of somebody else drops it: table ip filter, chain FORWARD (its policy)"
    )


def test_nothing_comes_out_of_a_service() -> None:
    home = healthy(TOPOLOGY)["home"]
    down = tuple(replace(link, up=link.name != "v-cloud") for link in home.links)
    found = judge(scene(expected("cloud", "db"), {"home": replace(home, links=down)}, lines={"home": ()}))
    assert said(found) == "link-down: the link v-cloud of cloud is down on home"


def test_what_vanishes_without_a_reason_is_said_so() -> None:
    of = expected("cloud", "db")
    lines = traces(stations(TOPOLOGY, of.trace.forward), of, until="home", hook="prerouting")
    assert said(judge(scene(of, lines=lines))) == "lost: the kernel of home drops it while it chooses a route"


def test_nobody_watched() -> None:
    of = expected("cloud", "db")
    assert judge(scene(of, lines={})).code == "unknown"
    home = healthy(TOPOLOGY)["home"]
    silent = replace(home, inner={**home.inner, "db": replace(home.inner["db"], listeners=())})
    assert judge(scene(of, {"home": silent}, lines={})).code == "not-running"


def test_the_hops_say_how_far_it_came() -> None:
    of = expected("internet", "game.query")
    forth = traces(stations(TOPOLOGY, of.trace.forward), of, until="vps", hook="prerouting")
    found = asked(scene(of, lines={**forth, "home": ()}))
    assert found.outcome == "timeout"
    assert [hop.disposition for hop in found.hops][-1] == "NO_ROUTE"
    assert {hop.packets for hop in found.hops if hop.host == "vps"} == {1}
