"""Our own change scripts, cut into single commands.

In: a script as `desired.steps.script` renders it, or the one that makes a key. Out: commands as values, one a step.
Never a shell: a line that our own code does not write is refused.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from warren.desired.items.rules import FORGET
from warren.desired.items.sysctl import KEEP_ADVERTISED_ROUTES
from warren.desired.items.tunnel import MAKE_KEY
from warren.desired.steps import END
from warren.hosts.fake.words import Refusal

SILENT = re.compile(r"set -eu|umask 022|at=\d+|trap '.*' EXIT|mkdir -p \S+")
IP = re.compile(rf"ip(?: -([46]))?(?: -n (\S+))? -batch - <<'{END}'")
CAT = re.compile(rf"\(umask 077; cat > (\S+)\.warren-new\) <<'{END}'")
MOVE = re.compile(r"chmod ([0-7]{4}) (\S+)\.warren-new && mv -f \2\.warren-new \2")
IN_PLACE = re.compile(
    r"\[ -e (\S+) \] \|\| : > \1; chmod ([0-7]{4}) \1 && cat \1\.warren-new > \1 && rm -f \1\.warren-new"
)
REMOVE = re.compile(r"rm -f (\S+); rmdir (\S+) 2>/dev/null \|\| :")
GONE = re.compile(r"ip (link del (\S+)) 2>/dev/null \|\| ! ip link show dev \2 >/dev/null 2>&1")
WIREGUARD = re.compile(
    r"\[ -e /sys/class/net/(\S+) \] \|\| ip link add name \1 group (\S+) type wireguard 2>/dev/null \|\| \{ .* \}"
)


@dataclass(frozen=True, slots=True)
class IpLine:
    """One line of `ip -batch`."""

    line: str
    netns: str | None
    family: int | None


@dataclass(frozen=True, slots=True)
class Transaction:
    """One `nft -f`."""

    text: str


@dataclass(frozen=True, slots=True)
class Setting:
    """One assignment of `sysctl -w`."""

    key: str
    value: str
    netns: str | None


@dataclass(frozen=True, slots=True)
class Put:
    """One file, whole; None takes it away."""

    path: str
    content: str | None
    mode: int = 0o644


@dataclass(frozen=True, slots=True)
class AddWireguard:
    """A new WireGuard device."""

    name: str
    group: str


@dataclass(frozen=True, slots=True)
class SetWireguard:
    """What follows `wg set`."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MakeKey:
    """The host's own private key, if it has none."""


@dataclass(frozen=True, slots=True)
class KeepAdvertisedRoutes:
    """`accept_ra` of the uplinks becomes 2 where it was 1."""


@dataclass(frozen=True, slots=True)
class Forget:
    """Connections are forgotten; a machine in memory has none."""


Command: TypeAlias = (
    Forget | IpLine | Transaction | Setting | Put | AddWireguard | SetWireguard | MakeKey | KeepAdvertisedRoutes
)


def commands(script: str) -> Iterator[Command]:
    """The commands of a script in their order."""
    lines = iter(script.splitlines())
    content = ""
    for line in lines:
        if SILENT.fullmatch(line):
            continue
        if CAT.fullmatch(line):
            content = "".join(f"{each}\n" for each in _document(lines))
        elif found := MOVE.fullmatch(line):
            yield Put(_unquoted(found[2]), content, int(found[1], 8))
        elif found := IN_PLACE.fullmatch(line):
            yield Put(_unquoted(found[1]), content, int(found[2], 8))
        else:
            yield from _commands(line, lines)


def _commands(line: str, lines: Iterator[str]) -> Iterator[Command]:
    if found := IP.fullmatch(line):
        family = int(found[1]) if found[1] else None
        yield from (IpLine(each, found[2] and _unquoted(found[2]), family) for each in _document(lines))
    elif line == f"nft -f - <<'{END}'":
        yield Transaction("".join(f"{each}\n" for each in _document(lines)))
    else:
        yield from _plain(line)


def _plain(line: str) -> Iterator[Command]:
    if line == MAKE_KEY:
        yield MakeKey()
    elif line == KEEP_ADVERTISED_ROUTES:
        yield KeepAdvertisedRoutes()
    elif line.startswith(f"{FORGET} "):
        yield Forget()
    elif found := REMOVE.fullmatch(line):
        yield Put(_unquoted(found[1]), None)
    elif found := GONE.fullmatch(line):
        yield IpLine(found[1], None, None)
    elif found := WIREGUARD.fullmatch(line):
        yield AddWireguard(found[1], found[2])
    else:
        yield from _words(shlex.split(line.partition(" 2>/dev/null || ")[0]))


def _words(words: list[str]) -> Iterator[Command]:
    netns = None
    if words[:3] == ["ip", "netns", "exec"]:
        netns, words = words[3], words[4:]
    if words[:3] == ["sysctl", "-q", "-w"]:
        for each in words[3:]:
            key, _, value = each.partition("=")
            yield Setting(key, value, netns)
    elif words[:2] == ["wg", "set"]:
        yield SetWireguard(tuple(words[2:]))
    else:
        raise Refusal(f"sh: {' '.join(words)[:80]}: not a command of ours")


def _document(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        if line == END:
            return
        yield line
    raise Refusal("sh: a here-document without its end")


def _unquoted(text: str) -> str:
    return shlex.split(text)[0]
