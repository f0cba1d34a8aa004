"""A secret of a service: in its user's store of Podman, or a file for a program without a container.

In: a name, where the operator keeps the value, and a keyed digest of it. Out: the commands that take the value from
standard input, and the digest that was kept beside it. Never the value: it is unpacked by the carrier's script, for the
length of a change, into files that root alone reads.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from warren.desired.account import as_user, home
from warren.desired.model import Item, Rank
from warren.desired.steps import Feed, Sh, Step

DIGESTS = "/var/lib/warren/secrets"
# Root's, a folder a user, each file for root and that user alone. Not in /etc, which people copy and put into git.
FILES = "/var/lib/warren/credentials"
FOLDER_MODE, MODE = 0o750, 0o440
# The end of the name of the file that holds the digest of a file; no secret's name has such a sign.
OF_FILE = "%file"


@dataclass(frozen=True, slots=True)
class Secret:
    """`reference` says where the operator keeps it (`file:db.txt`); it is not part of the state."""

    user: str
    uid: int
    name: str
    digest: str = field(repr=False)
    reference: str = field(default="", compare=False)
    as_file: bool = False

    @property
    def key(self) -> str:
        return f"secret:{self.user}/{self.uid}/{self.name}"

    @property
    def rank(self) -> Rank:
        # A file is there before the manager of its user, which starts what reads it.
        return Rank.FILE if self.as_file else Rank.SECRET

    @property
    def inside(self) -> str | None:
        return None

    @property
    def remembered(self) -> str:
        """The file that holds the digest; a name that ends so is no other secret's, and says what kind it is."""
        return f"{DIGESTS}/{self.uid}/{self.name}{OF_FILE if self.as_file else ''}"

    def describe(self) -> str:
        return f"of {self.user}"

    def create(self) -> tuple[Step, ...]:
        kept, digest = shlex.quote(self.remembered), shlex.quote(self.digest)
        return (
            Feed(value_name(self.uid, self.name), self._keep()),
            Sh(f"(umask 077; mkdir -p {DIGESTS}/{self.uid} && echo {digest} > {kept})"),
        )

    def _keep(self) -> str:
        """What takes the value from standard input."""
        if not self.as_file:
            line = f"podman secret create --replace {shlex.quote(self.name)} -"
            return f"{as_user(self.user, self.uid, line)} >/dev/null"
        path, user = file_of(self.user, self.name), shlex.quote(self.user)
        folder, file, new = (shlex.quote(each) for each in (path.rpartition("/")[0], path, f"{path}.warren-new"))
        make = f"umask 077; mkdir -p -m 0711 {FILES} && mkdir -p {folder}"
        make += f" && chgrp {user} {folder} && chmod {FOLDER_MODE:04o} {folder}"
        return f"({make} && cat > {new} && chgrp {user} {new} && chmod {MODE:04o} {new} && mv -f {new} {file})"

    def change(self, old: Item) -> tuple[Step, ...]:
        stale = old.remove() if isinstance(old, Secret) and old.as_file != self.as_file else ()
        return (*stale, *self.create())

    def remove(self) -> tuple[Step, ...]:
        kept = shlex.quote(self.remembered)
        forget = f"rm -f {kept}; rmdir {DIGESTS}/{self.uid} {DIGESTS} 2>/dev/null || :"
        if not self.as_file:
            line = as_user(self.user, self.uid, f"podman secret rm {shlex.quote(self.name)}")
            return (Sh(f"{line} >/dev/null 2>&1 || :; {forget}"),)
        path = shlex.quote(file_of(self.user, self.name))
        return (Sh(f"rm -f {path}; rmdir {FILES}/{shlex.quote(self.user)} {FILES} 2>/dev/null || :; {forget}"),)

    def differences(self, old: Item) -> tuple[str, ...]:
        return ("value changed",)


def file_of(user: str, name: str) -> str:
    """Where a program without a container finds a secret of its service."""
    return f"{FILES}/{user}/{name}"


def value_name(uid: int, name: str) -> str:
    """The name of the file that holds the value while a change runs."""
    return f"{uid}.{name}"


def store(user: str) -> str:
    """Where Podman lists the names of a user's secrets."""
    return f"{home(user)}/.local/share/containers/storage/secrets/secrets.json"


def observed(sections: Mapping[str, str], names: Mapping[int, str]) -> Iterator[Secret]:
    """The secrets whose digests were kept; `names` maps uids to users. A file that is not as it was made is none."""
    files = set(sections.get("credentials", "").splitlines())
    for line in sections.get("secrets", "").splitlines():
        path, _, digest = line.rpartition(":")
        uid, _, name = path.removeprefix(f"{DIGESTS}/").partition("/")
        if not uid.isdigit() or int(uid) not in names:
            continue
        user, as_file = names[int(uid)], name.endswith(OF_FILE)
        found = Secret(user, int(uid), name.removesuffix(OF_FILE), digest, as_file=as_file)
        if not as_file or f"{MODE:o} root {user} {file_of(user, found.name)}" in files:
            yield found
