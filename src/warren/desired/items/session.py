"""The user manager of a service, running inside the service's namespace from boot on.

In: a user and a namespace. Out: linger (loginctl(1)) and user@UID.service, whose drop-in is a file item, and whether
that runs in the namespace that bears the name now. Never a login.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from warren.desired.account import keep_stamp, stamp
from warren.desired.items.unit import stamps_of
from warren.desired.model import Item, Rank
from warren.desired.steps import Ctl, Sh, Step

LINGER = "/var/lib/systemd/linger"


@dataclass(frozen=True, slots=True)
class Session:
    """`digest` is that of the drop-in; `joined` whether the manager is in the namespace `netns` as it is now."""

    user: str
    uid: int
    netns: str
    digest: str
    lingers: bool = True
    joined: bool = True

    @property
    def key(self) -> str:
        return f"session:{self.user}/{self.uid}"

    @property
    def rank(self) -> Rank:
        return Rank.SESSION

    @property
    def inside(self) -> str | None:
        return None

    def describe(self) -> str:
        return "in its namespace, from boot on"

    def create(self) -> tuple[Step, ...]:
        """Restarting the manager starts every unit that is wanted in it."""
        return (
            Sh(f"mkdir -p {LINGER} && : > {LINGER}/{self.user}"),
            Ctl(f"systemctl restart user@{self.uid}.service"),
            Sh(keep_stamp(f"session/{self.uid}", self.digest)),
        )

    def change(self, old: Item) -> tuple[Step, ...]:
        return self.create()

    def remove(self) -> tuple[Step, ...]:
        return (
            Sh(f"rm -f {LINGER}/{self.user}; systemctl stop user@{self.uid}.service user-{self.uid}.slice || :"),
            Sh(f"rm -rf {stamp(f'session/{self.uid}')} {stamp(f'user/{self.uid}')}"),
        )

    def differences(self, old: Item) -> tuple[str, ...]:
        if not isinstance(old, Session):
            return ("another kind of thing",)
        told = (
            (old.digest != self.digest, "its settings changed"),
            (old.lingers != self.lingers, "does not start at boot"),
            (old.joined != self.joined, "is not in its namespace"),
        )
        return tuple(words for differs, words in told if differs)


def observed(sections: Mapping[str, str], names: Mapping[int, str]) -> Iterator[Session]:
    """The managers that linger or run; `names` maps uids to users, and a namespace is called like its user."""
    inodes = dict(line.split(" ", 1)[::-1] for line in sections.get("inodes", "").splitlines() if " " in line)
    stamps, lingering = stamps_of(sections), set(sections.get("linger", "").split())
    mains = _mains(sections)
    for uid, name in names.items():
        pid = mains.get(uid)
        if pid or name in lingering:
            own, now = inodes.get(f"/proc/{pid}/ns/net"), inodes.get(f"/run/netns/{name}")
            joined = bool(pid and own and own == now)
            yield Session(name, uid, name, stamps.get(f"session/{uid}", ""), name in lingering, joined)


def _mains(sections: Mapping[str, str]) -> dict[int, str]:
    found: dict[int, str] = {}
    for line in sections.get("managers", "").splitlines():
        uid, _, pid = line.partition(" ")
        if uid.isdigit() and pid.isdigit() and pid != "0":
            found[int(uid)] = pid
    return found
