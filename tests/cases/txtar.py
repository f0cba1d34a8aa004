"""The format of the golden cases: several texts in one file, as Go's txtar.

In: a text of a comment and `-- NAME --` sections. Out: the same as a value, and back. Never touches a file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

MARKER = re.compile(r"^-- (\S(?:.*\S)?) --[ \t]*$")


@dataclass(frozen=True, slots=True)
class Archive:
    """A comment, and texts by name in their order; each text is empty or ends with a newline."""

    comment: str
    sections: Mapping[str, str]

    def with_section(self, name: str, text: str) -> Archive:
        """The same archive with one text replaced, or added at the end."""
        return replace(self, sections={**self.sections, name: text})


def parse(text: str) -> Archive:
    """Read an archive; two sections of one name are a mistake of the author."""
    comment, name = "", None
    sections: dict[str, str] = {}
    for line in ended(text).splitlines(keepends=True):
        if found := MARKER.match(line.rstrip("\n")):
            name = found[1]
            if name in sections:
                raise ValueError(f"two sections are called {name!r}")
            sections[name] = ""
        elif name is None:
            comment += line
        else:
            sections[name] += line
    return Archive(comment, sections)


def write(archive: Archive) -> str:
    """The text of an archive; refuses texts that would read as something else."""
    parts = [checked(archive.comment)]
    for name, text in archive.sections.items():
        parts += [f"-- {name} --\n", checked(text)]
    return "".join(parts)


def checked(text: str) -> str:
    """The text with its last newline, unless a line of it looks like the start of a section."""
    for line in text.splitlines():
        if MARKER.match(line):
            raise ValueError(f"a line looks like the start of a section: {line!r}")
    return ended(text)


def ended(text: str) -> str:
    """The text, empty or with a newline at its end."""
    return text if not text or text.endswith("\n") else text + "\n"
