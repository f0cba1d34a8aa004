"""Which image a name means on a host: the digest of what its store holds.

In: names of images by host and user. Out: digests, or a sentence why there is none. Never changes what runs: a pull
that was asked for brings an image into the store, outside the service's namespace.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from warren.desired.account import as_user
from warren.hosts.base import Host, Unreachable

MARK = "%%warren "
FORMAT = "{{.Digest}}{{range .RepoDigests}} {{.}}{{end}}"
# An image comes over slow lines.
TIME_LIMIT = 1800.0
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Asked:
    """A name, whole, in the store of a service's user."""

    user: str
    uid: int
    reference: str


@dataclass(frozen=True, slots=True)
class Told:
    """The digest of what a name means; where there is none, `trouble` is what the host said."""

    digest: str | None = None
    trouble: str = ""


def digests(
    hosts: Mapping[str, Host], asked: Mapping[str, Sequence[Asked]], pull: bool = False
) -> dict[str, tuple[Told, ...]]:
    """All hosts at once, each in the order of what it was asked; with `pull` each registry is asked first."""
    with ThreadPoolExecutor(max_workers=max(1, len(asked))) as pool:
        found = pool.map(lambda name: _ask(hosts[name], asked[name], pull), asked)
        return dict(zip(asked, found, strict=True))


def _ask(host: Host, asked: Sequence[Asked], pull: bool) -> tuple[Told, ...]:
    try:
        said = host.run(script(asked, pull), timeout=TIME_LIMIT).stdout.decode(errors="replace")
    except Unreachable as gone:
        return tuple(Told(trouble=str(gone)) for _ in asked)
    answers = [part.partition("\n")[2] for part in said.split(MARK)[1:]]
    answers += [""] * (len(asked) - len(answers))
    return tuple(told(each.reference, answer) for each, answer in zip(asked, answers, strict=False))


def script(asked: Sequence[Asked], pull: bool) -> str:
    """One shell that prints a section for each name."""
    return "export LC_ALL=C\n" + "".join(f"{line}\n" for each in asked for line in _lines(each, pull))


def _lines(asked: Asked, pull: bool) -> Iterator[str]:
    name = shlex.quote(asked.reference)
    inspect = as_user(asked.user, asked.uid, f"podman image inspect --format {shlex.quote(FORMAT)} {name}")
    fetch = as_user(asked.user, asked.uid, f"podman --log-level=error pull --quiet {name}")
    first = f"{fetch} 2>&1 >/dev/null && " if pull else ""
    yield f"echo '{MARK}'; {{ {first}{inspect}; }} 2>&1 || :"


def told(reference: str, answer: str) -> Told:
    """What a host has printed: the digest of the image, then all that its names have."""
    words = answer.split()
    if not words or not DIGEST.fullmatch(words[0]):
        last = answer.strip().splitlines()
        return Told(trouble=last[-1] if last else "it has no such image")
    own, name = words[0], repository(reference)
    named = [digest for at, _, digest in (word.partition("@") for word in words[1:]) if at == name]
    # An image of a list has two, and that of the list is true on every kind of machine.
    lists = [digest for digest in named if digest != own and DIGEST.fullmatch(digest)]
    if lists:
        return Told(lists[0])
    return Told(own) if own in named else Told(trouble="it was made there, and has no digest of a registry")


def repository(reference: str) -> str:
    """A name without its tag and digest."""
    return re.sub(r":[^:/]+$", "", reference.partition("@")[0])
