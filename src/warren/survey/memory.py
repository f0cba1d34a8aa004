"""What a host remembers of changes: its generation, the last one, and one that waits to be kept.

In: a host. Out: its clock and its memory, by one script and one round trip. Never changes anything, and never needs the
lock that changes hold.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from warren.hosts.base import Host

# A change is armed once its way back is, and nothing of it was touched before; see `hosts/remote.sh`.
SCRIPT = """\
export LC_ALL=C; p=/var/lib/warren/pending
echo "now $(date +%s)"
echo "generation $(cat /var/lib/warren/generation 2>/dev/null)"
for s in armed confirmed backing staged; do [ ! -e $p/$s ] || { echo "state $s"; break; }; done
echo "who $(head -n 1 $p/who 2>/dev/null)"
[ ! -s /run/warren/until ] || { read -r up _ </proc/uptime; echo "left $(($(cat /run/warren/until) - ${up%%.*}))"; }
echo "last $(tail -n 1 /var/lib/warren/log 2>/dev/null)"
"""
APPLIED = "applied"


@dataclass(frozen=True, slots=True)
class Pending:
    """A change that has not come to its end. `state` is `staged`, `armed`, `confirmed` or `backing`.

    An armed one goes back in `left` seconds unless it is kept; None where the host was started anew meanwhile.
    """

    state: str
    who: str
    left: int | None = None


@dataclass(frozen=True, slots=True)
class Last:
    """The last line of the log; `outcome` is `applied`, or why it did not stay."""

    when: str
    who: str
    summary: str
    outcome: str

    @property
    def stayed(self) -> bool:
        """Whether the host holds what it made."""
        return self.outcome == APPLIED


@dataclass(frozen=True, slots=True)
class Memory:
    """All of it; `now` is the host's own clock in seconds since 1970."""

    now: int = 0
    generation: int | None = None
    pending: Pending | None = None
    last: Last | None = None


def memory(host: Host) -> Memory:
    """What one host remembers. Raises `Unreachable`."""
    return decode(host.run(SCRIPT).stdout.decode(errors="replace"))


def decode(text: str) -> Memory:
    """The printed words."""
    said = {word: rest for word, _, rest in (line.partition(" ") for line in text.splitlines())}
    return Memory(_number(said.get("now")) or 0, _number(said.get("generation")), _pending(said), _last(said))


def _number(text: str | None) -> int | None:
    return int(text) if text and text.lstrip("-").isdigit() else None


def _pending(said: Mapping[str, str]) -> Pending | None:
    state = said.get("state")
    return Pending(state, said.get("who", ""), _number(said.get("left"))) if state else None


def _last(said: Mapping[str, str]) -> Last | None:
    """A line that a power cut has torn is none."""
    try:
        found: Any = json.loads(said.get("last", ""))
        return Last(*(str(found[key]) for key in ("when", "who", "summary", "outcome")))
    except (ValueError, KeyError, TypeError):
        return None
