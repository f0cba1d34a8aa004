from __future__ import annotations

import pytest

from warren.prove import packets
from warren.prove.diagrams import ALL, NOTHING, Diagram, Space
from warren.prove.header import CLIENT_PORT, TCP, UDP, packet
from warren.prove.packets import DADDR, DPORT, ODADDR, ODPORT, OSADDR, OSPORT, PROTO, SADDR, SAME

SPACE = packets.space(4)
WEB = packet("10.0.0.1", "10.0.0.2", "tcp", 80)


def box(space: Space, **spans: tuple[int, int]) -> Diagram:
    found = ALL
    for name, span in spans.items():
        found = space.both(found, space.spans(getattr(packets, name), [span]))
    return found


def test_boxes_are_united_also_where_they_overlap() -> None:
    given = [(((1, 5), (6, 6)), ALL), (((3, 9), (6, 6)), ALL), (((3, 3), (17, 17)), ALL)]
    made = packets.rows(SPACE, (DADDR, PROTO), given)
    each = (box(SPACE, DADDR=one, PROTO=other) for (one, other), _ in given)
    assert made == SPACE.union(each)
    assert packets.rows(SPACE, (DADDR, PROTO), []) == NOTHING


def test_paths_are_rows_again() -> None:
    made = SPACE.either(box(SPACE, DADDR=(1, 5), PROTO=(6, 6)), box(SPACE, PROTO=(17, 17), DPORT=(53, 53)))
    assert packets.rows(SPACE, (DADDR, PROTO), packets.paths(SPACE, made, (DADDR, PROTO))) == made


def test_an_example_is_ordinary_and_of_the_set() -> None:
    found = packets.example(SPACE, 4, box(SPACE, DADDR=(WEB.target, WEB.target)))
    assert found and (found.protocol, found.sport, found.target) == (TCP, CLIENT_PORT, WEB.target)
    found = packets.example(SPACE, 4, box(SPACE, PROTO=(17, 30), DPORT=(53, 60)))
    assert found and (found.protocol, found.dport) == (UDP, 53)
    assert packets.example(SPACE, 4, NOTHING) is None


def test_a_packet_is_a_member_of_what_names_it() -> None:
    own = box(SPACE, SADDR=(WEB.source,) * 2, DADDR=(WEB.target,) * 2, DPORT=(80, 80))
    assert SPACE.holds(own, packets.values(WEB))
    assert not SPACE.holds(own, packets.values(WEB.answer()))


@pytest.mark.parametrize(
    ("spans", "written"),
    [
        ({}, "everything"),
        ({SADDR: (WEB.source,) * 2, PROTO: (6, 6), DPORT: (80, 80)}, "from 10.0.0.1 tcp port 80"),
        ({DADDR: (WEB.source, WEB.target), DPORT: (1, 9)}, "to 10.0.0.1-10.0.0.2 port 1-9"),
        ({PROTO: (18, 20)}, "protocols 18-20"),
    ],
)
def test_boxes_in_words(spans: dict[int, tuple[int, int]], written: str) -> None:
    assert packets.words(4, spans) == written


def test_exchanged_twice_is_as_before() -> None:
    moved = box(SPACE, DADDR=(7, 7), DPORT=(8080, 8080), ODADDR=(9, 9), ODPORT=(80, 80))
    back = packets.exchanged(SPACE, moved, {})
    assert back == box(SPACE, DADDR=(9, 9), DPORT=(80, 80), ODADDR=(7, 7), ODPORT=(8080, 8080))
    assert packets.exchanged(SPACE, back, {}) == moved
    stays = box(SPACE, DADDR=(7, 7), DPORT=(80, 80), ODADDR=(9, 9), ODPORT=(SAME, SAME))
    assert packets.exchanged(SPACE, stays, {}) == box(
        SPACE, DADDR=(9, 9), DPORT=(80, 80), ODADDR=(7, 7), ODPORT=(SAME, SAME)
    )


def test_sources_are_exchanged_with_their_ports_or_without() -> None:
    hidden = box(SPACE, SADDR=(7, 7), OSADDR=(9, 9), SPORT=(61000, 65535), OSPORT=(5, 5))
    with_ports = box(SPACE, SADDR=(9, 9), OSADDR=(7, 7), SPORT=(5, 5), OSPORT=(61000, 65535))
    without = box(SPACE, SADDR=(9, 9), OSADDR=(7, 7), SPORT=(61000, 65535), OSPORT=(5, 5))
    assert packets.exchanged_sources(SPACE, hidden, True, {}) == with_ports
    assert packets.exchanged_sources(SPACE, hidden, False, {}) == without


def test_both_families_have_ports_for_tcp_and_udp_alone() -> None:
    for version in (4, 6):
        space = packets.space(version)
        assert [n for n in range(256) if space.holds(packets.is_ported(space), [n] * packets.LEVELS)] == [TCP, UDP]
        assert space.last[ODADDR] == space.last[OSADDR] == (1 << packets.BITS[version]) - 1
        assert space.last[OSPORT] < space.last[ODPORT] == SAME
