"""Unit files of systemd, and those that Podman's Quadlet reads: both directions.

In: sections with settings, whose values `literal`, `words` and `arguments` have made out of anybody's text. Out: a
file, and the sections of a file again. Never a value that ends its line, joins the next, or stands for anything but
itself (systemd.syntax(7); systemd.unit(5), specifiers; systemd.service(5), command lines).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# What systemd takes for white space (basic/string-util.h); Python knows more of it.
BLANK = " \t\n\r"
# What a word may hold without quotes, for systemd and for Quadlet alike.
PLAIN = re.compile(r"[A-Za-z0-9_./:=,@%+^~!?*(){}<>|&$-]+\Z")
# What ends a line for anybody, or shows on none; a tab is a space.
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")
SECTION = re.compile(r"\[([^\[\]\n]+)\]\Z")
KEY = re.compile(r"[A-Za-z][A-Za-z0-9-]*\Z")
ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "s": " ", "\\": "\\"}
ESCAPED = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\\": "\\\\", '"': '\\"'}
# The number of digits of each escape that names a character by its number, and their base.
NUMBERED = {"x": (2, 16), "u": (4, 16), "U": (8, 16)}


@dataclass(frozen=True, slots=True)
class Setting:
    """One line; `value` stands in the file as it is."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Section:
    """A section with its settings in their order; a key may come several times."""

    name: str
    settings: tuple[Setting, ...]

    def of(self, key: str) -> tuple[str, ...]:
        """Every value of a key."""
        return tuple(setting.value for setting in self.settings if setting.key == key)


@dataclass(frozen=True, slots=True)
class Unit:
    """A whole file."""

    sections: tuple[Section, ...]

    def section(self, name: str) -> Section:
        """A section by its name; one that is not there is empty."""
        return next((section for section in self.sections if section.name == name), Section(name, ()))


# ── writing ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def write(unit: Unit, comment: str = "") -> str:
    """The text of a file; empty sections are left out. Raises ValueError for what would not be read back."""
    blocks = ["\n".join(_section(section)) for section in unit.sections if section.settings]
    first = "".join(f"# {line}\n" for line in comment.splitlines())
    return first + "\n\n".join(blocks) + "\n"


def _section(section: Section) -> Iterator[str]:
    if not SECTION.match(f"[{section.name}]"):
        raise ValueError(f"no section can be called {section.name!r}")
    yield f"[{section.name}]"
    for setting in section.settings:
        if not KEY.match(setting.key):
            raise ValueError(f"no setting can be called {setting.key!r}")
        yield f"{setting.key}={checked(setting.value)}"


def checked(value: str) -> str:
    """A value that stays on its line and is read back as it is."""
    if value != value.strip(BLANK) or value.endswith("\\") or CONTROL.search(value):
        raise ValueError(f"{value!r} cannot stand in a line of a unit")
    return value


def literal(text: str) -> str:
    """A text that is one value, which the setting does not split: a description, a path."""
    return checked(text.replace("%", "%%"))


def word(text: str) -> str:
    """A text as one of several words of a value."""
    escaped = text.replace("%", "%%")
    if PLAIN.match(escaped):
        return escaped
    return '"' + "".join(_letter(letter) for letter in escaped) + '"'


def words(texts: Iterable[str]) -> str:
    """Texts as the words of one value: variables, names."""
    return " ".join(word(text) for text in texts)


def argument(text: str) -> str:
    """A text as one word of a command line, where `$` has a meaning of its own."""
    return word(text.replace("$", "$$"))


def arguments(texts: Iterable[str]) -> str:
    """Texts as the words of a command line."""
    return " ".join(argument(text) for text in texts)


def _letter(letter: str) -> str:
    if letter in ESCAPED:
        return ESCAPED[letter]
    if letter.isprintable():
        return letter
    code = ord(letter)
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


# ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def read(text: str) -> Unit:
    """The sections of a file, those of one name together. Raises ValueError for what is no unit file."""
    found: dict[str, list[Setting]] = {}
    name: str | None = None
    for line in _logical(text):
        if section := SECTION.match(line):
            name = section[1]
            found.setdefault(name, [])
            continue
        key, equals, value = line.partition("=")
        if not equals or name is None:
            raise ValueError(f"{line!r} is neither a section nor a setting of one")
        found[name].append(Setting(key.strip(BLANK), value.strip(BLANK)))
    return Unit(tuple(Section(name, tuple(settings)) for name, settings in found.items()))


def _logical(text: str) -> Iterator[str]:
    """The lines without comments, those that a backslash continues joined by a space."""
    held = ""
    for line in text.split("\n"):
        bare = line.strip(BLANK)
        if bare.startswith(("#", ";")) or (not bare and not held):
            continue
        if bare.endswith("\\"):
            held += bare[:-1] + " "
            continue
        joined, held = (held + bare).strip(BLANK), ""
        if joined:
            yield joined
    if held.strip(BLANK):
        yield held.strip(BLANK)


def split(value: str) -> tuple[str, ...]:
    """The words of a value, without quotes and escapes. Raises ValueError where a quote is not closed."""
    found: list[str] = []
    current: list[str] | None = None
    quote, position = "", 0
    while position < len(value):
        letter = value[position]
        position += 1
        if letter == "\\":
            one, position = _escape(value, position)
            current = [*(current or []), one]
        elif letter == quote:
            quote = ""
        elif not quote and letter in "\"'":
            quote, current = letter, current or []
        elif not quote and letter in " \t\n":
            found, current = ([*found, "".join(current)] if current is not None else found), None
        else:
            current = [*(current or []), letter]
    if quote:
        raise ValueError(f"a quote in {value!r} is not closed")
    return (*found, "".join(current)) if current is not None else tuple(found)


def _escape(value: str, position: int) -> tuple[str, int]:
    """The character that stands behind a backslash, and where the text goes on."""
    kind = value[position : position + 1]
    if kind in NUMBERED:
        digits, base = NUMBERED[kind]
        return chr(int(value[position + 1 : position + 1 + digits], base)), position + 1 + digits
    if re.match(r"[0-7]{3}", value[position : position + 3]):
        return chr(int(value[position : position + 3], 8)), position + 3
    if not kind:
        raise ValueError(f"{value!r} ends in a backslash")
    return ESCAPES.get(kind, kind), position + 1


def plain(text: str) -> str:
    """A text whose specifiers and variables stand for themselves: `%%` is `%`, `$$` is `$`."""
    return text.replace("%%", "%").replace("$$", "$")
