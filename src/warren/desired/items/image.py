"""An image in the store of a service's user, pulled outside the service's namespace.

In: a reference as Podman takes it. Out: `podman pull` and what the store holds. Never pulls by the service's own way
out: that would use up its tunnel, or find none.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from warren.desired.account import as_user
from warren.desired.model import Item, Rank
from warren.desired.steps import Sh, Step

DOCKER = "docker.io/library/"


@dataclass(frozen=True, slots=True)
class Image:
    """`reference` is a name with its tag or digest."""

    user: str
    uid: int
    reference: str

    @property
    def key(self) -> str:
        return f"image:{self.user}/{self.uid}/{self.reference}"

    @property
    def rank(self) -> Rank:
        return Rank.IMAGE

    @property
    def inside(self) -> str | None:
        return None

    def describe(self) -> str:
        return f"for {self.user}"

    def create(self) -> tuple[Step, ...]:
        reference = shlex.quote(self.reference)
        pull = as_user(self.user, self.uid, f"podman --log-level=error pull --quiet {reference}")
        held = as_user(self.user, self.uid, f"podman --log-level=error image exists {reference}")
        # Podman lists a digest among the names of an image that it holds only once that was asked for.
        order = (f"{pull} >/dev/null", held) if "@" in self.reference else (held, f"{pull} >/dev/null")
        return (Sh(self._ready()), Sh(" || ".join(order)))

    def _ready(self) -> str:
        # Podman remembers where its runtime folder was when a store was first used, so it must be there already.
        return f"[ -d /run/user/{self.uid} ] || systemctl start user-runtime-dir@{self.uid}.service"

    def change(self, old: Item) -> tuple[Step, ...]:
        return ()

    def remove(self) -> tuple[Step, ...]:
        # Another container of the service may still use it; then it stays, and costs space alone.
        return (
            Sh(f"{as_user(self.user, self.uid, f'podman rmi {shlex.quote(self.reference)}')} >/dev/null 2>&1 || :"),
        )

    def differences(self, old: Item) -> tuple[str, ...]:
        return ()


def names_of(reference: str) -> tuple[str, ...]:
    """The names under which a store may hold a reference (containers-registries.conf(5), short names)."""
    full = reference
    if "@" in reference:
        name, _, digest = reference.partition("@")
        full = f"{re.sub(r':[^:/]+$', '', name)}@{digest}"
    elif ":" not in reference.rpartition("/")[2]:
        full = f"{reference}:latest"
    first = full.split("/")[0]
    if "/" in full and ("." in first or ":" in first or first == "localhost"):
        return (full,)
    return (full, f"localhost/{full}", f"{DOCKER}{full}" if "/" not in full else f"docker.io/{full}")


def observed(sections: Mapping[str, str], wanted: Mapping[str, tuple[str, int, str]]) -> Iterator[Image]:
    """Of the `wanted` images, by key as (user, uid, reference), those that their stores hold."""
    held = set(_held(sections.get("images", "")))
    for user, uid, reference in wanted.values():
        if any((user, name) in held for name in names_of(reference)):
            yield Image(user, uid, reference)


def _held(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        path, _, names = line.partition(":")
        user = path.split("/")[5] if path.count("/") > 5 else ""
        yield from ((user, name) for name in re.findall(r'"([^"]+)"', names.partition("[")[2]))
