"""The verbs of `hosts/remote.sh`, told to one host.

In: a host, a verb, its words. Out: what the host answered, or why it refuses. Never a change of its own: every verb
may be told again, so that an answer that was lost is asked for over a new connection.
"""

from __future__ import annotations

import io
import shlex
import tarfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from importlib import resources
from typing import Protocol, runtime_checkable

from warren.hosts.base import Host, Unreachable

REMOTE = resources.files("warren.hosts").joinpath("remote.sh").read_text(encoding="utf-8")
TIME_LIMIT = 60.0
# A gateway lets in a few connections a minute: who asks too often shuts its own door.
PAUSE = 3.0


class Code(IntEnum):
    """Why a host refuses; the exit codes of `remote.sh`."""

    LOCKED = 10
    OTHER_STATE = 11
    NO_ROOM = 12
    UNFIT = 13
    WAITING = 14
    WENT_BACK = 15


class Stopped(Exception):
    """A host refused, or went away; `code` is None where it is none of `Code`."""

    def __init__(self, host: str, reason: str, code: int | None = None) -> None:
        self.host, self.reason, self.code = host, reason, code
        super().__init__(f"{host}: {reason}")


@runtime_checkable
class Renewable(Protocol):
    """A host behind a connection; another one can be opened, and either can be closed."""

    def fresh(self) -> Host: ...

    def close(self) -> None: ...


@dataclass(slots=True)
class Line:
    """One host, and the connections that were opened to it on the way."""

    host: Host
    opened: list[Host] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The host's name."""
        return self.host.name

    @property
    def latest(self) -> Host:
        """The host over the newest connection."""
        return self.opened[-1] if self.opened else self.host

    def renew(self) -> Host:
        """The host over a connection of its own from now on: that it answers there proves that the way is open."""
        if isinstance(self.host, Renewable):
            self.opened.append(self.host.fresh())
        return self.latest

    def close(self) -> None:
        """Ends the connections that were opened on the way."""
        for each in self.opened:
            if isinstance(each, Renewable):
                each.close()
        self.opened.clear()

    def tell(self, verb: str, *words: object, more: str = "", stdin: bytes = b"", timeout: float = TIME_LIMIT) -> str:
        """One verb, one round trip; `more` is run after it. Raises `Stopped` and `Unreachable`."""
        return tell(self.latest, verb, *words, more=more, stdin=stdin, timeout=timeout)

    def tell_again(self, verb: str, *words: object, until: float, timeout: float = TIME_LIMIT) -> str:
        """The same; a lost answer is asked for over new connections until that time (`time.monotonic`)."""
        return persistently(lambda: self.tell(verb, *words, timeout=timeout), self.renew, until)


def tell(host: Host, verb: str, *words: object, more: str = "", stdin: bytes = b"", timeout: float = TIME_LIMIT) -> str:
    """What the host says to one verb. Raises `Stopped` where it refuses, and `Unreachable`."""
    result = host.run(f"{REMOTE}{spoken(verb, *words)} || exit\n{more}", stdin, timeout)
    if result.code:
        said = result.stderr.decode(errors="replace").strip()
        raise Stopped(host.name, said or f"`{verb}` ended with exit code {result.code}", result.code)
    return result.stdout.decode(errors="replace")


def spoken(verb: str, *words: object) -> str:
    """A verb with its words, as a line of shell."""
    return " ".join([verb, *(shlex.quote(str(word)) for word in words)])


def persistently(ask: Callable[[], str], renew: Callable[[], object], until: float) -> str:
    """Asks until there is an answer, good or bad, or the time is over. Raises as `ask` does."""
    while True:
        try:
            return ask()
        except Unreachable:
            if time.monotonic() >= until:
                raise
            time.sleep(PAUSE)
            renew()


def archive(files: Mapping[str, str | bytes]) -> bytes:
    """Files as a compressed tar, for root alone to read."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz", format=tarfile.GNU_FORMAT) as tar:
        for folder in sorted({part for name in files for part in _folders(name)}):
            entry = tarfile.TarInfo(folder)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o700
            tar.addfile(entry)
        for name, content in files.items():
            held = content.encode() if isinstance(content, str) else content
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(held), 0o600
            tar.addfile(entry, io.BytesIO(held))
    return made.getvalue()


def _folders(name: str) -> list[str]:
    parts = name.split("/")[:-1]
    return ["/".join(parts[: number + 1]) for number in range(len(parts))]


def pairs(answer: str) -> dict[str, str]:
    """Lines of `word rest`; what follows the first section of an observation is none."""
    lines = (line.partition(" ") for line in answer.splitlines() if not line.startswith("%%"))
    return {word: rest for word, _, rest in lines}
