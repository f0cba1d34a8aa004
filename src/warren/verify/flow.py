"""One statement about one packet: from where, to where, and whether it may arrive.

In: made by the files that read a topology. Out: read by probing and by the report. Never knows how it was decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from warren.basis.address import Protocol
from warren.topology.model import Address, Rate

Key: TypeAlias = tuple[str, str, int, str, str]

INSIDE, OUTSIDE, LAN, LOCALHOST = "inside", "outside", "lan", "localhost"


class Client(StrEnum):
    """What the target sees of who asks: the client's own address, or another in its stead."""

    KEPT = "kept"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Flow:
    """A declared flow, to be tried as it stands.

    `via` is `INSIDE` (the target's address on the network), `OUTSIDE`, `LAN`, `LOCALHOST` or the host that exposes
    it. `main` is true for the address that speaks for the pair; other addresses of the same key are tried beside it.
    `answer` is the name with which the target answers and `reached` the port on which it listens. `own` are the
    addresses that count as the client's (or, for `leaves`, as those of the host by which the packet leaves). `limit`
    is a limit on new connections that repeated trials would use up. Where `real`, a program of the network listens
    itself: that it answers is all that can be asked of it.
    """

    source: str
    target: str
    address: Address
    port: int
    protocol: Protocol
    open: bool
    via: str
    answer: str
    reached: int
    main: bool = True
    client: Client | None = None
    own: tuple[Address, ...] = ()
    leaves: str | None = None
    limit: Rate | None = None
    real: bool = False

    @property
    def family(self) -> str:
        """`ipv4` or `ipv6`."""
        return f"ipv{self.address.version}"

    @property
    def key(self) -> Key:
        """What a reader calls the flow; several addresses can share it."""
        return (self.source, self.target, self.port, self.protocol.value, self.family)
