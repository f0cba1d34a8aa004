"""On which terms a change is made: by whom, how long it may wait, what must hold before it stays.

In: made by whoever applies. Out: read by the safe apply. Never printed: it carries the values of secrets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from getpass import getuser
from secrets import token_hex
from socket import gethostname

from warren.hosts.base import Host

WINDOW = 60
# A lease lives longer than a window, so that who is cut off holds the host until it has gone back.
LEASE = 60
# Hosts, over connections that were opened after the change, to sentences about what does not hold.
Probe = Callable[[Mapping[str, Host]], Iterable[str]]


class Confirm(StrEnum):
    """Who says that a change stays: the probes, or a person who runs `warren confirm` in time."""

    AUTO = "auto"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Terms:
    """`change` is a name that no other change has; `window` the seconds until a host goes back alone.

    `secrets` are the values by host and by the name that its items know them under.
    """

    change: str
    who: str
    summary: str = ""
    confirm: Confirm = Confirm.AUTO
    window: int = WINDOW
    secrets: Mapping[str, Mapping[str, bytes]] = field(default_factory=dict, repr=False)
    probes: tuple[Probe, ...] = ()
    stage: Callable[[str], None] = lambda name: None

    @property
    def lease(self) -> int:
        """For how many seconds the host is held."""
        return self.window + LEASE


def new_terms(
    confirm: Confirm = Confirm.AUTO,
    window: int = WINDOW,
    summary: str = "",
    secrets: Mapping[str, Mapping[str, bytes]] | None = None,
    stage: Callable[[str], None] = lambda name: None,
) -> Terms:
    """Terms of whoever runs this, for a change that has no name yet."""
    change = f"{datetime.now():%Y%m%d-%H%M%S}-{token_hex(3)}"
    return Terms(change, f"{getuser()}@{gethostname()}", summary, confirm, window, secrets or {}, stage=stage)
