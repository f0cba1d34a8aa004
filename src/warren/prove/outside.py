"""What the items do not say: the links of a host that warren did not make, and what lies beyond them.

In: made by the caller, from the file or from a lab. Out: frozen values. Never guesses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

INTERNET = "internet"


@dataclass(frozen=True, slots=True)
class Uplink:
    """A link of `host` to `place` (`internet`, `lan:HOST`, `lan:HOST/NAME`).

    `addresses` are the host's own on it, `prefixes` those of the link. The host's default route leaves by the uplinks
    that say `default`. `rp_filter` is the link's own setting, as Debian and systemd have it: loose.
    """

    host: str
    device: str
    place: str = INTERNET
    addresses: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    default: bool = True
    rp_filter: int = 2


@dataclass(frozen=True, slots=True)
class Outside:
    """All uplinks of all hosts, and the hosts' WireGuard public keys; a host without one has its name for a key."""

    uplinks: tuple[Uplink, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)

    def of(self, host: str) -> tuple[Uplink, ...]:
        """The uplinks of one host."""
        return tuple(each for each in self.uplinks if each.host == host)

    def key(self, host: str) -> str:
        return self.keys.get(host, host)
