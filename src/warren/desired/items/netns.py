"""A network namespace and the routed pair that joins it to its host.

In: names and addresses. Out: the commands to make and remove them, and the same items read back. The host's end carries
`ALIAS` and `GROUP`, by which ours are told from others'. Never touches a link without them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from warren.desired.model import Item, Rank, differing_fields
from warren.desired.steps import Ip, SetSysctl, Sh, Step
from warren.formats.iproute import Link

ALIAS = "warren"
# The kernel gives a device its group when it makes it, an alias only afterwards: what an apply that dies leaves behind
# is known by the group.
GROUP = "86"
INNER = "eth0"
# Packets arrive although the unmarked way back to their source is another one: strict reverse-path filtering would drop
# them, loose does not (kernel, ip-sysctl.rst: the higher of `all` and the interface counts). Rules pin the sources.
LOOSE = "2"
# On our pairs rules pin the source, in both families: the kernel need not look up the way back to it as well, which
# costs IPv4 a second look-up in every packet. It leaves that out where it takes even its own addresses for a source.
UNASKED, ANYBODY = "0", "1"


def is_ours(link: Link) -> bool:
    """Whether we made a device."""
    return link.alias == ALIAS or link.group == GROUP


def loose_filter(device: str) -> SetSysctl:
    """Loose reverse-path filtering on one device."""
    return SetSysctl(f"net.ipv4.conf.{device}.rp_filter", LOOSE)


def _unasked(device: str) -> tuple[SetSysctl, ...]:
    """No reverse-path filtering on one device, whose sources are pinned by rules."""
    named = f"net.ipv4.conf.{device}"
    return SetSysctl(f"{named}.rp_filter", UNASKED), SetSysctl(f"{named}.accept_local", ANYBODY)


@dataclass(frozen=True, slots=True)
class Netns:
    """A named network namespace, with its loopback up."""

    name: str

    @property
    def key(self) -> str:
        return f"netns:{self.name}"

    @property
    def rank(self) -> Rank:
        return Rank.NETNS

    @property
    def inside(self) -> str | None:
        return None

    def describe(self) -> str:
        return "own network namespace"

    def create(self) -> tuple[Step, ...]:
        return (Ip(f"netns add {self.name}"), Ip("link set lo up", self.name))

    def change(self, old: Item) -> tuple[Step, ...]:
        return ()

    def remove(self) -> tuple[Step, ...]:
        return (Ip(f"netns del {self.name}"),)

    def differences(self, old: Item) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Veth:
    """A veth pair: `name` on the host, `eth0` in `netns`. Addresses are texts with their length; `mtu` in bytes.

    The host's end holds the host's own address on every pair, so no two services share a link.
    """

    name: str
    netns: str
    mtu: int
    outer: frozenset[str]
    inner: frozenset[str]
    up: bool = True
    rp_filter: str = UNASKED
    accept_local: str = ANYBODY

    @property
    def key(self) -> str:
        return f"link:{self.name}"

    @property
    def rank(self) -> Rank:
        return Rank.LINK

    @property
    def inside(self) -> str | None:
        # The kernel takes a pair away with its namespace, but later: who makes the service again would find it still.
        return None

    def describe(self) -> str:
        return f"to {self.netns} ({', '.join(sorted(a.split('/')[0] for a in self.inner))})"

    def create(self) -> tuple[Step, ...]:
        """The pair, the host's end first: its rules are there before it."""
        inner = f"name {INNER} mtu {self.mtu} netns {self.netns}"
        return (
            Ip(f"link add name {self.name} group {GROUP} mtu {self.mtu} type veth peer {inner}"),
            Ip(f"link set {self.name} alias {ALIAS}"),
            *_unasked(self.name),
            *_addresses(self.name, self.outer, frozenset(), None),
            Ip(f"link set {self.name} up"),
            *_addresses(INNER, self.inner, frozenset(), self.netns),
            Ip(f"link set {INNER} up", self.netns),
        )

    def change(self, old: Item) -> tuple[Step, ...]:
        """What differs, in place; the pair anew when its other end is gone."""
        if not isinstance(old, Veth):
            return (*old.remove(), *self.create())
        if self.is_torn(old):
            return (Sh(_gone(self.name)), *self.create())
        mtu = [Ip(f"link set {self.name} mtu {self.mtu}"), Ip(f"link set {INNER} mtu {self.mtu}", self.netns)]
        return (
            *(mtu if old.mtu != self.mtu else []),
            *_addresses(self.name, self.outer, old.outer, None),
            *_addresses(INNER, self.inner, old.inner, self.netns),
            *([] if self._filters == old._filters else _unasked(self.name)),
            *([] if old.up else [Ip(f"link set {self.name} up"), Ip(f"link set {INNER} up", self.netns)]),
        )

    @property
    def _filters(self) -> tuple[str, str]:
        return self.rp_filter, self.accept_local

    def is_torn(self, old: Veth) -> bool:
        """Whether the pair must be made anew: its other end is elsewhere or gone."""
        return old.netns != self.netns or (not old.inner and not old.up)

    def remove(self) -> tuple[Step, ...]:
        return (Ip(f"link del {self.name}"),)

    def differences(self, old: Item) -> tuple[str, ...]:
        return differing_fields(self, old, ("netns", "mtu", "outer", "inner", "up", "rp_filter", "accept_local"))


def _gone(name: str) -> str:
    """The end of a pair whose other end is gone: the kernel takes it away as well, a moment later."""
    return f"ip link del {name} 2>/dev/null || ! ip link show dev {name} >/dev/null 2>&1"


def _addresses(device: str, wanted: frozenset[str], held: frozenset[str], netns: str | None) -> Iterator[Ip]:
    """Adds before deletes: a device without any address loses its routes."""
    for address in sorted(wanted - held):
        yield Ip(f"addr add {address} dev {device}{' nodad' if ':' in address else ''}", netns)
    for address in sorted(held - wanted):
        yield Ip(f"addr del {address} dev {device}", netns)


def observed(
    links: Iterable[Link],
    inner: dict[str, tuple[Link, ...]],
    filters: Mapping[str, str],
    takes_own: Mapping[str, str],
) -> Iterator[Netns | Veth]:
    """Our namespaces and pairs: of the host's links, those inside each namespace, and rp_filter, accept_local by link.

    A pair whose other end is in none of the namespaces is reported without inner addresses and down, so that it is made
    again.
    """
    for name in inner:
        yield Netns(name)
    # Indexes are unique in one namespace only, so an inner end is found by the host's index that it names.
    ends = {
        link.peer_index or 0: (netns, link) for netns, within in inner.items() for link in within if link.name == INNER
    }
    for link in links:
        if link.kind == "veth" and is_ours(link):
            found = _pair(link, *ends.get(link.index, ("", None)))
            asks, takes = filters.get(link.name, ""), takes_own.get(link.name, "")
            if asks == LOOSE:
                # Slower, and not wrong: what sets it on every new device of a host (sysctl.d(5)) is left in peace.
                asks, takes = UNASKED, ANYBODY
            yield replace(found, rp_filter=asks, accept_local=takes)


def _pair(link: Link, netns: str, end: Link | None) -> Veth:
    if end is None or end.index != link.peer_index:
        return Veth(link.name, link.name.removeprefix("v-"), link.mtu, link.addresses, frozenset(), up=False)
    mtu = link.mtu if link.mtu == end.mtu else min(link.mtu, end.mtu)
    return Veth(link.name, netns, mtu, link.addresses, end.addresses, link.up and end.up)
