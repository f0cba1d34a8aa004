"""Watching: the table that it makes, and what is taken for a watch."""

from __future__ import annotations

import subprocess

from tests.unit.evidence.saying import Saying
from warren.evidence.ask import Filter
from warren.evidence.watch import ready_script, rules, stop_script, table_lines, watch_script, watching

PACKETS = Filter("tcp", (80, 8080), ("10.86.1.3", "fd00::3"), (51820,))
CANARY = (
    'trace id a inet warren_trace_t first_output packet: oif "lo" ip saddr 127.0.0.1 ip daddr 127.0.0.1 '
    "ip protocol udp udp sport 5 udp dport 9 udp length 9\n"
)


def test_both_directions_of_both_families() -> None:
    found = list(rules(PACKETS))
    watched = "limit rate 200/second burst 200 packets meta nftrace set 1"
    assert found[:4] == [
        f"tcp dport {{ 80, 8080 }} ip daddr {{ 10.86.1.3 }} {watched}",
        f"tcp sport {{ 80, 8080 }} ip saddr {{ 10.86.1.3 }} {watched}",
        f"tcp dport {{ 80, 8080 }} ip6 daddr {{ fd00::3 }} {watched}",
        f"tcp sport {{ 80, 8080 }} ip6 saddr {{ fd00::3 }} {watched}",
    ]
    assert [line.split(" limit")[0] for line in found[4:]] == [
        f"udp {port} 51820 @th,64,8 {kind}" for port in ("dport", "sport") for kind in ("!= 4", "4")
    ]
    assert not list(rules(Filter("tcp", (80,), ())))


def test_the_table_belongs_to_its_process() -> None:
    lines = list(table_lines(PACKETS, "t"))
    assert lines[0] == "add table inet warren_trace_t { flags owner; }"
    assert not any("drop" in line or "reject" in line for line in lines), "it never stops a packet"


def test_scripts_are_such_that_a_shell_reads_them() -> None:
    for text in (watch_script(PACKETS, "t", 5), watch_script(PACKETS, "t", 5, 2), ready_script("t"), stop_script("t")):
        assert subprocess.run(["sh", "-n"], input=text, text=True, check=False).returncode == 0, text
    assert "-le 2 ]" in watch_script(PACKETS, "t", 5, 2)
    assert "nft delete table inet warren_trace_t" in watch_script(PACKETS, "t", 5), "where the kernel knows no owner"


def test_only_who_saw_our_own_packet_has_watched() -> None:
    well, deaf = Saying(lambda script: CANARY if "monitor" in script else ""), Saying(lambda _: "", code=1)
    away = Saying(lambda _: None)
    with watching({"home": well, "vps": deaf, "edge": away}, PACKETS, "t", 1) as found:
        assert found.lines == {}
    assert set(found.lines) == {"home"}
    assert found.silent == {"vps": "it failed", "edge": "home is away"}
    assert [len(host.scripts) for host in (well, deaf)] == [3, 3], "watch, ready, stop"
