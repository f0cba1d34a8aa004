"""A whole file on a host.

In: path, content, mode. Out: commands that write it beside and rename it over, and the file read back. Never a secret:
those travel by standard input.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from warren.desired.model import Item, Rank, differing_fields
from warren.desired.steps import Remove, Step, Write

# Where root keeps the Quadlet units of users, a folder a uid (podman-systemd.unit(5)).
QUADLETS = "/etc/containers/systemd/users/"


@dataclass(frozen=True, slots=True)
class File:
    """`content` ends with a line feed; `mode` is the permission bits, `group` who may read besides root.

    A file that others hold by a bind mount is written `in_place`: a rename would leave them the old one.
    """

    path: str
    content: str
    mode: int = 0o644
    group: str = "root"
    in_place: bool = field(default=False, compare=False)

    @property
    def key(self) -> str:
        return f"file:{self.path}"

    @property
    def rank(self) -> Rank:
        # The units of a user are written once the user, the images and the secrets are there.
        return Rank.WORKLOAD if self.path.startswith(QUADLETS) else Rank.FILE

    @property
    def inside(self) -> str | None:
        return None

    def describe(self) -> str:
        lines = self.content.count("\n")
        return f"{lines} line{'s' if lines != 1 else ''}"

    def create(self) -> tuple[Step, ...]:
        return (Write(self.path, self.content, self.mode, self.group, self.in_place),)

    def change(self, old: Item) -> tuple[Step, ...]:
        return self.create()

    def remove(self) -> tuple[Step, ...]:
        return (Remove(self.path),)

    def differences(self, old: Item) -> tuple[str, ...]:
        if not isinstance(old, File):
            return ("another kind of thing",)
        mode = () if old.mode == self.mode else (f"mode {old.mode:o} -> {self.mode:o}",)
        named = differing_fields(self, old, ("group",))
        return (*mode, *named, "content") if old.content != self.content else (*mode, *named)
