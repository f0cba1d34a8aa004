"""Writes the reference from the source: commands, the file's format, diagnostics.

In: a folder. Out: commands.md, file.md and diagnostics.md in it. Never says anything that the source does not say.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from inspect import cleandoc
from pathlib import Path
from typing import Any

import click

from warren.cli.examples import EXAMPLES
from warren.cli.main import EXIT_CODES, warren
from warren.spec.checks.risks import RISKS
from warren.spec.schema import schema

SOURCE = Path(__file__).resolve().parents[1] / "src" / "warren"
NOTE = "<!-- Written by `make docs` from the source. -->"
# Who says something to the user: a code, and a sentence.
SPEAKERS = ("error", "warning", "Mistake", "refuse")
FINDERS = ("error", "warning", "note", "block", "kind")
UNKNOWN = "…"
FEWEST_LETTERS = 3


def main(folder: str) -> None:
    """Writes all three."""
    for name, lines in (("commands", commands()), ("file", file_format()), ("diagnostics", diagnostics())):
        Path(folder, f"{name}.md").write_text("\n".join(lines).rstrip() + "\n")


# ── commands ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def commands() -> Iterator[str]:
    """Every command with its options."""
    yield from (NOTE, "", "# Commands", "", _plain(warren.help or ""), "")
    yield from (_plain(EXIT_CODES), "")
    yield from ("`warren -f FILE COMMAND` names the file for any command.", "")
    yield from _below(warren, click.Context(warren, info_name="warren"), 2)


def _below(group: click.Group, ctx: click.Context, depth: int) -> Iterator[str]:
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        assert command is not None
        inner = click.Context(command, info_name=name, parent=ctx)
        yield from _command(command, inner, depth)
        if isinstance(command, click.Group):
            yield from _below(command, inner, depth + 1)


def _command(command: click.Command, ctx: click.Context, depth: int) -> Iterator[str]:
    usage = " ".join([ctx.command_path, *command.collect_usage_pieces(ctx)])
    yield from (f"{'#' * depth} {ctx.command_path}", "", f"    {usage}", "")
    yield from (_plain(command.help or ""), "")
    rows = [_option(each, ctx) for each in command.params if isinstance(each, click.Option)]
    if rows:
        yield from _table(("option", "meaning", "environment"), rows)
        yield ""
    if command.epilog:
        yield from (_plain(command.epilog), "")
    if shown := EXAMPLES.get(ctx.command_path):
        widest = max(len(line) for line, _ in shown)
        yield from ("```", *(f"{line:{widest}}  # {meaning}" for line, meaning in shown), "```", "")


def _option(option: click.Option, ctx: click.Context) -> tuple[str, str, str]:
    written, meaning = option.get_help_record(ctx) or ("", option.help or "")
    meaning = meaning.partition("  [default")[0]
    named = option.envvar if isinstance(option.envvar, str) else None
    path = "_".join(ctx.command_path.upper().split())
    variable = named or f"{path}_{str(option.name).upper()}"
    return f"`{written}`", meaning, f"`{variable}`"


def _plain(text: str) -> str:
    """A help text as Markdown: what must keep its lines becomes a block."""
    parts = (part.strip("\n") for part in cleandoc(text).split("\n\n"))
    return "\n\n".join(_block(part) if part.startswith("\b") else " ".join(part.split()) for part in parts)


def _block(part: str) -> str:
    return "```\n" + part.removeprefix("\b\n") + "\n```"


# ── the file ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def file_format() -> Iterator[str]:
    """Every key, from the schema and with it from the docstrings of the models."""
    whole: dict[str, Any] = schema()
    yield from (NOTE, "", "# The file", "")
    yield from _section("warren.yaml", whole)
    for name, node in whole["definitions"].items():
        yield from _section(name, node)


def _section(name: str, node: dict[str, Any]) -> Iterator[str]:
    yield from (f"## {name}", "", str(node.get("description", "")), "")
    required = node.get("required", [])
    rows = [_key(key, each, key in required) for key, each in node.get("properties", {}).items()]
    yield from _table(("key", "value", "default", "meaning"), rows)
    yield ""


def _key(key: str, node: dict[str, Any], required: bool) -> tuple[str, ...]:
    default = "required" if required else f"`{node['default']}`" if "default" in node else ""
    return f"`{key}`", value(node), default, str(node.get("description", ""))


def value(node: dict[str, Any]) -> str:
    """What may stand there, in a few words."""
    if "$ref" in node:
        name = node["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    for word in ("anyOf", "allOf"):
        if word in node:
            return " or ".join(dict.fromkeys(value(each) for each in node[word]))
    if "enum" in node:
        return " or ".join(f"`{each}`" for each in node["enum"])
    if "const" in node:
        return f"`{node['const']}`"
    return _typed(node)


def _typed(node: dict[str, Any]) -> str:
    kind = node.get("type", "anything")
    if kind == "array":
        return f"list of {value(node.get('items', {}))}"
    if kind == "object":
        inner = [*node.get("patternProperties", {}).values(), node.get("additionalProperties")]
        held = next((each for each in inner if isinstance(each, dict)), None)
        return f"names with {value(held)}" if held else "mapping"
    words = {"string": "text", "integer": "number", "boolean": "`true` or `false`"}
    kinds = [str(each) for each in (kind if isinstance(kind, list) else [kind])]
    return " or ".join(dict.fromkeys(words.get(each, each) for each in kinds))


# ── diagnostics ───────────────────────────────────────────────────────────────────────────────────────────────────────


def diagnostics() -> Iterator[str]:
    """Warnings with what they mean, and every code with the sentences that it may say."""
    yield from (NOTE, "", "# Diagnostics", "")
    yield "Codes are stable: `--json` prints them, and `acknowledge:` in the file takes those of warnings."
    yield from ("", "## Warnings", "")
    yield from _table(("code", "about"), [(f"`{code}`", about) for code, about in sorted(RISKS.items())])
    yield from ("", "## Errors", "")
    rows = [(f"`{code}`", "<br>".join(sorted(said))) for code, said in sorted(spoken().items()) if code not in RISKS]
    yield from _table(("code", "sentences"), rows)
    yield from ("", "## Findings of `warren doctor`", "")
    rows = [(f"`{code}`", "<br>".join(sorted(said))) for code, said in sorted(findings().items())]
    yield from _table(("code", "sentences"), rows)


def findings() -> dict[str, set[str]]:
    """Every code of the doctor, with its sentences."""
    found: dict[str, set[str]] = {}
    for path in sorted((SOURCE / "doctor").rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef):
                for code, sentences in _said_in(function, "", FINDERS):
                    found.setdefault(code, set()).update(sentences)
    return found


def spoken() -> dict[str, set[str]]:
    """Every code in the source, with its sentences; the doctor's are of another kind."""
    found: dict[str, set[str]] = {}
    for path in sorted(path for path in SOURCE.rglob("*.py") if SOURCE / "doctor" not in path.parents):
        # The lab has a `refuse` of its own, which says whose codes they are.
        prefix = "lab-" if path.parent.name == "lab" else ""
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef):
                for code, sentences in _said_in(function, prefix):
                    found.setdefault(code, set()).update(sentences)
    return found


