"""What `ss -H -O -lntup` prints: who listens where.

In: its lines. Out: listening sockets with their program where root may see it. Never opens one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

PROGRAM = re.compile(r'users:\(\("(?P<name>[^"]*)",pid=(?P<pid>\d+)')
EVERYWHERE4, EVERYWHERE6, EVERYWHERE = "0.0.0.0", "::", "*"
LOOPBACKS = ("127.", "::1")


@dataclass(frozen=True, slots=True)
class Listener:
    """A listening socket; `address` `*` answers in both families, `0.0.0.0` and `::` in one each."""

    protocol: str
    address: str
    port: int
    program: str | None = None
    pid: int | None = None

    @property
    def on_loopback(self) -> bool:
        """Whether nobody but the namespace itself can reach it."""
        return self.address.startswith(LOOPBACKS)

    def answers(self, version: int, address: str) -> bool:
        """Whether it takes what is sent to an address of the namespace."""
        if self.address in (EVERYWHERE, address):
            return True
        return self.address == (EVERYWHERE4 if version == 4 else EVERYWHERE6)

    def __str__(self) -> str:
        at = f"[{self.address}]" if ":" in self.address else self.address
        who = f" ({self.program}, pid {self.pid})" if self.program else ""
        return f"{at}:{self.port}/{self.protocol}{who}"


def listeners(text: str) -> Iterator[Listener]:
    """Every socket; lines of other kinds are passed over."""
    for line in text.splitlines():
        words = line.split()
        if len(words) < 5 or words[0] not in ("tcp", "udp"):
            continue
        address, _, port = words[4].rpartition(":")
        program = PROGRAM.search(line)
        if port.isdigit():
            yield Listener(
                words[0],
                address.strip("[]").partition("%")[0],
                int(port),
                program["name"] if program else None,
                int(program["pid"]) if program else None,
            )
