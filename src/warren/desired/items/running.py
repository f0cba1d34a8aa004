"""A unit of a user's manager that runs what its files say: a container, or a plain program of a service.

In: a user, a unit and a digest of all that it is made from. Out: systemctl(1) for that manager, and the unit read back
by its control group. Never restarts what did not change.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from warren.desired.account import as_user, stamp
from warren.desired.items.unit import stamps_of
from warren.desired.model import Item, Rank
from warren.desired.steps import Sh, Start, Step

# The end of the digest of a unit that runs once and ends.
ONCE = "-once"


@dataclass(frozen=True, slots=True)
class Running:
    """`digest` is that of the files, the image and the secrets of the unit."""

    user: str
    uid: int
    unit: str
    digest: str
    active: bool = True

    @property
    def key(self) -> str:
        return f"running:{self.user}/{self.uid}/{self.unit}"

    @property
    def rank(self) -> Rank:
        return Rank.RUNNING

    @property
    def inside(self) -> str | None:
        return None

    def describe(self) -> str:
        return f"of {self.user}"

    def create(self) -> tuple[Step, ...]:
        return (Start(self.user, self.uid, self.unit, self.digest),)

    def change(self, old: Item) -> tuple[Step, ...]:
        return self.create()

    def remove(self) -> tuple[Step, ...]:
        stop = as_user(self.user, self.uid, f"systemctl --user stop {shlex.quote(self.unit)}")
        return (Sh(f"{stop} 2>/dev/null || :; rm -f {shlex.quote(stamp(f'user/{self.uid}/{self.unit}'))}"),)

    def differences(self, old: Item) -> tuple[str, ...]:
        if not isinstance(old, Running):
            return ("another kind of thing",)
        changed = ("restarts, because its image, files or secrets changed",) if old.digest != self.digest else ()
        return changed if old.active == self.active else ("is not running", *changed)


def observed(sections: Mapping[str, str], names: Mapping[int, str]) -> Iterator[Running]:
    """The units that were started, and those that have a control group; `names` maps uids to users."""
    groups = set(_groups(sections.get("groups", "")))
    for name, digest in stamps_of(sections).items():
        kind, _, rest = name.partition("/")
        uid, _, unit = rest.partition("/")
        if kind == "user" and uid.isdigit() and int(uid) in names:
            # What has ended well may have no group any more, and is not missed.
            yield Running(names[int(uid)], int(uid), unit, digest, (int(uid), unit) in groups or digest.endswith(ONCE))


def _groups(text: str) -> Iterator[tuple[int, str]]:
    for line in text.splitlines():
        if found := re.search(r"user@(\d+)\.service/.*?([^/]+\.service)$", line):
            yield int(found[1]), found[2]
