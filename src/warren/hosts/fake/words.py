"""Text as tokens, for the little languages that the host in memory reads.

In: one line or block. Out: a cursor over its words. Never guesses: what is not expected raises `Refusal`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TypeAlias

Json: TypeAlias = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

TOKEN = re.compile(r'"[^"]*"|[{};,()]|[^\s{};,()"]+')


class Refusal(Exception):
    """A command that fails, in the words of the tool that refuses it."""


@dataclass(slots=True)
class Words:
    """The words of a text, read from left to right."""

    listed: list[str]
    at: int = field(default=0)

    @classmethod
    def of(cls, text: str) -> Words:
        """The tokens of a text; a quoted string is one, quotes included."""
        return cls(TOKEN.findall(text))

    @property
    def next(self) -> str:
        """The next word without taking it; empty at the end."""
        return self.listed[self.at] if self.at < len(self.listed) else ""

    def take(self) -> str:
        """The next word."""
        if not self.next:
            raise Refusal(f"syntax error, unexpected end of: {' '.join(self.listed)}")
        self.at += 1
        return self.listed[self.at - 1]

    def expect(self, *words: str) -> None:
        """Takes exactly these words."""
        for word in words:
            if (found := self.take()) != word:
                raise Refusal(f"syntax error, unexpected {found}, expecting {word}: {' '.join(self.listed)}")

    def accept(self, word: str) -> bool:
        """Takes the word if it is the next one."""
        if self.next != word:
            return False
        self.at += 1
        return True

    def quoted(self) -> str:
        """The next word without its quotes."""
        return self.take().strip('"')

    def listing(self, end: str = "}") -> list[list[str]]:
        """What stands between here and `end`, cut at the commas."""
        parts: list[list[str]] = [[]]
        while (word := self.take()) != end:
            if word == ",":
                parts.append([])
            else:
                parts[-1].append(word)
        return [part for part in parts if part]
