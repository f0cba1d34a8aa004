"""The left margin of the picture: the Internet's line and one line for every gateway's tunnels.

In: blocks of rows that say where lines start and arrive. Out: the same rows with their lines before them. Never changes
what stands in a block.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

INTERNET = 2
FIRST = 4
STEP = 2


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a block; `internet` arrives at it, `joins` are tunnels that do, `starts` is the one that leaves."""

    line: str
    internet: bool = False
    joins: tuple[str, ...] = ()
    starts: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of one host, its frame included."""

    rows: tuple[Row, ...]


def width(gateways: int) -> int:
    """How many letters stand before every block."""
    return FIRST + STEP * gateways if gateways else 0


def beside(blocks: Sequence[Block], gateways: Sequence[str]) -> Iterator[str]:
    """Every row behind its margin."""
    rows = [row for block in blocks for row in block.rows]
    if not gateways:
        yield from (row.line for row in rows)
        return
    margin = _Margin(rows, gateways)
    for index, row in enumerate(rows):
        # A tunnel opens the frame that it meets.
        line = "┫" + row.line[1:] if row.joins or row.starts else row.line
        yield margin.before(index, row) + line


class _Margin:
    """Where each line begins and ends, found once."""

    def __init__(self, rows: Sequence[Row], gateways: Sequence[str]) -> None:
        self.gateways = gateways
        self.internet_ends = max((n for n, row in enumerate(rows) if row.internet), default=-1)
        self.starts = {row.starts: n for n, row in enumerate(rows) if row.starts}
        self.ends = {gateway: n for n, row in enumerate(rows) for gateway in row.joins}

    def before(self, index: int, row: Row) -> str:
        """The letters before one row."""
        cells = [" "] * width(len(self.gateways))
        self._lines(cells, index)
        if row.internet:
            _across(cells, INTERNET, "─", "▶")
            cells[INTERNET] = "└" if index == self.internet_ends else "├"
        for column, gateway in enumerate(self.gateways):
            if gateway in row.joins:
                _across(cells, FIRST + STEP * column, "═", "═")
        for column, gateway in enumerate(self.gateways):
            if gateway in row.joins or gateway == row.starts:
                self._joint(cells, index, row, column)
        return "".join(cells)

    def _lines(self, cells: list[str], index: int) -> None:
        if index < self.internet_ends:
            cells[INTERNET] = "│"
        for column, gateway in enumerate(self.gateways):
            if gateway in self.starts and self.starts[gateway] < index < self.ends.get(gateway, -1):
                cells[FIRST + STEP * column] = "║"

    def _joint(self, cells: list[str], index: int, row: Row, column: int) -> None:
        gateway, cell = self.gateways[column], FIRST + STEP * column
        if gateway == row.starts:
            _across(cells, cell, "═", "═")
            cells[cell] = "╔"
            return
        from_left = any(other in row.joins for other in self.gateways[:column])
        ends = self.ends[gateway] == index
        cells[cell] = ("╩" if from_left else "╚") if ends else ("╬" if from_left else "╠")


def _across(cells: list[str], start: int, line: str, end: str) -> None:
    """A line to the block; lines that go down pass over it."""
    for cell in range(start + 1, len(cells)):
        if cells[cell] == " ":
            cells[cell] = end if cell == len(cells) - 1 else line
