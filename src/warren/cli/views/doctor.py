"""What a doctor found, for people and for programs.

In: visits and repairs. Out: lines or a document. Never a finding without a word for how bad it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import click

from warren.cli.rounds import Visit
from warren.cli.views.text import count, printable
from warren.doctor.model import Finding, Level
from warren.survey.mend import Mended

COLOURS = {Level.ERROR: "red", Level.WARNING: "yellow", Level.NOTE: "cyan", Level.OK: "green"}
ORDER = (Level.ERROR, Level.WARNING, Level.NOTE, Level.OK)
# What stands beside a host's name when it is fine.
HEADLINE = ("distribution", "kernel", "nft", "podman", "wireguard")
WIDEST = len("warning")


def lines(visits: Sequence[Visit], mended: Iterable[Mended], verbose: bool = False) -> Iterator[str]:
    """A block for each host, the worst first, and the sum."""
    yield from (_repair(each) for each in mended)
    for visit in visits:
        yield from _visit(visit, verbose)
    yield _sum(visits)


def _repair(done: Mended) -> str:
    where = click.style(done.host, bold=True)
    if done.trouble is None:
        return f"{where}  {click.style('mended', fg='green')}  {printable(done.command)}"
    return f"{where}  {click.style('not mended', fg='red')}  {printable(done.command)}: {printable(done.trouble)}"


def _visit(visit: Visit, verbose: bool) -> Iterator[str]:
    name = click.style(visit.name, bold=True)
    if visit.trouble is not None:
        yield f"{name}  {click.style('not reachable', fg='red')}: {printable(visit.trouble)}"
        return
    said = {each.code: each.summary for each in visit.findings if each.level is Level.OK}
    yield f"{name}  {printable(', '.join(said[code] for code in HEADLINE if code in said))}".rstrip()
    shown = [each for each in visit.findings if each.level is not Level.OK or (verbose and each.code not in HEADLINE)]
    for level in ORDER:
        for each in shown:
            if each.level is level:
                yield from _finding(each)
    if not any(each.level is not Level.OK for each in visit.findings):
        yield f"  {click.style('well', fg='green')}"


def _finding(given: Finding) -> Iterator[str]:
    word = click.style(f"{given.level.value:<{WIDEST}}", fg=COLOURS[given.level])
    place = f" ({given.place})" if given.place else ""
    yield f"  {word}  {printable(given.summary)}{printable(place)}"
    if given.mend:
        safe = click.style(" (`--fix` does it)", dim=True) if given.mend.script else ""
        yield f"  {' ' * WIDEST}  <- {printable(given.mend.command)}{safe}"


def _sum(visits: Sequence[Visit]) -> str:
    found = [each for visit in visits for each in visit.findings]
    absent = sum(visit.trouble is not None for visit in visits)
    parts = [f"{absent} not reachable"] if absent else []
    for level in ORDER[:3]:
        if number := sum(each.level is level for each in found):
            parts.append(count(number, level.value))
    safe = sum(_script(each) is not None for each in found)
    mends = f"; `warren doctor --fix` mends {safe} of them" if safe else ""
    return f"{count(len(visits), 'host')}: {', '.join(parts) or 'well'}{mends}"


def _script(given: Finding) -> str | None:
    return given.mend.script if given.mend and given.level is not Level.OK else None


def document(visits: Iterable[Visit], mended: Iterable[Mended]) -> dict[str, object]:
    """The same for programs."""
    return {"hosts": {each.name: _entry(each) for each in visits}, "mended": [_mended(each) for each in mended]}


def _entry(visit: Visit) -> dict[str, object]:
    return {
        "reachable": visit.trouble is None,
        "trouble": visit.trouble,
        "well": not visit.is_ill,
        "findings": [_finding_entry(each) for each in visit.findings],
    }


def _finding_entry(given: Finding) -> dict[str, object]:
    return {
        "level": given.level.value,
        "code": given.code,
        "summary": given.summary,
        "mend": given.mend and given.mend.command,
        "safe": bool(given.mend and given.mend.script),
        "blocks": given.blocks,
        "file": given.place and given.place.file,
        "line": given.place and given.place.line,
    }


def _mended(done: Mended) -> dict[str, object]:
    return {
        "host": done.host,
        "code": done.code,
        "command": done.command,
        "done": done.trouble is None,
        "trouble": done.trouble,
    }
