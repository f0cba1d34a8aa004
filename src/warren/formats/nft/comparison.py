"""One spelling for sets without a name: of one member, and of neighbours.

In: the operator and both sides of a match. Out: the operator and right side that nft lists. Never: another meaning.
"""

from collections.abc import Iterable, Iterator
from typing import Literal as OneOf
from typing import TypeAlias

from warren.formats.nft.expressions import AnonymousSet, Expression, Flags, Literal
from warren.formats.nft.kinds import kind
from warren.formats.nft.values import Key, Prefix, Span, Value, span

Operator: TypeAlias = OneOf["==", "!=", "<", ">", "<=", ">=", "in", "!"]
Ends: TypeAlias = tuple[OneOf[0, 4, 6], int, int]  # version, first, last


def comparison(op: Operator, left: Expression, right: Expression) -> tuple[Operator, Expression]:
    """Operator and right side: a set of one member is that member."""
    if not isinstance(right, AnonymousSet) or op not in ("==", "!="):
        return op, right
    keys = merged(right.elements)
    if len(keys) != 1:
        return op, AnonymousSet(keys)
    ((*members,),) = keys
    if len(members) != 1:
        return op, right
    if kind(left) == "flags" and isinstance(members[0], str):
        return ("in" if op == "==" else op), Flags(frozenset((members[0],)))
    return op, Literal(members[0])


def merged(keys: frozenset[Key]) -> frozenset[Key]:
    """Without neighbours, where the set holds a range: nft joins them when a set has no name."""
    values = [key[0] for key in keys if len(key) == 1]
    if len(values) != len(keys) or not any(map(_is_range, values)):
        return keys
    numbers = [_ends(value) for value in values]
    if None in numbers:
        return keys
    return frozenset(
        (span(first, last, version),) for version, first, last in _joined(each for each in numbers if each)
    )


def _is_range(value: Value) -> bool:
    return isinstance(value, Span) or (isinstance(value, Prefix) and not value.single)


def _ends(value: Value) -> Ends | None:
    match value:
        case int():
            return 0, value, value
        case Prefix() | Span():
            return value.version, value.first, value.last
    return None


def _joined(numbers: Iterable[Ends]) -> Iterator[Ends]:
    current: Ends | None = None
    for version, first, last in sorted(numbers):
        if current and current[0] == version and first <= current[2] + 1:
            current = (version, current[1], max(last, current[2]))
            continue
        if current:
            yield current
        current = (version, first, last)
    if current:
        yield current
