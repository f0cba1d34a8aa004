"""What a YAML parser complains about, said in one plain sentence that names the mistake.

In: PyYAML's error (of the C parser or of the pure one) and the text. Out: one diagnostic with a place and a hint.
Never changes the text, never raises.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import yaml

from warren.basis.diagnostic import Diagnostic, Place, error

GLUED_KEY = re.compile(r"""\s*(?:- +)*(["']?)([A-Za-z_][\w.-]*)\1:(?=[^\s/])(?!.*:(\s|$))""")
GLUED_ITEM = re.compile(r"""\s*-(?=[A-Za-z"'{\[])""")


def explain(found: yaml.YAMLError, text: str, file: str) -> Diagnostic:
    """The diagnostic for a parser's error."""
    fault = _fault(found, text, file)
    for rule in RULES:
        if diagnostic := rule(fault):
            return diagnostic
    return error("yaml-syntax", f"this is not YAML: {shown(fault.problem)}", fault.place)


def shown(text: str, limit: int = 40) -> str:
    """Text of the file in one line of bounded length, fit to stand in a sentence."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def quoted(text: str) -> str:
    """What to write so that YAML reads `text` as text."""
    return "'" + text.replace("'", "''") + "'" if '"' in text or "\\" in text else f'"{text}"'


@dataclass(frozen=True, slots=True)
class Fault:
    """A parser's error: its words, and where it and its context lie; lines and columns count from 0 here."""

    problem: str
    context: str
    lines: tuple[str, ...]
    file: str
    line: int
    column: int
    context_line: int
    context_column: int

    @property
    def place(self) -> Place:
        return Place(self.file, self.line + 1, self.column + 1)

    @property
    def context_place(self) -> Place:
        return Place(self.file, self.context_line + 1, self.context_column + 1)

    @property
    def text(self) -> str:
        """The line of the problem."""
        return self.line_text(self.line)

    @property
    def before(self) -> str:
        return self.text[: self.column]

    @property
    def character(self) -> str:
        return self.text[self.column : self.column + 1]

    @property
    def at_end(self) -> bool:
        return not self.character and not any(line.strip() for line in self.lines[self.line + 1 :])

    def line_text(self, number: int) -> str:
        return self.lines[number] if 0 <= number < len(self.lines) else ""

    def says(self, *words: str) -> bool:
        return any(word in self.problem for word in words)

    def lines_above(self) -> Iterator[int]:
        """The numbers of the lines above the problem that say something, nearest first."""
        for number in range(min(self.line, len(self.lines)) - 1, -1, -1):
            if (line := self.lines[number].strip()) and not line.startswith("#"):
                yield number


def _fault(found: yaml.YAMLError, text: str, file: str) -> Fault:
    lines = tuple(text.splitlines())
    mark = getattr(found, "problem_mark", None) or getattr(found, "context_mark", None)
    context = getattr(found, "context_mark", None) or mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    context_line, context_column = (context.line, context.column) if context else (line, column)
    problem = getattr(found, "problem", None) or str(found)
    return Fault(
        problem, getattr(found, "context", None) or "", lines, file, line, column, context_line, context_column
    )


def _value_from(line: str, column: int) -> str:
    """The value that somebody meant to start at `column`, as far as one can tell."""
    rest = re.split(r"\s#|\s*$", line[column:], maxsplit=1)[0]
    inside = re.search(r"[\[{]", line[:column])
    return re.split(r"[,\]}]", rest, maxsplit=1)[0].rstrip() if inside else rest


def _in_quotes(line: str, column: int) -> str:
    value = _value_from(line, column)
    return f"write {quoted(value)}" if value and len(value) < 60 else "put the value in quotes"


# ── one function for each mistake; the first that recognises it answers ───────────────────────────────────────────────


def _tab(fault: Fault) -> Diagnostic | None:
    if "tab" in fault.problem or fault.character == "\t":
        return error("yaml-tab", "a tab stands where spaces are expected", fault.place, "use spaces")
    return None


def _no_break_space(fault: Fault) -> Diagnostic | None:
    for number in (fault.line, next(fault.lines_above(), fault.line)):
        column = fault.line_text(number).find("\xa0")
        if column >= 0:
            place = Place(fault.file, number + 1, column + 1)
            return error("yaml-character", "a no-break space (U+00A0) is not a space to YAML", place, "use spaces")
    return None


def _directive(fault: Fault) -> Diagnostic | None:
    if "directive" not in fault.context and "document start" not in fault.problem:
        return None
    for number in (fault.line, fault.context_line, *fault.lines_above()):
        if fault.line_text(number).startswith("%"):
            place = Place(fault.file, number + 1, 1)
            return error("yaml-directive", "a line may not start with `%`", place, "put the text in quotes")
    return error("yaml-documents", "more text follows the end of the document", fault.place)


def _stray_character(fault: Fault) -> Diagnostic | None:
    if not fault.says("cannot start any token"):
        return None
    sign = "a backtick" if fault.character == "`" else f"`{fault.character}`"
    hint = _in_quotes(fault.text, fault.column)
    return error("yaml-quote", f"a value that starts with {sign} must be in quotes", fault.place, hint)


def _colon_in_list(fault: Fault) -> Diagnostic | None:
    if not fault.says("unexpected ':'"):
        return None
    start = re.search(r"[^\s,\[{]*$", fault.before)
    column = start.start() if start else fault.column
    place = Place(fault.file, fault.line + 1, column + 1)
    hint = _in_quotes(fault.text, column)
    return error("yaml-quote", "a value that ends with `:` must be in quotes", place, hint)


def _star_or_ampersand(fault: Fault) -> Diagnostic | None:
    if "scanning an alias" not in fault.context and "scanning an anchor" not in fault.context:
        return None
    sign = "*" if "alias" in fault.context else "&"
    hint = _in_quotes(fault.line_text(fault.context_line), fault.context_column)
    return error("yaml-quote", f"a value that starts with `{sign}` must be in quotes", fault.context_place, hint)


def _tag(fault: Fault) -> Diagnostic | None:
    if "tag" not in fault.problem and "tag" not in fault.context.split():
        return None
    hint = _in_quotes(fault.line_text(fault.context_line), fault.context_column)
    return error(
        "yaml-tag", "a value that starts with `!` is a tag, and tags have no meaning here", fault.context_place, hint
    )


def _escape(fault: Fault) -> Diagnostic | None:
    if not fault.says("escape", "hexdecimal"):
        return None
    hint = "use single quotes, in which a backslash is an ordinary character"
    return error("yaml-escape", "the text in double quotes has a backslash that means nothing", fault.place, hint)


def _open_quote(fault: Fault) -> Diagnostic | None:
    if not fault.says("unexpected end of stream", "unexpected document indicator"):
        return None
    return error("yaml-unclosed", "the quote that opens here is never closed", fault.context_place)


def _open_bracket(fault: Fault) -> Diagnostic | None:
    if "parsing a flow" not in fault.context or not fault.says("expected ','", "expected ', '"):
        return None
    opening, closing = ("[", "]") if "sequence" in fault.context else ("{", "}")
    if fault.line == fault.context_line and not fault.at_end:
        hint = "put text that contains `: `, `,`, `[` or `{` in quotes"
        return error("yaml-syntax", f"a comma or `{closing}` is expected here", fault.place, hint)
    summary = f"the `{opening}` that opens here is not closed"
    return error("yaml-unclosed", summary, fault.context_place, f"write `{closing}` at its end", fault.place)


def _no_value(fault: Fault) -> Diagnostic | None:
    if not fault.says("node content"):
        return None
    if fault.at_end:
        return error("yaml-unclosed", "the file ends where a value is expected", fault.place, "close every `[` and `{`")
    if fault.character in ("]", "}"):
        return error("yaml-syntax", f"the `{fault.character}` closes nothing", fault.place)
    if fault.character == "," and re.search(r"[\[{,]\s*$", fault.before):
        return error("yaml-syntax", "a value is missing before the comma", fault.place)
    if not fault.character:
        return error("yaml-syntax", "a value is missing here", fault.place)
    summary = f"a value that starts with `{fault.character}` must be in quotes"
    return error("yaml-quote", summary, fault.place, _in_quotes(fault.text, fault.column))


def _space_missing(fault: Fault) -> Diagnostic | None:
    if not fault.says("mapping values are not allowed", "could not find expected ':'"):
        return None
    near = (fault.context_line, next(fault.lines_above(), fault.line))
    for number in near:
        line = fault.line_text(number)
        if glued := GLUED_KEY.match(line):
            place = Place(fault.file, number + 1, glued.end() + 1)
            hint = f"write `{glued[2]}: {shown(line[glued.end() :])}`"
            return error("yaml-space", f"a space is missing after `{shown(glued[2])}:`", place, hint)
        if glued := GLUED_ITEM.match(line):
            place = Place(fault.file, number + 1, glued.end() + 1)
            return error(
                "yaml-space", "a space is missing after the `-`", place, f"write `- {shown(line[glued.end() :])}`"
            )
    return None


def _second_colon(fault: Fault) -> Diagnostic | None:
    if not fault.says("mapping values are not allowed"):
        return None
    first = re.search(r":\s+(?=\S)", fault.before)
    if first:
        place = Place(fault.file, fault.line + 1, first.end() + 1)
        hint = _in_quotes(fault.text, first.end())
        what = "contains `: `" if fault.text[fault.column + 1 :].strip() else "ends with `:`"
        return error("yaml-quote", f"a value that {what} must be in quotes", place, hint)
    if fault.before.strip():
        column = len(fault.text) - len(fault.text.lstrip())
        place = Place(fault.file, fault.line + 1, column + 1)
        summary = "a key cannot stand here: the line above already has a value"
        return error("yaml-indentation", summary, place, "align it with the key that it belongs beside")
    return error("yaml-syntax", "a key is missing before the colon", fault.place)


def _no_colon(fault: Fault) -> Diagnostic | None:
    if not fault.says("could not find expected ':'"):
        return None
    summary = "this line is neither `key: value` nor an item of a list"
    return error("yaml-syntax", summary, fault.context_place, "a value of several lines needs `|` after its key")


def _block_header(fault: Fault) -> Diagnostic | None:
    if "block scalar" not in fault.context:
        return None
    hint = _in_quotes(fault.line_text(fault.context_line), fault.context_column)
    return error("yaml-quote", "a value that starts with `|` or `>` must be in quotes", fault.context_place, hint)


def _item_beside_key(fault: Fault) -> Diagnostic | None:
    if fault.says("sequence entries are not allowed"):
        hint = "start the list in the next line, or write it as [a, b]"
        return error("yaml-syntax", "a list cannot start in the line of its key", fault.place, hint)
    if fault.says("mapping keys are not allowed"):
        hint = _in_quotes(fault.text, fault.column)
        return error("yaml-quote", "a value that starts with `? ` must be in quotes", fault.place, hint)
    return None


def _after_value(fault: Fault) -> Diagnostic | None:
    """Something stands behind a value that is already complete."""
    before = fault.before.strip()
    if not fault.says("expected key", "block end", "'-' indicator") or before in ("", "-"):
        return None
    if fault.character in ("]", "}"):
        return error("yaml-syntax", f"the `{fault.character}` closes nothing", fault.place)
    if before[-1] in "\"'":
        summary = "text follows the closing quote"
        hint = "close the quotes of the lines above, and put text with quotes in it in the other kind of quotes"
        return error("yaml-quote", summary, fault.place, hint)
    hint = "put the whole value in quotes"
    return error("yaml-syntax", "text follows a value that is already complete", fault.place, hint)


def _indentation(fault: Fault) -> Diagnostic | None:
    if not fault.says("expected key", "block end", "'-' indicator"):
        return None
    if fault.character == ":":
        return error("yaml-key", "a key is missing before the colon", fault.place)
    starts_item = re.match(r"-(\s|$)", fault.text[fault.column :])
    aligned = fault.column == fault.context_column
    if "mapping" in fault.context and starts_item and aligned:
        return error("yaml-syntax", "a list item stands where a key is expected", fault.place)
    if "mapping" not in fault.context and not starts_item and aligned:
        return error("yaml-syntax", "a list item, which starts with `- `, is expected here", fault.place)
    summary = f"the indentation of this line, {_spaces(fault.column)}, fits no line above"
    above = _indentations_above(fault)
    hint = f"indent it by {' or '.join(map(str, above))}" if above else None
    return error("yaml-indentation", summary, fault.place, hint)


def _indentations_above(fault: Fault) -> list[int]:
    """The depths that are still open above the problem, deepest first; three are enough for a hint."""
    depths: list[int] = []
    for number in fault.lines_above():
        line = fault.line_text(number)
        depth = len(line) - len(line.lstrip(" "))
        if not depths or depth < depths[-1]:
            depths.append(depth)
        if depth == 0 or len(depths) == 3:
            break
    return depths


def _spaces(count: int) -> str:
    return "1 space" if count == 1 else f"{count} spaces"


RULES: tuple[Callable[[Fault], Diagnostic | None], ...] = (
    _tab,
    _no_break_space,
    _directive,
    _stray_character,
    _colon_in_list,
    _star_or_ampersand,
    _tag,
    _escape,
    _open_quote,
    _space_missing,
    _open_bracket,
    _no_value,
    _second_colon,
    _no_colon,
    _block_header,
    _item_beside_key,
    _after_value,
    _indentation,
)
