"""Who reaches whom, as a picture of letters.

In: a report and its topology. Out: lines of a grid that fits a terminal, a mark for each pair of places. Never lets
colour alone say something.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import click

from warren.topology.model import Topology
from warren.verify.report import Report
from warren.verify.verdict import Reach

CELL, GAP = 3, 2
BEYOND = "beyond"


@dataclass(frozen=True, slots=True)
class Marks:
    """The signs of a grid."""

    open: str
    closed: str
    wrong: str
    self: str


FINE = Marks("●", "·", "✗", " ")
PLAIN = Marks("o", ".", "X", " ")


@dataclass(frozen=True, slots=True)
class Group:
    """Columns that belong together: a host and its services, or what lies beyond the network."""

    title: str
    places: tuple[str, ...]

    @property
    def columns(self) -> int:
        """As wide as its cells, or as its title where that is wider."""
        return max(len(self.places) * CELL, len(self.title) + 1)


def lines(report: Report, topology: Topology, columns: int = 100, ascii_only: bool = False) -> list[str]:
    """The whole grid, in as many blocks as the width asks for, and what its signs mean."""
    marks = PLAIN if ascii_only else FINE
    pairs = _by_pair(report.reaches)
    groups = _groups(topology, pairs)
    numbers = {place: n for n, place in enumerate((p for g in groups for p in g.places), 1)}
    rows = _rows(pairs, groups)
    label = max((len(_label(r, numbers)) for r in rows), default=0)
    shown: list[str] = []
    for block in _blocks(groups, columns - label - GAP):
        shown += [*_block(block, rows, pairs, numbers, label, marks), ""]
    return [*shown, _legend(marks)]


def _by_pair(reaches: Iterable[Reach]) -> dict[tuple[str, str], list[Reach]]:
    pairs: dict[tuple[str, str], list[Reach]] = {}
    for reach in reaches:
        pairs.setdefault(reach.key[:2], []).append(reach)
    return pairs


def _groups(topology: Topology, pairs: Iterable[tuple[str, str]]) -> tuple[Group, ...]:
    """Hosts in the order of the file, each with its services; then every other place that was asked."""
    hosts = tuple(Group(h, (h, *(s.name for s in topology.services_of(h)))) for h in topology.hosts)
    inside = {place for group in hosts for place in group.places}
    beyond = dict.fromkeys(target for _, target in pairs if target not in inside)
    return (*hosts, *((Group(BEYOND, tuple(beyond)),) if beyond else ()))


def _rows(pairs: Iterable[tuple[str, str]], groups: Sequence[Group]) -> list[str]:
    """Outsiders first, then the network in the order of the columns."""
    sources = dict.fromkeys(source for source, _ in pairs)
    inside = [p for g in groups if g.title != BEYOND for p in g.places]
    return [*(s for s in sources if s not in inside), *(p for p in inside if p in sources)]


def _blocks(groups: Sequence[Group], columns: int) -> Iterator[list[Group]]:
    """Groups of columns that fit side by side; a group wider than the terminal is cut in parts."""
    most = max(1, columns // CELL)
    block: list[Group] = []
    for part in (Group(g.title, g.places[i : i + most]) for g in groups for i in range(0, len(g.places), most)):
        if block and _width([*block, part]) > columns:
            yield block
            block = []
        block.append(part)
    if block:
        yield block


def _width(block: Sequence[Group]) -> int:
    return sum(g.columns for g in block) + len(block) - 1


def _block(
    block: Sequence[Group],
    rows: Sequence[str],
    pairs: dict[tuple[str, str], list[Reach]],
    numbers: dict[str, int],
    label: int,
    marks: Marks,
) -> Iterator[str]:
    start = " " * (label + GAP)
    titles = " ".join(f" {g.title}".ljust(g.columns) for g in block)
    yield (start + titles).rstrip()
    heads = " ".join(_padded(g, (f"{numbers[p]:>{CELL}}" for p in g.places)) for g in block).rstrip()
    yield start + click.style(heads, dim=True)
    for row in rows:
        cells = " ".join(_padded(g, (_cell(row, p, pairs, marks) for p in g.places)) for g in block)
        yield f"{_label(row, numbers):<{label}}{' ' * GAP}{cells}".rstrip()


def _label(place: str, numbers: dict[str, int]) -> str:
    number = str(numbers[place]) if place in numbers else ""
    return f"{number:>2} {place}"


def _cell(source: str, target: str, pairs: dict[tuple[str, str], list[Reach]], marks: Marks) -> str:
    reaches = pairs.get((source, target), ())
    if not reaches:
        return marks.self.rjust(CELL)
    opened = {(r.key[2], r.key[3]) for r in reaches if r.declared_open and any(v.flow.main for v in r.tried)}
    if any(not r.agrees for r in reaches):
        return click.style(marks.wrong.rjust(CELL), fg="red", bold=True)
    if not opened:
        return click.style(marks.closed.rjust(CELL), dim=True)
    mark = marks.open if len(opened) == 1 else str(len(opened)) if len(opened) < 10 else "+"
    return click.style(mark.rjust(CELL), fg="green")


def _padded(group: Group, cells: Iterable[str]) -> str:
    return "".join(cells) + " " * (group.columns - len(group.places) * CELL)


def _legend(marks: Marks) -> str:
    return (
        f"{marks.open} one port open as declared, 2-9 so many ports, + more, {marks.closed} nothing open as declared, "
        f"{marks.wrong} not as declared"
    )
