from __future__ import annotations

from dataclasses import replace

from warren.prove.connection import Conntrack
from warren.prove.header import packet

ASKED = packet("10.0.0.1", "203.0.113.1", "tcp", 80)


def test_a_connection_is_new_until_it_is_answered() -> None:
    conntrack = Conntrack()
    first = conntrack.track("a", ASKED)
    assert (first.state, first.direction) == ("new", "original")
    assert first.binds("dnat") and not first.binds("dnat") and first.binds("snat")
    answer = conntrack.track("a", ASKED.answer())
    assert (answer.state, answer.direction, answer.binds("dnat")) == ("established", "reply", False)
    assert conntrack.track("a", ASKED.later()).state == "established"


def test_nodes_do_not_share_connections() -> None:
    conntrack = Conntrack()
    conntrack.track("a", ASKED)
    stray = conntrack.track("b", ASKED.answer())
    assert (stray.state, stray.connection) == ("invalid", None)


def test_translation_is_undone_for_answers() -> None:
    conntrack = Conntrack()
    first = conntrack.track("a", ASKED)
    assert first.connection
    inner = replace(ASKED, target=7, dport=8080)
    conntrack.translate("a", first.connection, inner, "dnat")
    answer = conntrack.track("a", inner.answer())
    assert answer.direction == "reply" and answer.status == {"dnat"}
    assert answer.source(inner.answer()).ends == ASKED.answer().ends
    assert first.target(ASKED).ends == inner.ends
