"""Packets of a live connection in words."""

from __future__ import annotations

from tests.networks import example
from tests.unit.explain.asking import NAME, line_of
from tests.unit.explain.witness import expected
from warren.explain.followed import Step, steps, written
from warren.explain.origin import Origin
from warren.formats.nft_trace import lines

TRACE = """\
trace id a inet warren_trace_x first_prerouting packet: iif "eth0" ip saddr 198.51.100.7 ip daddr 203.0.113.10 ip \
protocol tcp tcp sport 40001 tcp dport 12346
trace id a inet warren steering packet: iif "eth0" ip saddr 198.51.100.7 ip daddr 10.86.1.4 ip protocol tcp tcp sport \
40001 tcp dport 12346
trace id a inet warren passing rule ct status dnat ip daddr . meta l4proto . th dport @exposed4 accept (verdict accept)
trace id a inet warren_trace_x last_postrouting packet: iif "eth0" oif "wrn-vps" ip saddr 198.51.100.7 ip daddr \
10.86.1.4 ip protocol tcp tcp sport 40001 tcp dport 12346
"""
DROP = """\
trace id b inet warren_trace_x first_prerouting packet: iif "eth0" ip saddr 198.51.100.7 ip daddr 203.0.113.10 ip \
protocol tcp tcp sport 40001 tcp dport 12346
trace id b inet warren edge rule ct state new ip daddr . th dport @limited_20_1_v4 update @m drop (verdict drop)
trace id c inet warren_trace_x first_prerouting packet: iif "eth0" ip saddr 198.51.100.7 ip daddr 203.0.113.10 ip \
protocol tcp tcp sport 40001 tcp dport 80
"""


def followed(text: str) -> list[Step]:
    of = expected("internet", "game.query")
    return list(steps(Origin(example(NAME), of.flow), [of], "vps", lines(text)))


def test_a_packet_that_passes() -> None:
    (step,) = followed(TRACE)
    assert (step.host, step.direction, step.dropped) == ("vps", "question", False)
    assert [hop.words for hop in step.hops] == [
        "the target becomes 10.86.1.4:12346",
        "it is exposed",
        "goes out by wrn-vps",
    ]
    place = step.hops[1].file_line
    assert place is not None and place.line == line_of("port: 12346")
    assert (step.came.target, step.left.target) == ("203.0.113.10", "10.86.1.4")


def test_a_packet_that_ends_and_one_of_another_connection() -> None:
    (step,) = followed(DROP)
    assert (step.dropped, step.hops[-1].words) == (True, "dropped: the rate limit is reached")
    hoard = DROP.replace(
        "edge rule ct state new ip daddr . th dport @limited_20_1_v4 update @m", "c rule add @open_9_v4"
    )
    assert followed(hoard)[0].hops[-1].words == "dropped: the service has too many connections open"
    strange = DROP.replace("inet warren edge rule ct state", "ip filter INPUT rule ct state")
    assert followed(strange)[0].hops[-1].words == "dropped by a table of somebody else: ip filter, chain INPUT"


def test_addresses() -> None:
    assert (written("10.0.0.1", 80), written("fd00::1", 80)) == ("10.0.0.1:80", "[fd00::1]:80")
