from __future__ import annotations

from warren.prove.claim import Claim, boxes, joined, sent
from warren.prove.packets import DPORT, SADDR, SAME, space

PLAIN = Claim(("a",), "10.0.0.1", "tcp", (80, 81), sources=("10.0.0.2",))


def test_a_claim_is_a_box_of_headers() -> None:
    at = space(4)
    (row,) = boxes(at, PLAIN)
    assert row[0][0] == row[0][1] and row[1:3] == ((6, 6), (80, 81))
    assert len(list(at.boxes(sent(at, PLAIN, (7, 9))))) == 2


def test_a_translated_claim_says_both_ends() -> None:
    at = space(4)
    same = Claim(("a",), "203.0.113.1", "udp", (10, 12), becomes=("10.0.0.1", 10))
    (kept,) = boxes(at, same)
    assert kept[2] == (10, 12) and kept[4] == (SAME, SAME)
    moved = [row[2:] for row in boxes(at, Claim(("a",), "203.0.113.1", "udp", (10, 11), becomes=("10.0.0.1", 20)))]
    assert [(now, before) for now, _, before in moved] == [((20, 20), (10, 10)), ((21, 21), (11, 11))]
    assert all(box[DPORT] == (10, 12) for box in at.boxes(sent(at, same, (1,))))


def test_without_sources_the_caller_says_which() -> None:
    at = space(6)
    claim = Claim(("a",), "fd00::1")
    assert [box[SADDR] for box in at.boxes(sent(at, claim, (1,), ((3, 4),)))] == [(3, 4)]
    assert [box.get(SADDR) for box in at.boxes(sent(at, claim, (1,)))] == [None]
    assert claim.version == 6 and claim.end == (None, False, False)


def test_spans_are_joined() -> None:
    assert joined([(5, 6), (1, 2), (3, 4), (9, 9)]) == ((1, 6), (9, 9))
