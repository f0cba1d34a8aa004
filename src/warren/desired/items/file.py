"""A whole file on a host.

In: path, content, mode. Out: commands that write it beside and rename it over, and the file read back. Never a secret:
those travel by standard input.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from warren.desired.model import Item, Rank
from warren.desired.steps import Sh, Step, Write


@dataclass(frozen=True, slots=True)
class File:
    """`content` ends with a line feed; `mode` is the permission bits."""

    path: str
    content: str
    mode: int = 0o644

    @property
    def key(self) -> str:
        return f"file:{self.path}"

    @property
    def rank(self) -> Rank:
        return Rank.FILE

    @property
    def inside(self) -> str | None:
        return None

    def describe(self) -> str:
        lines = self.content.count("\n")
        return f"{lines} line{'s' if lines != 1 else ''}"

    def create(self) -> tuple[Step, ...]:
        return (Write(self.path, self.content, self.mode),)

    def change(self, old: Item) -> tuple[Step, ...]:
        return self.create()

    def remove(self) -> tuple[Step, ...]:
        path, folder = shlex.quote(self.path), shlex.quote(self.path.rsplit("/", 1)[0])
        return (Sh(f"rm -f {path}; rmdir {folder} 2>/dev/null || :"),)

    def differences(self, old: Item) -> tuple[str, ...]:
        if not isinstance(old, File):
            return ("another kind of thing",)
        mode = () if old.mode == self.mode else (f"mode {old.mode:o} -> {self.mode:o}",)
        return (*mode, "content") if old.content != self.content else mode
