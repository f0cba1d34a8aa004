from __future__ import annotations

from tests.unit.prove.scenes import header, number
from warren.prove.packets import (
    DADDR,
    DPORT,
    ODADDR,
    ODPORT,
    OSADDR,
    OSPORT,
    PROTO,
    SADDR,
    SAME,
    SPORT,
    example,
    exchanged,
    exchanged_sources,
    rows,
    space,
    words,
)


def test_rows_are_united_also_where_they_overlap() -> None:
    at = space(4)
    made = rows(at, (DADDR, DPORT), [(((1, 5), (80, 80)), 1), (((4, 9), (443, 443)), 1), (((4, 9), (443, 443)), 1)])
    boxes = [(((1, 5), (80, 80)), 1), (((4, 9), (443, 443)), 1)]
    apart = [at.both(at.spans(DADDR, [row[0]]), at.spans(DPORT, [row[1]])) for row, _ in boxes]
    assert made == at.union(apart)
    assert rows(at, (DADDR,), []) == 0


def test_an_example_is_ordinary_where_it_may_be() -> None:
    at = space(4)
    anything = example(at, 4, at.spans(DADDR, [(number("10.0.0.1"),) * 2]))
    assert str(anything).startswith("tcp ") and str(anything).endswith(":40001 -> 10.0.0.1:1")
    assert str(example(at, 4, at.spans(PROTO, [(17, 17)]))).startswith("udp ")
    assert example(at, 4, 0) is None


def test_targets_are_exchanged_and_back() -> None:
    at = space(4)
    after = rows(
        at,
        (SADDR, DADDR, PROTO, DPORT, ODADDR, ODPORT),
        [
            (((1, 2), (5, 5), (6, 6), (80, 80), (9, 9), (8080, 8080)), 1),
            (((1, 2), (5, 5), (17, 17), (60, 70), (9, 9), (SAME, SAME)), 1),
        ],
    )
    before = exchanged(at, after, {})
    boxes = [(((1, 2), (9, 9), (6, 6), (8080, 8080)), 1), (((1, 2), (9, 9), (17, 17), (60, 70)), 1)]
    assert at.forget(before, frozenset((ODADDR, ODPORT))) == rows(at, (SADDR, DADDR, PROTO, DPORT), boxes)
    assert exchanged(at, before, {}) == after


def test_sources_are_exchanged_and_back() -> None:
    at = space(4)
    after = rows(at, (OSADDR, SADDR, SPORT, OSPORT), [(((3, 4), (8, 8), (61000, 65535), (1, 1000)), 1)])
    before = exchanged_sources(at, after, True, {})
    assert before == rows(at, (OSADDR, SADDR, SPORT, OSPORT), [(((8, 8), (3, 4), (1, 1000), (61000, 65535)), 1)])
    assert exchanged_sources(at, before, True, {}) == after
    plain = rows(at, (OSADDR, SADDR, SPORT), [(((3, 4), (8, 8), (1, 1000)), 1)])
    assert exchanged_sources(at, plain, False, {}) == rows(
        at, (OSADDR, SADDR, SPORT), [(((8, 8), (3, 4), (1, 1000)), 1)]
    )


def test_boxes_are_written_as_people_read_them() -> None:
    box = {SADDR: (number("10.0.0.1"),) * 2, PROTO: (6, 6), DPORT: (80, 90)}
    assert words(4, box) == "from 10.0.0.1 tcp port 80-90"
    assert words(4, {DADDR: (0, 255), PROTO: (0, 5)}) == "to 0.0.0.0-0.0.0.255 protocols 0-5"
    assert words(4, {}) == "everything"


def test_a_packet_has_a_value_at_every_level() -> None:
    at = space(4)
    assert at.holds(at.spans(DPORT, [(80, 80)]), header("10.0.0.1", "10.0.0.2", "tcp", 80))
