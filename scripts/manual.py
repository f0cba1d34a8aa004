"""Writes the man pages from the source: one of each command, and one of the file.

In: a folder. Out: man1/warren.1, man1/warren-COMMAND.1 and man5/warren.yaml.5 in it. Never says anything that the
source does not say, and nothing that differs between versions of click.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from inspect import cleandoc
from pathlib import Path
from typing import Any

import click

from scripts.reference import value
from warren import __version__
from warren.cli.examples import EXAMPLES
from warren.cli.main import warren
from warren.spec.schema import schema

NOTE = '.\\" Written by `make docs` from the source.'
MARKED = re.compile(r"`([^`]*)`")
LINKED = re.compile(r"\[([^]]*)\]\(#[^)]*\)")
FILES = (
    ("warren.yaml", "the network; warren.yaml(5) says what it may hold"),
    ("warren.lock", "beside it: what was allocated, kept under version control"),
    ("/var/lib/warren", "on hosts: what was applied, with the way back, and the homes of services"),
)


def main(folder: str) -> None:
    """Writes all pages; those of commands that are gone are removed."""
    for place in ("man1", "man5"):
        Path(folder, place).mkdir(parents=True, exist_ok=True)
    for old in Path(folder).glob("man?/*"):
        old.unlink()
    for name, text in pages().items():
        Path(folder, name).write_text(text)


def pages() -> Mapping[str, str]:
    """Every page by its place in the folder."""
    found = {f"man1/{'-'.join(ctx.command_path.split())}.1": _page(_command(ctx)) for ctx in _every(_top())}
    return {**found, "man5/warren.yaml.5": _page(_file())}


def _page(lines: Iterator[str]) -> str:
    return "\n".join((NOTE, *lines)) + "\n"


# ── commands ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _top() -> click.Context:
    return click.Context(warren, info_name="warren")


def _every(ctx: click.Context) -> Iterator[click.Context]:
    yield ctx
    if isinstance(ctx.command, click.Group):
        for below in _below(ctx):
            yield from _every(below)


def _below(ctx: click.Context) -> Iterator[click.Context]:
    assert isinstance(ctx.command, click.Group)
    for name in ctx.command.list_commands(ctx):
        command = ctx.command.get_command(ctx, name)
        assert command is not None
        yield click.Context(command, info_name=name, parent=ctx)


def _command(ctx: click.Context) -> Iterator[str]:
    command, name = ctx.command, "-".join(ctx.command_path.split())
    first, *rest = _parts(command.help or "")
    yield from _head(name, 1, command.get_short_help_str(200) if command is not warren else first)
    yield from (".SH SYNOPSIS", _synopsis(ctx), ".SH DESCRIPTION")
    for part in (first, *rest):
        yield from _paragraph(part)
    if isinstance(command, click.Group):
        yield ".SH COMMANDS"
        yield from _entries((_cited(each), each.command.get_short_help_str(200)) for each in _below(ctx))
    yield ".SH OPTIONS"
    options = [each for each in command.params if isinstance(each, click.Option)]
    yield from _entries((_option(each), _meaning(each)) for each in options)
    yield from _entries([(r"\fB\-h\fR, \fB\-\-help\fR", "Show how the command is called.")])
    yield from _end(ctx)


def _end(ctx: click.Context) -> Iterator[str]:
    """What stands below the options."""
    for part in _parts(ctx.command.epilog or ""):
        yield from _paragraph(part)
    yield ".SH EXAMPLES"
    for line, meaning in EXAMPLES[ctx.command_path]:
        yield from (".TP", f"\\fB{_text(line)}\\fR", _text(meaning))
    if ctx.command is warren:
        yield ".SH FILES"
        yield from _entries((f"\\fI{_text(name)}\\fR", meaning) for name, meaning in FILES)
    others = [] if ctx.parent is None else [f"\\fB{_text('-'.join(ctx.parent.command_path.split()))}\\fR(1)"]
    yield from (".SH SEE ALSO", ", ".join([*others, r"\fBwarren.yaml\fR(5)"]))


def _cited(ctx: click.Context) -> str:
    return f"\\fB{_text('-'.join(ctx.command_path.split()))}\\fR(1)"


def _synopsis(ctx: click.Context) -> str:
    words = " ".join(ctx.command.collect_usage_pieces(ctx))
    return f"\\fB{_text(ctx.command_path)}\\fR {_text(words)}"


def _option(option: click.Option) -> str:
    names = ", ".join(f"\\fB{_text(each)}\\fR" for each in (*option.opts, *option.secondary_opts))
    if option.is_flag:
        return names
    if isinstance(option.type, click.Choice):
        return f"{names} {_text('|'.join(map(str, option.type.choices)))}"
    return f"{names} \\fI{_text(option.metavar or option.type.name.upper())}\\fR"


def _meaning(option: click.Option) -> str:
    default = f" By default {option.default}." if option.show_default and not option.is_flag else ""
    named = f" ${option.envvar} says the same." if isinstance(option.envvar, str) else ""
    return f"{option.help or ''}{default}{named}"


# ── the file ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _file() -> Iterator[str]:
    whole: dict[str, Any] = schema()
    yield from _head("warren.yaml", 5, "the file of a network")
    yield ".SH DESCRIPTION"
    yield from _paragraph(str(whole.get("description", "")))
    yield from _paragraph("YAML 1.2: keys that are not here are errors. `warren check` says all that is wrong at once.")
    yield from _keys(whole)
    for name, node in whole["definitions"].items():
        yield f".SH {_text(name.upper())}"
        yield from _paragraph(str(node.get("description", "")))
        yield from _keys(node)
    yield from (".SH SEE ALSO", r"\fBwarren\fR(1), \fBwarren\-check\fR(1)")


def _keys(node: dict[str, Any]) -> Iterator[str]:
    required = node.get("required", [])
    for key, each in node.get("properties", {}).items():
        default = "; required" if key in required else f"; by default {each['default']}" if "default" in each else ""
        kind = LINKED.sub(r"\1", value(each)) + default
        yield from (".TP", f"\\fB{_text(key)}\\fR: {_text(kind)}", _text(str(each.get("description", ""))) or r"\&")


# ── the language of man pages ─────────────────────────────────────────────────────────────────────────────────────────


def _head(name: str, section: int, short: str) -> Iterator[str]:
    yield f'.TH "{name.upper()}" "{section}" "" "warren {__version__}" "warren"'
    yield from (".SH NAME", f"{_text(name)} \\- {_text(short[:1].lower() + short[1:].rstrip('.'))}")


def _parts(text: str) -> list[str]:
    return [part.strip("\n") for part in cleandoc(text).split("\n\n")] if text else []


def _paragraph(part: str) -> Iterator[str]:
    if part.startswith("\b"):
        yield from (".PP", ".nf", *(_text(line) for line in part.removeprefix("\b\n").splitlines()), ".fi")
    elif part:
        yield from (".PP", _text(" ".join(part.split())))


def _entries(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    for term, meaning in rows:
        yield from (".TP", term, _text(meaning))


def _text(plain: str) -> str:
    """As roff reads it: no line begins a request, and what can be typed is set apart and can be copied."""
    safe = plain.replace("\\", r"\e").replace("-", r"\-").replace("'", r"\(aq").replace("^", r"\(ha")
    marked = MARKED.sub(r"\\fB\1\\fR", safe.replace("~", r"\(ti"))
    return f"\\&{marked}" if marked.startswith((".", "'")) else marked


if __name__ == "__main__":
    main(sys.argv[1])
