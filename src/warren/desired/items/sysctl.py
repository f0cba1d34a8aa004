"""Kernel settings: one of the host, or all of a namespace.

In: key and value. Out: `sysctl -w` and the value read back. A host's setting is never put back by removal alone: what
it was before is kept by whoever leaves the host.
"""

from __future__ import annotations

from dataclasses import dataclass

from warren.desired.model import Item, Rank, differing_fields
from warren.desired.steps import SetSysctl, Sh, Step

FORWARD6 = "net.ipv6.conf.all.forwarding"
# IPv6 forwarding makes the kernel ignore router advertisements unless accept_ra is 2 (kernel, ip-sysctl.rst): an uplink
# that lives by them would lose its default route.
KEEP_ADVERTISED_ROUTES = (
    "for f in /proc/sys/net/ipv6/conf/*/accept_ra; do "
    "case $f in */conf/all/*|*/conf/default/*|*/conf/lo/*|*/conf/v-*|*/conf/wrn-*) continue;; esac; "
    '[ "$(cat "$f")" != 1 ] || echo 2 > "$f"; done'
)


# Everybody may ping, as far as the kernel knows everybody: a user namespace knows one group and refuses the range.
PING = "net.ipv4.ping_group_range"
EVERYBODY, THE_ONE = "0\t2147483647", "0\t0"
FALLBACKS = {PING: THE_ONE}


def settled(key: str, value: str) -> str:
    """What a value that was read stands for: a fallback for what it falls back from."""
    return EVERYBODY if (key, value) == (PING, THE_ONE) else value


@dataclass(frozen=True, slots=True)
class Sysctl:
    """`key` with dots, as sysctl(8) prints it; a device's name in it has no dots of its own."""

    name: str
    value: str

    @property
    def key(self) -> str:
        return f"sysctl:{self.name}"

    @property
    def rank(self) -> Rank:
        return Rank.SYSCTL

    @property
    def inside(self) -> str | None:
        return None

    def describe(self) -> str:
        return f"= {self.value}"

    def create(self) -> tuple[Step, ...]:
        first = (Sh(KEEP_ADVERTISED_ROUTES),) if self.name == FORWARD6 else ()
        return (*first, SetSysctl(self.name, self.value))

    def change(self, old: Item) -> tuple[Step, ...]:
        return self.create()

    def remove(self) -> tuple[Step, ...]:
        return ()

    def differences(self, old: Item) -> tuple[str, ...]:
        return differing_fields(self, old, ("value",))


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of a namespace that we make, as (key, value) in the order in which they are set."""

    netns: str
    values: tuple[tuple[str, str], ...]

    @property
    def key(self) -> str:
        return f"settings:{self.netns}"

    @property
    def rank(self) -> Rank:
        return Rank.INNER_SYSCTL

    @property
    def inside(self) -> str | None:
        return f"link:v-{self.netns}"

    def describe(self) -> str:
        return f"{len(self.values)} kernel settings"

    def create(self) -> tuple[Step, ...]:
        return tuple(SetSysctl(key, value, self.netns, FALLBACKS.get(key)) for key, value in self.values)

    def change(self, old: Item) -> tuple[Step, ...]:
        return self.create()

    def remove(self) -> tuple[Step, ...]:
        return ()

    def differences(self, old: Item) -> tuple[str, ...]:
        before = dict(old.values) if isinstance(old, Settings) else {}
        return tuple(f"{key} {before.get(key)} -> {value}" for key, value in self.values if before.get(key) != value)
