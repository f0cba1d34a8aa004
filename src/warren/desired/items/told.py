"""A program of the network that was told of its files: it runs on, and has read them.

In: a user, a unit of its manager and a digest of the files. Out: `systemctl --user reload`, and the digest read back.
Never starts anything: that is `Running`. What a program refuses fails the change, and it goes on as before.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from warren.desired.account import as_user, keep_stamp, stamp
from warren.desired.items.unit import stamps_of
from warren.desired.model import Item, Rank
from warren.desired.steps import Sh, Step

FILES = "files"


@dataclass(frozen=True, slots=True)
class Told:
    """`digest` is that of the files that the program was told of last."""

    user: str
    uid: int
    unit: str
    digest: str

    @property
    def key(self) -> str:
        return f"told:{self.user}/{self.uid}/{self.unit}"

    @property
    def rank(self) -> Rank:
        return Rank.TOLD

    @property
    def inside(self) -> str | None:
        return None

    def describe(self) -> str:
        return f"{self.unit} reads its files"

    def create(self) -> tuple[Step, ...]:
        """Nothing but the note: it was started after its files were written, now or at boot."""
        return (Sh(keep_stamp(self._stamp, self.digest)),)

    def change(self, old: Item) -> tuple[Step, ...]:
        tell = as_user(self.user, self.uid, f"systemctl --user reload {shlex.quote(self.unit)}")
        return (Sh(f"{tell} && {keep_stamp(self._stamp, self.digest)}"),)

    def remove(self) -> tuple[Step, ...]:
        return (Sh(f"rm -f {shlex.quote(stamp(self._stamp))}"),)

    def differences(self, old: Item) -> tuple[str, ...]:
        if not isinstance(old, Told):
            return ("another kind of thing",)
        return ("its files changed",) if self.digest != old.digest else ()

    @property
    def _stamp(self) -> str:
        return f"{FILES}/{self.uid}/{self.unit}"


def observed(sections: Mapping[str, str], names: Mapping[int, str]) -> Iterator[Told]:
    """Everything that was told of its files; `names` maps uids to users."""
    for name, digest in stamps_of(sections).items():
        kind, _, rest = name.partition("/")
        uid, _, unit = rest.partition("/")
        if kind == FILES and uid.isdigit() and int(uid) in names:
            yield Told(names[int(uid)], int(uid), unit, digest)
