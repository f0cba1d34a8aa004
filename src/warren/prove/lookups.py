"""Matches, sets and maps of nftables as diagrams.

In: an expression with constants or a set, in a scene. Out: the headers for which it holds, or for each value of a map
the headers that have it. Never built twice for one set and way of asking, so that a look-up costs the same at any size.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import TypeAlias

from warren.formats.nft import model as nft
from warren.prove.diagrams import ALL, NOTHING, Diagram, Space, Span
from warren.prove.look import ORDERS, compares
from warren.prove.packets import Row, rows
from warren.prove.scene import Bound, Scene, bind

Lookups: TypeAlias = Mapping[str, nft.Set]
Leads: TypeAlias = "nft.Verdict | nft.Key"
Cached: TypeAlias = "tuple[tuple[Leads, Diagram], ...] | Diagram"


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads rules for one space, and remembers what it has read."""

    space: Space
    _known: dict[object, tuple[object, Cached]] = field(default_factory=dict)

    def match(self, lookups: Lookups, match: nft.Match, scene: Scene) -> Diagram:
        """The headers for which a match holds."""
        parts = self.bound(match.left, scene)
        if parts is None:
            return NOTHING
        # The same rule may stand in another table, where a set of that name holds something else.
        held = lookups.get(match.right.name) if isinstance(match.right, nft.SetReference) else None
        key = ("match", id(match), id(held and held.elements), _signature(parts, scene))
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = ((match, held, parts, scene.node), self._held(lookups, match, parts, scene))
        assert isinstance(found[1], int)
        return found[1]

    def _held(self, lookups: Lookups, match: nft.Match, parts: tuple[Bound, ...], scene: Scene) -> Diagram:
        inside = self._inside(lookups, match, parts, scene)
        domain = self._domain(parts)
        return self.space.without(domain, inside) if match.op == "!=" else self.space.both(domain, inside)

    def bound(self, expression: nft.Expression, scene: Scene) -> tuple[Bound, ...] | None:
        """Every part of a key in the scene; None where one of them has no value."""
        given = expression.parts if isinstance(expression, nft.Concat) else (expression,)
        parts = [bind(each, scene) for each in given]
        return None if None in parts else tuple(each for each in parts if each is not None)

    def _domain(self, parts: Iterable[Bound]) -> Diagram:
        found = ALL
        for part in parts:
            found = self.space.both(found, part.domain)
        return found

    def _inside(self, lookups: Lookups, match: nft.Match, parts: tuple[Bound, ...], scene: Scene) -> Diagram:
        """The headers for which the match holds without its negation."""
        match match.right:
            case nft.SetReference(name):
                held = lookups.get(name)
                return self.keys(held.elements, parts, scene) if held else NOTHING
            case nft.AnonymousSet(keys):
                return self._covered(((key, ALL) for key in keys), parts, scene)
            case nft.Literal(constant) if match.op in ORDERS:
                return self._ordered(match.op, constant, parts[0])
            case nft.Literal(constant) if parts[0].value is None:
                return self._covered([((constant,), ALL)], parts, scene)
            case nft.Literal() | nft.Flags():
                positive = "==" if match.op == "!=" else match.op
                value = parts[0].value
                return ALL if value is not None and compares(positive, value, match.right) else NOTHING
        return NOTHING

    def _ordered(self, op: str, constant: nft.Value, part: Bound) -> Diagram:
        if not isinstance(constant, int):
            return NOTHING
        if part.level is None:
            return ALL if isinstance(part.value, int) and ORDERS[op](part.value, constant) else NOTHING
        last = self.space.last[part.level]
        first, final = {
            "<": (0, constant - 1), "<=": (0, constant), ">": (constant + 1, last), ">=": (constant, last),
        }[op]  # fmt: skip
        first, final = first << part.shift, (final + 1 << part.shift) - 1
        return self.space.spans(part.level, [(first, min(final, last))]) if first <= final else NOTHING

    def keys(self, elements: frozenset[nft.Element], parts: tuple[Bound, ...], scene: Scene) -> Diagram:
        """The headers whose key is in a set."""
        key = (id(elements), _signature(parts, scene))
        found = self._known.get(key)
        if found is None:
            made = self._covered(((each.key, ALL) for each in elements), parts, scene)
            found = self._known[key] = ((elements, parts, scene.node), made)
        assert isinstance(found[1], int)
        return found[1]

    def leads(
        self, lookups: Lookups, where: nft.SetReference | nft.AnonymousMap, asked: nft.Expression, scene: Scene
    ) -> tuple[tuple[Leads, Diagram], ...]:
        """For each value of a map the headers whose key leads to it."""
        parts = self.bound(asked, scene)
        held = where if isinstance(where, nft.AnonymousMap) else lookups.get(where.name)
        if parts is None or held is None:
            return ()
        key = ("map", id(held.elements), _signature(parts, scene))
        found = self._known.get(key)
        if found is None:
            made = tuple(self._grouped(held.elements, parts, scene))
            found = self._known[key] = ((held, parts), made)
        assert isinstance(found[1], tuple)
        return found[1]

    def _grouped(
        self, elements: Iterable[nft.Element], parts: tuple[Bound, ...], scene: Scene
    ) -> Iterator[tuple[Leads, Diagram]]:
        by_data: dict[Leads, list[tuple[nft.Key, Diagram]]] = {}
        for element in elements:
            if element.data is not None:
                by_data.setdefault(element.data, []).append((element.key, ALL))
        domain = self._domain(parts)
        for data, keys in by_data.items():
            covered = self.space.both(domain, self._covered(keys, parts, scene))
            if covered != NOTHING:
                yield data, covered

    def _covered(self, keys: Iterable[tuple[nft.Key, Diagram]], parts: tuple[Bound, ...], scene: Scene) -> Diagram:
        """The union of keys as a diagram."""
        levels = sorted({part.at for part in parts if part.at is not None})
        if all(part.is_plain for part in parts) and len(levels) == len(parts):
            found = list(_plain_rows(keys, parts, levels))
        else:
            found = [(row, below) for key, below in keys for row in _rows(key, parts, levels, scene, self.space)]
        return rows(self.space, levels, found)


