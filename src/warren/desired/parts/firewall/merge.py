"""Port ranges that overlap, as ranges that do not.

In: elements whose last value is a port or a range. Out: elements that cover the same ports once, which is what the
kernel's interval sets ask for. Never merges elements of different hosts, protocols or interfaces.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from warren.formats.nft import model as nft


def spans(given: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same numbers as few, ordered, disjoint ranges."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(given):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def merged(elements: Iterable[nft.Element]) -> set[nft.Element]:
    """Elements of a set, with the ports of each key made disjoint; the comment is that of the first port."""
    ports: dict[nft.Key, list[tuple[int, int]]] = defaultdict(list)
    comments: dict[nft.Key, str | None] = {}
    for element in sorted(elements, key=repr):
        ports[element.key[:-1]].append(_ends(element.key[-1]))
        comments.setdefault(element.key[:-1], element.comment)
    return {
        nft.Element((*key, nft.span(first, last)), None, comments[key])
        for key, given in ports.items()
        for first, last in spans(given)
    }


def _ends(value: nft.Value) -> tuple[int, int]:
    if isinstance(value, nft.Span):
        return value.first, value.last
    if isinstance(value, int):
        return value, value
    raise ValueError(f"{value} is not a port")
