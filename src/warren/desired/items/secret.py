"""A secret in the store of a service's user.

In: a name, where the operator keeps the value, and a keyed digest of it. Out: `podman secret create` from standard
input, and the digest that was kept beside it. Never the value: it is unpacked by the carrier's script, for the length
of a change, into files that root alone reads.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from warren.desired.account import as_user, home
from warren.desired.model import Item, Rank
from warren.desired.steps import Feed, Sh, Step

DIGESTS = "/var/lib/warren/secrets"


@dataclass(frozen=True, slots=True)
class Secret:
    """`reference` says where the operator keeps it (`file:db.txt`); it is not part of the state."""

    user: str
    uid: int
    name: str
    digest: str = field(repr=False)
    reference: str = field(default="", compare=False)

    @property
    def key(self) -> str:
        return f"secret:{self.user}/{self.uid}/{self.name}"

    @property
    def rank(self) -> Rank:
        return Rank.SECRET

    @property
    def inside(self) -> str | None:
        return None

    def describe(self) -> str:
        return f"of {self.user}"

    def create(self) -> tuple[Step, ...]:
        name = shlex.quote(self.name)
        line = as_user(self.user, self.uid, f"podman secret create --replace {name} -")
        kept, digest = shlex.quote(f"{DIGESTS}/{self.uid}/{self.name}"), shlex.quote(self.digest)
        folder = f"{DIGESTS}/{self.uid}"
        return (
            Feed(value_name(self.uid, self.name), f"{line} >/dev/null"),
            Sh(f"(umask 077; mkdir -p {folder} && echo {digest} > {kept})"),
        )

    def change(self, old: Item) -> tuple[Step, ...]:
        return self.create()

    def remove(self) -> tuple[Step, ...]:
        line = as_user(self.user, self.uid, f"podman secret rm {shlex.quote(self.name)}")
        kept = shlex.quote(f"{DIGESTS}/{self.uid}/{self.name}")
        return (
            Sh(f"{line} >/dev/null 2>&1 || :; rm -f {kept}; rmdir {DIGESTS}/{self.uid} {DIGESTS} 2>/dev/null || :"),
        )

    def differences(self, old: Item) -> tuple[str, ...]:
        return ("value changed",)


def value_name(uid: int, name: str) -> str:
    """The name of the file that holds the value while a change runs."""
    return f"{uid}.{name}"


def store(user: str) -> str:
    """Where Podman lists the names of a user's secrets."""
    return f"{home(user)}/.local/share/containers/storage/secrets/secrets.json"


def observed(sections: Mapping[str, str], names: Mapping[int, str]) -> Iterator[Secret]:
    """The secrets whose digests were kept; `names` maps uids to users."""
    for line in sections.get("secrets", "").splitlines():
        path, _, digest = line.rpartition(":")
        uid, _, name = path.removeprefix(f"{DIGESTS}/").partition("/")
        if uid.isdigit() and int(uid) in names:
            yield Secret(names[int(uid)], int(uid), name, digest)
