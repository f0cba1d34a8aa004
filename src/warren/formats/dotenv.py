"""Files of variables, as Compose's `env_file` reads them, and as Podman's `--env-file` and systemd's units do.

In: the text of a file. Out: names and values; or, the other way, lines. Never fills anything in: `${NAME}` is what it
looks like.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

NAME = re.compile(r"(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*[=:][ \t]*")
DOUBLE = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
SINGLE = re.compile(r"'([^']*)'")
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "$": "$", "'": "'"}


class Unreadable(ValueError):
    """Which line cannot be read; never what stands in it."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"line {line} {why}")


def read(text: str) -> dict[str, str]:
    """The variables of a file; of two with one name the last."""
    return dict(_pairs(text.replace("\r\n", "\n")))


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    position = 0
    while position < len(text):
        end = _end_of_line(text, position)
        line = text[position:end].strip()
        if not line or line.startswith("#"):
            position = end + 1
            continue
        number = text.count("\n", 0, position) + 1
        position += len(text[position:end]) - len(text[position:end].lstrip())
        found = NAME.match(text, position, end)
        if not found:
            raise Unreadable(number, "is not `NAME=value`")
        value, position = _value(text, found.end(), number)
        yield found[1], value


def _value(text: str, position: int, number: int) -> tuple[str, int]:
    """A value in its quotes or without, and where the next line begins."""
    if text[position : position + 1] not in ("'", '"'):
        end = _end_of_line(text, position)
        # A comment stands behind white space; a `#` inside a word does not begin one.
        return re.sub(r"(^|[ \t])#.*", "", text[position:end]).strip(), end + 1
    quoted = (SINGLE if text[position] == "'" else DOUBLE).match(text, position)
    if not quoted:
        raise Unreadable(number, "has a quote that is not closed")
    end = _end_of_line(text, quoted.end())
    rest = text[quoted.end() : end].strip()
    if rest and not rest.startswith("#"):
        raise Unreadable(number, "goes on behind its closing quote")
    value = quoted[1]
    return (value if text[position] == "'" else re.sub(r"\\(.)", _unescaped, value, flags=re.DOTALL)), end + 1


def _unescaped(found: re.Match[str]) -> str:
    return ESCAPES.get(found[1], found[0])


def _end_of_line(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end


def write(variables: Iterable[tuple[str, str]]) -> str:
    """Lines that Podman reads: everything behind `=` is the value. Raises ValueError for a value of several lines."""
    return "".join(f"{name}={_one_line(name, value)}\n" for name, value in variables)


def write_quoted(variables: Iterable[tuple[str, str]]) -> str:
    """Lines that systemd reads, of any text (systemd.exec(5), EnvironmentFile). Raises ValueError for a zero byte."""
    return "".join(f'{name}="{_quoted(name, value)}"\n' for name, value in variables)


def _quoted(name: str, value: str) -> str:
    if "\0" in value:
        raise ValueError(f"the value of {name} has a zero byte")
    return re.sub(r'["\\$`]', r"\\\g<0>", value)


def _one_line(name: str, value: str) -> str:
    if "\n" in value or "\0" in value:
        raise ValueError(f"the value of {name} has several lines")
    return value