def _said_in(
    function: ast.FunctionDef, prefix: str, speakers: tuple[str, ...] = SPEAKERS
) -> Iterator[tuple[str, list[str]]]:
    assigned: dict[str, list[ast.expr]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            assigned.setdefault(node.targets[0].id, []).append(node.value)
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and len(node.args) > 1 and (speaker := _speaker(node, speakers)):
            code = node.args[0]
            if isinstance(code, ast.Constant) and isinstance(code.value, str):
                whose = prefix if speaker == "refuse" else ""
                yield whose + code.value, [each for each in _sentences(node.args[1], assigned) if _says_something(each)]


def _speaker(call: ast.Call, speakers: tuple[str, ...]) -> str | None:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return name if name in speakers else None


def _sentences(node: ast.expr, assigned: dict[str, list[ast.expr]]) -> list[str]:
    """Every text that an expression may be, with `…` for what it is filled with."""
    match node:
        case ast.Constant(value=value):
            return [str(value)]
        case ast.JoinedStr(values=values):
            return ["".join(str(each.value) if isinstance(each, ast.Constant) else UNKNOWN for each in values)]
        case ast.IfExp(body=body, orelse=other):
            return [*_sentences(body, assigned), *_sentences(other, assigned)]
        case ast.Name(id=name) if name in assigned:
            known = {key: value for key, value in assigned.items() if key != name}
            return [text for value in assigned[name] for text in _sentences(value, known)]
    return [UNKNOWN]


def _says_something(sentence: str) -> bool:
    return len(re.sub(r"\W", "", sentence)) >= FEWEST_LETTERS


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    names = list(head)
    yield f"| {' | '.join(names)} |"
    yield f"|{'---|' * len(names)}"
    yield from (f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows)


if __name__ == "__main__":
    main(sys.argv[1])
