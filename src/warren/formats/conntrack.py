"""What the kernel's table of connections says: /proc/net/nf_conntrack, or `conntrack -L -o extended`.

In: its lines. Out: connections with both directions, marks and whether they were answered. Never changes one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv6Address

PAIR = re.compile(r"\b(src|dst|sport|dport|mark)=(\S+)")
UNANSWERED = "[UNREPLIED]"


@dataclass(frozen=True, slots=True)
class Ends:
    """One direction."""

    source: str
    target: str
    sport: int
    dport: int


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection: the question as it came, and the answer as it is expected."""

    protocol: str
    question: Ends
    answer: Ends
    mark: int
    answered: bool

    @property
    def is_translated(self) -> bool:
        """Whether the target was rewritten."""
        return self.question.target != self.answer.source or self.question.dport != self.answer.sport


def connections(text: str) -> Iterator[Connection]:
    """TCP and UDP connections."""
    for line in text.splitlines():
        words = line.split()
        pairs = PAIR.findall(line)
        held = [[value for name, value in pairs if name == wanted] for wanted in ("src", "dst", "sport", "dport")]
        if len(words) < 4 or words[2] not in ("tcp", "udp") or any(len(values) != 2 for values in held):
            continue
        question, answer = (_ends([values[at] for values in held]) for at in (0, 1))
        mark = next((int(value) for name, value in pairs if name == "mark"), 0)
        yield Connection(words[2], question, answer, mark, UNANSWERED not in line)


def _ends(values: list[str]) -> Ends:
    source, target, sport, dport = values
    return Ends(_short(source), _short(target), int(sport), int(dport))


def _short(address: str) -> str:
    """/proc writes IPv6 addresses in full."""
    if ":" not in address:
        return address
    return str(IPv6Address(address))
