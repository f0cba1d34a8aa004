"""The system user of a service, with its own group, home and subordinate ids.

In: a name and numbers from the ledger. Out: useradd(8) and lines of subuid(5) and subgid(5), and the user read back.
Never removes a home: what a service kept stays until it is purged.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from warren.desired.account import home
from warren.desired.model import Item, Rank, differing_fields
from warren.desired.steps import Sh, Step

# Whose sessions pam_usernet leads into the namespace of their name (libpam-net).
NETWORKED = "usernet"
SUBID_FILES = ("/etc/subuid", "/etc/subgid")


@dataclass(frozen=True, slots=True)
class User:
    """`subids` is the first of the subordinate ids and their number, for users and groups alike."""

    name: str
    uid: int
    subids: tuple[int, int]
    networked: bool = True

    @property
    def key(self) -> str:
        return f"user:{self.name}"

    @property
    def rank(self) -> Rank:
        return Rank.USER

    @property
    def inside(self) -> str | None:
        return None

    def describe(self) -> str:
        return f"uid {self.uid}, subordinate ids from {self.subids[0]}"

    def create(self) -> tuple[Step, ...]:
        """With its number, or not at all: somebody else's files would become the service's."""
        name, place = shlex.quote(self.name), shlex.quote(home(self.name))
        taken = shlex.quote(f"the user id {self.uid} is taken on this host")
        return (
            Sh(f"getent group {NETWORKED} >/dev/null || groupadd --system {NETWORKED}"),
            Sh(f"! getent passwd {self.uid} >/dev/null || {{ echo {taken} >&2; false; }}"),
            Sh(f"getent group {name} >/dev/null || groupadd --gid {self.uid} {name}"),
            Sh(f"mkdir -p {place} && chown {self.uid}:{self.uid} {place} && chmod 0700 {place}"),
            Sh(
                f"useradd --uid {self.uid} --gid {self.uid} --groups {NETWORKED} --home-dir {place} --no-create-home "
                f"--shell /bin/bash --comment warren --key SUB_UID_COUNT=0 --key SUB_GID_COUNT=0 {name}"
            ),
            *self._subids(),
        )

    def _subids(self) -> Iterator[Step]:
        line = f"{self.name}:{self.subids[0]}:{self.subids[1]}"
        for path in SUBID_FILES:
            yield Sh(f"sed -i '/^{self.name}:/d' {path} && echo {shlex.quote(line)} >> {path}")

    def change(self, old: Item) -> tuple[Step, ...]:
        """Groups and subordinate ids in place; a number never changes under a user who owns files."""
        if not isinstance(old, User) or old.uid != self.uid:
            return (Sh(f"echo {shlex.quote(f'the user {self.name} is there with another id')} >&2; false"),)
        group = () if old.networked else (Sh(f"usermod --append --groups {NETWORKED} {shlex.quote(self.name)}"),)
        return (*group, *(self._subids() if old.subids != self.subids else ()))

    def remove(self) -> tuple[Step, ...]:
        name = shlex.quote(self.name)
        lines = tuple(Sh(f"sed -i '/^{self.name}:/d' {path}") for path in SUBID_FILES)
        # Podman leaves a process that holds its namespace, and userdel(8) refuses a user who has any.
        ended = f"find /proc -maxdepth 1 -name '[0-9]*' -user {self.uid} -printf '%f\\n' | xargs -r kill -9"
        return (
            Sh(f"systemctl stop user-runtime-dir@{self.uid}.service 2>/dev/null || :; {ended} 2>/dev/null || :"),
            Sh(f"userdel --force {name}; ! getent group {name} >/dev/null || groupdel {name}"),
            *lines,
        )

    def differences(self, old: Item) -> tuple[str, ...]:
        return differing_fields(self, old, ("uid", "subids", "networked"))


def observed(sections: Mapping[str, str]) -> Iterator[User]:
    """The users of passwd(5) that have subordinate ids, whoever made them."""
    ranges = {name: (int(first), int(count)) for name, first, count in _fields(sections.get("subuid", ""), 3)}
    members = sections.get("usernet", "").strip().rpartition(":")[2].split(",")
    for each in _fields(sections.get("passwd", ""), 7):
        yield User(each[0], int(each[2]), ranges.get(each[0], (0, 0)), each[0] in members)


def _fields(text: str, number: int) -> Iterator[list[str]]:
    lines = (line.split(":") for line in text.splitlines())
    return (each for each in lines if len(each) == number)