def _signature(parts: tuple[Bound, ...], scene: Scene) -> tuple[object, ...]:
    """What constants beside these parts mean depends on this alone."""
    node = id(scene.node) if any(part.local for part in parts) else 0
    return (node, *[part.signature for part in parts])


def _plain_rows(
    keys: Iterable[tuple[nft.Key, Diagram]], parts: tuple[Bound, ...], levels: list[int]
) -> Iterator[tuple[Row, Diagram]]:
    """The boxes of keys whose parts are fields of the header, each another: most sets have only such."""
    order = [[part.at for part in parts].index(level) for level in levels]
    known: dict[tuple[int, nft.Value], Span | None] = {}
    for key, below in keys:
        row: list[Span] = []
        for at in order:
            constant = key[at]
            asked = (at, constant)
            if asked not in known:
                known[asked] = next(iter(parts[at].level_spans(constant)), None)
            span = known[asked]
            if span is None:
                break
            row.append(span)
        else:
            yield tuple(row), below


def _rows(key: nft.Key, parts: tuple[Bound, ...], levels: list[int], scene: Scene, space: Space) -> Iterator[Row]:
    """The boxes of one key: a span for each level."""
    by_level: dict[int, list[Span]] = {}
    for part, constant in zip(parts, key, strict=True):
        spans = part.spans(scene, constant)
        if spans is None:
            continue
        if not spans:
            return
        if part.at is not None:
            by_level[part.at] = _met(by_level[part.at], spans) if part.at in by_level else spans
    yield from product(*(by_level.get(level) or _whole(space, level, by_level) for level in levels))


def _whole(space: Space, level: int, known: Mapping[int, list[Span]]) -> list[Span]:
    return [] if level in known else [(0, space.last[level])]


def _met(one: list[Span], other: list[Span]) -> list[Span]:
    return [(max(a, c), min(b, d)) for a, b in one for c, d in other if a <= d and c <= b]
