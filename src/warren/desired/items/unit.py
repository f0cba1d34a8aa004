"""A unit of the system manager: on at boot, running, with the files that it was started from.

In: a name and a digest of the unit's files, which are items of their own. Out: systemctl(1) and the unit read back.
Never a unit of a user's manager: that is `Running`.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from warren.desired.account import keep_stamp, stamp
from warren.desired.model import Item, Rank, differing_fields
from warren.desired.steps import Ctl, Sh, Step

FOLDER = "/etc/systemd/system"


@dataclass(frozen=True, slots=True)
class Unit:
    """`digest` is that of the files; `wanted` whether it starts at boot."""

    name: str
    digest: str
    wanted: bool = True
    active: bool = True
    restart: bool = field(default=True, compare=False)

    @property
    def key(self) -> str:
        return f"unit:{self.name}"

    @property
    def rank(self) -> Rank:
        return Rank.UNIT

    @property
    def inside(self) -> str | None:
        return None

    def describe(self) -> str:
        return "on at boot, running" if self.wanted else "running"

    def create(self) -> tuple[Step, ...]:
        name = shlex.quote(self.name)
        enable = f"systemctl -q enable {name} && " if self.wanted else ""
        # One that is made of kernel state is brought up to date by other items: starting it anew would do it twice.
        how = "restart" if self.restart else "start"
        return (
            Ctl(f"{enable}systemctl {how} {name}"),
            Sh(keep_stamp(f"system/{self.name}", self.digest)),
        )

    def change(self, old: Item) -> tuple[Step, ...]:
        return self.create()

    def remove(self) -> tuple[Step, ...]:
        name = shlex.quote(self.name)
        return (
            Sh(f"systemctl -q disable {name} 2>/dev/null || :; systemctl stop {name} 2>/dev/null || :"),
            Sh(f"rm -f {shlex.quote(stamp(f'system/{self.name}'))}"),
        )

    def differences(self, old: Item) -> tuple[str, ...]:
        files = ("its files changed",) if isinstance(old, Unit) and old.digest != self.digest else ()
        return (*files, *differing_fields(self, old, ("wanted", "active")))


def observed(sections: Mapping[str, str]) -> Iterator[Unit]:
    """The units that `systemctl show` was asked for and knows."""
    stamps = stamps_of(sections)
    for block in sections.get("units", "").split("\n\n"):
        shown = dict(line.partition("=")[::2] for line in block.splitlines())
        name = shown.get("Id", "")
        if name and shown.get("LoadState") == "loaded" and not name.startswith("user@"):
            wanted = shown.get("UnitFileState") == "enabled"
            active = shown.get("ActiveState") in ("active", "activating", "reloading")
            yield Unit(name, stamps.get(f"system/{name}", ""), wanted, active)


def stamps_of(sections: Mapping[str, str]) -> dict[str, str]:
    """With which digest everything was started, by the stamp's name."""
    pairs = (line.rpartition(":")[::2] for line in sections.get("started", "").splitlines())
    return dict(pairs)
