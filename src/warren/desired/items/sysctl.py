"""One kernel setting, of the host or of a namespace.

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


@dataclass(frozen=True, slots=True)
class Sysctl:
    """`key` with dots, as sysctl(8) prints it; a device's name in it has no dots of its own."""

    name: str
    value: str
    netns: str | None = None

    @property
    def key(self) -> str:
        return f"sysctl:{f'{self.netns}/' if self.netns else ''}{self.name}"

    @property
    def rank(self) -> Rank:
        if self.netns:
            return Rank.INNER_SYSCTL
        return Rank.ROUTE if ".wrn-" in self.name else Rank.SYSCTL

    @property
    def inside(self) -> str | None:
        return f"netns:{self.netns}" if self.netns else None

    def describe(self) -> str:
        return f"= {self.value}"

    def create(self) -> tuple[Step, ...]:
        first = (Sh(KEEP_ADVERTISED_ROUTES),) if self.name == FORWARD6 and not self.netns else ()
        return (*first, SetSysctl(self.name, self.value, self.netns))

    def change(self, old: Item) -> tuple[Step, ...]:
        return self.create()

    def remove(self) -> tuple[Step, ...]:
        return ()

    def differences(self, old: Item) -> tuple[str, ...]:
        return differing_fields(self, old, ("value",))
