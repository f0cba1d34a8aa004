"""What a text must not contain before it is read as YAML: invisible characters, tabs used as space, too many bytes.

In: the text of a file. Out: diagnostics with line and column. Never changes the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from warren.basis.diagnostic import Diagnostic, Place, error

MAXIMUM_BYTES = 4 * 1024 * 1024
MAXIMUM_REPORTED = 20

# NEL, LS and PS are line breaks to libyaml and to no editor: after one of them every line number would be wrong.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]"
)
LINE_BREAK = re.compile(r"\r\n|\r|\n")


def place_of(text: str, index: int, file: str) -> Place:
    """The line and column of one character."""
    line, start = 1, 0
    for found in LINE_BREAK.finditer(text, 0, index):
        line, start = line + 1, found.end()
    return Place(file, line, index - start + 1)


def too_large(text: str, file: str) -> list[Diagnostic]:
    """An error when the text has more bytes than anybody writes by hand."""
    if len(text) * 4 <= MAXIMUM_BYTES or len(text.encode("utf-8", "surrogatepass")) <= MAXIMUM_BYTES:
        return []
    return [error("yaml-too-large", "the file is larger than 4 MiB", Place(file, 1, 1))]


def forbidden(text: str, file: str) -> list[Diagnostic]:
    """One error for each character that a reader cannot see, the first twenty of them."""
    return [
        error(
            "yaml-character", f"the file contains {character_name(c)}", place_of(text, index, file), character_hint(c)
        )
        for index, c in islice(((m.start(), m.group()) for m in FORBIDDEN.finditer(text)), MAXIMUM_REPORTED)
    ]


def character_name(character: str) -> str:
    """What to call a forbidden character in a sentence."""
    code = ord(character)
    if code == 0:
        return "a NUL character"
    if code == 0xFEFF:
        return "a byte order mark (U+FEFF)"
    if 0xD800 <= code <= 0xDFFF:
        return "a byte that is not UTF-8"
    if 0x202A <= code <= 0x2069:
        return f"an invisible character that turns the direction of text around (U+{code:04X})"
    if code in (0x85, 0x2028, 0x2029):
        return f"a line break that most editors do not show (U+{code:04X})"
    return f"a control character (U+{code:04X})"


def character_hint(character: str) -> str:
    """What to do about a forbidden character."""
    if character == "\ufeff" or "\ud800" <= character <= "\udfff":
        return "save the file as UTF-8 without a byte order mark"
    return "delete it"


def tabs_between(text: str, file: str, spans: Iterable[tuple[int, int]]) -> list[Diagnostic]:
    """One error for each tab outside of the scalars at `spans`: in indentation, or between two values."""
    return [
        error("yaml-tab", "a tab stands where spaces are expected", place_of(text, index, file), "use spaces")
        for index in islice(_loose_tabs(text, spans), MAXIMUM_REPORTED)
    ]


def _loose_tabs(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[int]:
    end = 0
    for start, next_end in [*sorted(spans), (len(text), len(text))]:
        for piece in re.finditer(r"[^\r\n]+", text[end:start]):
            code = piece.group().partition("#")[0]
            # Nothing is read between the last value of a line and its end or its comment: a tab does no harm there.
            leads_to_value = len(code) == len(piece.group()) and end + piece.end() == start < len(text)
            found = (code if leads_to_value else code.rstrip(" \t")).find("\t")
            if found >= 0:
                yield end + piece.start() + found
        end = max(end, next_end)
