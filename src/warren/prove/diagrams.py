"""Sets of headers as decision diagrams over intervals: equal sets are the same number.

In: intervals level by level. Out: numbers that stand for sets, and the algebra on them. A set that thousands of sources
share is held once and worked on once. Never counts what it holds, for a set of headers has more members than numbers
have names.

A diagram is 0 (nothing), 1 (everything below) or a node: a level, and edges (first, last, diagram) in order that
neither touch with equal ends nor overlap. What no edge covers is not in the set; a level that does not matter has no
node.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

Diagram: TypeAlias = int
Edge: TypeAlias = tuple[int, int, Diagram]
Span: TypeAlias = tuple[int, int]

NOTHING, ALL = 0, 1
BOTTOM = 1 << 30


class Space:
    """All diagrams over the same levels; `last[level]` is the greatest value of a level."""

    __slots__ = ("_both", "_either", "_forgotten", "_known", "_without", "edges", "last", "level")

    def __init__(self, last: Sequence[int]) -> None:
        self.last = tuple(last)
        self.level: list[int] = [BOTTOM, BOTTOM]
        self.edges: list[tuple[Edge, ...]] = [(), ()]
        self._known: tuple[dict[tuple[Edge, ...], Diagram], ...] = tuple({} for _ in self.last)
        self._both: dict[int, Diagram] = {}
        self._either: dict[int, Diagram] = {}
        self._without: dict[int, Diagram] = {}
        self._forgotten: dict[tuple[Diagram, frozenset[int]], Diagram] = {}

    def node(self, level: int, edges: Iterable[Edge]) -> Diagram:
        """The set of these edges, which are in order and do not overlap."""
        made: list[Edge] = []
        for first, last, kid in edges:
            if kid == NOTHING:
                continue
            if made and made[-1][2] == kid and made[-1][1] + 1 == first:
                made[-1] = (made[-1][0], last, kid)
            else:
                made.append((first, last, kid))
        return self._kept(level, made)

    def _kept(self, level: int, made: list[Edge]) -> Diagram:
        if not made:
            return NOTHING
        if len(made) == 1 and made[0][0] == 0 and made[0][1] == self.last[level]:
            return made[0][2]
        edges, known = tuple(made), self._known[level]
        found = known.get(edges)
        if found is None:
            found = known[edges] = len(self.level)
            self.level.append(level)
            self.edges.append(edges)
        return found

    def rest(self, beyond: int = 0) -> None:
        """Forget what came of sets, the sets stay: worth it where little is asked twice any more.

        Only where more than so many answers are held, each of them about 100 bytes.
        """
        answers: tuple[dict[int, Diagram], ...] = (self._both, self._either, self._without)
        if sum(map(len, answers)) > beyond:
            for held in answers:
                held.clear()
            self._forgotten.clear()

    def single(self, level: int, first: int, last: int, kid: Diagram) -> Diagram:
        """The set of one edge."""
        return self._kept(level, [(first, last, kid)]) if kid != NOTHING else NOTHING

    def spans(self, level: int, spans: Iterable[Span]) -> Diagram:
        """All headers whose value at this level is in one of the spans, which may overlap."""
        merged: list[Edge] = []
        for first, last in sorted(spans):
            if merged and first <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(merged[-1][1], last), ALL)
            else:
                merged.append((first, last, ALL))
        return self._kept(level, merged)

    def full(self, level: int, below: Diagram) -> tuple[Edge, ...]:
        """The edges of a diagram as seen from a level that it may skip."""
        if below == NOTHING:
            return ()
        return self.edges[below] if self.level[below] == level else ((0, self.last[level], below),)

    def both(self, a: Diagram, b: Diagram) -> Diagram:
        """What is in both sets."""
        if a == b or b == ALL:
            return a
        if a == ALL:
            return b
        if a == NOTHING or b == NOTHING:
            return NOTHING
        if a > b:
            a, b = b, a
        key = a << 40 | b
        found = self._both.get(key)
        if found is None:
            found = self._both[key] = self._met(a, b)
        return found

    def _met(self, a: Diagram, b: Diagram) -> Diagram:
        one, other = self.level[a], self.level[b]
        if one > other:
            a, b, one, other = b, a, other, one
        if one < other:
            return self.node(one, [(first, last, self.both(kid, b)) for first, last, kid in self.edges[a]])
        left, right = self.edges[a], self.edges[b]
        if len(left) > len(right):
            left, right = right, left
        if len(left) * 8 < len(right):
            return self.node(one, self._picked(left, right))
        return self.node(one, self._zipped(left, right))

    def _picked(self, few: tuple[Edge, ...], many: tuple[Edge, ...]) -> Iterator[Edge]:
        for first, last, kid in few:
            for low, high, other in many[_reaching(many, first) : bisect_right(many, (last, BIG, BIG))]:
                yield max(first, low), min(last, high), self.both(kid, other)

    def _zipped(self, left: tuple[Edge, ...], right: tuple[Edge, ...]) -> Iterator[Edge]:
        i = j = 0
        both = self.both
        while i < len(left) and j < len(right):
            first, last, kid = left[i]
            low, high, other = right[j]
            if first <= high and low <= last:
                yield first if first > low else low, last if last < high else high, both(kid, other)
            if last < high:
                i += 1
            else:
                j += 1

    def without(self, a: Diagram, b: Diagram) -> Diagram:
        """What is in the first set and not in the second."""
        if a == b or a == NOTHING or b == ALL:
            return NOTHING
        if b == NOTHING:
            return a
        key = a << 40 | b
        found = self._without.get(key)
        if found is None:
            found = self._without[key] = self._left(a, b)
        return found

    def _left(self, a: Diagram, b: Diagram) -> Diagram:
        one, other = self.level[a], self.level[b]
        if one < other:
            return self.node(one, [(first, last, self.without(kid, b)) for first, last, kid in self.edges[a]])
        return self.node(other, self._cut(self.full(other, a), self.edges[b]))

    def _cut(self, edges: tuple[Edge, ...], holes: tuple[Edge, ...]) -> list[Edge]:
        """The edges without the holes; what lies between holes is copied in one piece."""
        made: list[Edge] = []
        at, rest = 0, None  # the next edge, and what is left of the one before it
        for low, high, hole in holes:
            rest, at = self._before(edges, at, rest, low, made)
            while rest is not None or (at < len(edges) and edges[at][0] <= high):
                if rest is None:
                    rest, at = edges[at], at + 1
                first, last, kid = rest
                if first > high:
                    break
                made.append((first, min(last, high), self.without(kid, hole)))
                rest = (high + 1, last, kid) if last > high else None
                if rest is not None:
                    break
        if rest is not None:
            made.append(rest)
        made.extend(edges[at:])
        return made

    def _before(
        self, edges: tuple[Edge, ...], at: int, rest: Edge | None, low: int, made: list[Edge]
    ) -> tuple[Edge | None, int]:
        """Copy what ends before `low`; what lies across it is split, and its later part returned."""
        if rest is not None:
            if rest[1] < low:
                made.append(rest)
                rest = None
            elif rest[0] < low:
                made.append((rest[0], low - 1, rest[2]))
                return (low, rest[1], rest[2]), at
            else:
                return rest, at
        until = _reaching(edges, low, at)
        made.extend(edges[at:until])
        if until < len(edges) and edges[until][0] < low:
            first, last, kid = edges[until]
            made.append((first, low - 1, kid))
            return (low, last, kid), until + 1
        return None, until

    def either(self, a: Diagram, b: Diagram) -> Diagram:
        """What is in one of the sets."""
        if a == b or b == NOTHING or a == ALL:
            return a
        if a == NOTHING or b == ALL:
            return b
        if a > b:
            a, b = b, a
        key = a << 40 | b
        found = self._either.get(key)
        if found is None:
            found = self._either[key] = self._joined(a, b)
        return found

    def _joined(self, a: Diagram, b: Diagram) -> Diagram:
        level = min(self.level[a], self.level[b])
        return self.node(level, self._merged(self.full(level, a), self.full(level, b)))

    def _merged(self, left: tuple[Edge, ...], right: tuple[Edge, ...]) -> Iterator[Edge]:
        if left[-1][0] > right[-1][0]:
            left, right = right, left
        if left[-1][1] < right[0][0]:
            yield from left
            yield from right
            return
        yield from self._overlaid(left, right)

    def _overlaid(self, left: tuple[Edge, ...], right: tuple[Edge, ...]) -> Iterator[Edge]:
        i = j = 0
        one, other = left[0], right[0]
        while True:
            if one[0] > other[0]:
                left, right, i, j, one, other = right, left, j, i, other, one
            first, last, kid = one
            if last < other[0]:
                yield one
                i += 1
                if i == len(left):
                    yield other
                    yield from right[j + 1 :]
                    return
                one = left[i]
            elif first < other[0]:
                yield first, other[0] - 1, kid
                one = (other[0], last, kid)
            else:
                end = min(last, other[1])
                yield first, end, self.either(kid, other[2])
                i, one = (i, (end + 1, last, kid)) if last > end else _next(left, i)
                j, other = (j, (end + 1, other[1], other[2])) if other[1] > end else _next(right, j)
                if i == len(left) or j == len(right):
                    yield from _tail(left, i, one)
                    yield from _tail(right, j, other)
                    return

    def union(self, given: Iterable[Diagram]) -> Diagram:
        """What is in one of many sets, joined in pairs so that none is walked too often."""
        held = [each for each in given if each != NOTHING]
        while len(held) > 1:
            held = [self.either(*held[n : n + 2]) if n + 1 < len(held) else held[n] for n in range(0, len(held), 2)]
        return held[0] if held else NOTHING

    def forget(self, diagram: Diagram, levels: frozenset[int]) -> Diagram:
        """The headers that are in the set with some values at these levels."""
        if diagram <= ALL:
            return diagram
        key = (diagram, levels)
        found = self._forgotten.get(key)
        if found is None:
            below = [(first, last, self.forget(kid, levels)) for first, last, kid in self.edges[diagram]]
            level = self.level[diagram]
            found = self.union(kid for _, _, kid in below) if level in levels else self.node(level, below)
            self._forgotten[key] = found
        return found

    def pick(self, diagram: Diagram) -> dict[int, int] | None:
        """The value at each level of one member, where the level matters; None when there is none."""
        if diagram == NOTHING:
            return None
        found: dict[int, int] = {}
        while diagram != ALL:
            first, _, kid = self.edges[diagram][0]
            found[self.level[diagram]] = first
            diagram = kid
        return found

    def holds(self, diagram: Diagram, values: Sequence[int]) -> bool:
        """Whether the header with these values at all levels is in the set."""
        while diagram > ALL:
            edges, value = self.edges[diagram], values[self.level[diagram]]
            at = bisect_right(edges, (value, BIG, BIG)) - 1
            if at < 0 or edges[at][1] < value:
                return False
            diagram = edges[at][2]
        return diagram == ALL

    def boxes(self, diagram: Diagram) -> Iterator[dict[int, Span]]:
        """The set as boxes that do not overlap: a span for each level that matters."""
        if diagram == ALL:
            yield {}
        elif diagram != NOTHING:
            for first, last, kid in self.edges[diagram]:
                for box in self.boxes(kid):
                    yield {self.level[diagram]: (first, last), **box}


BIG = 1 << 130


def _reaching(edges: tuple[Edge, ...], value: int, at: int = 0) -> int:
    """The first edge that does not end before a value."""
    found = bisect_left(edges, (value,), at)
    return found - 1 if found > at and edges[found - 1][1] >= value else found


def _next(edges: tuple[Edge, ...], at: int) -> tuple[int, Edge]:
    at += 1
    return at, edges[at] if at < len(edges) else (BIG, BIG, NOTHING)


def _tail(edges: tuple[Edge, ...], at: int, current: Edge) -> Iterator[Edge]:
    if at < len(edges):
        yield current
        yield from edges[at + 1 :]
