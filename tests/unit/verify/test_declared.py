"""The whole matrix."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from tests.grounds import AROUND
from tests.topologies import two_hosts
from warren.verify.declared import between, declared, outsiders, usual
from warren.verify.world import world

TWO = two_hosts()

# from -> to: the ports that are open, main addresses only; no line where nothing is open
OPEN = """
cloud -> db: 5432/tcp
cloud -> server: 443/tcp 443/udp 53/tcp 53/udp
blog -> cloud: 80/tcp
blog -> server: 443/tcp 443/udp 53/tcp 53/udp
game -> server: 443/tcp 443/udp 53/tcp 53/udp
home -> cloud: 7777/tcp 7777/udp 80/tcp 80/udp
home -> db: 5432/tcp 5432/udp 7777/tcp 7777/udp
home -> game: 12345/tcp 12345/udp 12346/tcp 12346/udp 7777/tcp 7777/udp
home -> server: 443/tcp 443/udp 53/tcp 53/udp
internet -> blog: 8080/tcp
internet -> game: 12345/udp 12346/tcp
internet -> vps: 22/tcp
internet2 -> blog: 8080/tcp
internet2 -> game: 12345/udp 12346/tcp
internet2 -> vps: 22/tcp
lan:home -> blog: 8080/tcp
lan:home -> game: 12345/udp 12346/tcp
lan:home -> home: 22/tcp 22/udp 9/tcp 9/udp
lan:home -> vps: 22/tcp
vps -> game: 12345/udp 12346/tcp
vps -> blog: 7777/tcp 7777/udp 80/tcp 80/udp
vps -> server: 443/tcp 443/udp 53/tcp 53/udp
"""


def test_the_matrix_of_two_hosts() -> None:
    found: dict[str, set[str]] = {}
    for flow in declared(TWO, AROUND):
        if flow.open and flow.main:
            found.setdefault(f"{flow.source} -> {flow.target}", set()).add(f"{flow.port}/{flow.protocol}")
    lines = sorted(f"{pair}: {' '.join(sorted(ports))}" for pair, ports in found.items())
    assert lines == sorted(OPEN.split("\n")[1:-1])


def test_no_flow_is_tried_twice() -> None:
    counts = Counter((f.key, f.address) for f in declared(TWO, AROUND))
    assert counts.most_common(1)[0][1] == 1


def test_every_pair_is_tried_in_both_protocols_and_families() -> None:
    found: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for flow in declared(TWO, AROUND):
        found.setdefault((flow.source, flow.target), set()).add((flow.protocol.value, flow.family))
    places = [*TWO.services, *TWO.hosts]
    for source in ("internet", "lan:home", *places):
        for target in places:
            if source != target:
                assert len(found[source, target]) == 4, (source, target)


def test_the_second_client_is_asked_only_where_sources_are_limited() -> None:
    assert outsiders(world(TWO, AROUND)) == ("internet", "internet2", "lan:home")
    free = replace(TWO, exposures=TWO.exposures[:1])
    assert outsiders(world(free, AROUND)) == ("internet", "lan:home")


def test_nothing_lies_between_a_place_and_itself_or_the_unknown() -> None:
    at = world(TWO, AROUND)
    assert not list(between(at, "db", "db", usual))
    assert not list(between(at, "db", "nobody", usual))
