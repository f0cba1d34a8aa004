"""Addresses and prefixes: nothing means two networks, nothing is somebody else's.

In: a spec. Out: diagnostics that name both lines. Never allocates.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network

from warren.basis.address import Prefix, holds, is_bogon, overlaps, special_range
from warren.basis.diagnostic import Diagnostic, Place, error
from warren.spec.model import Host, Spec
from warren.spec.reference import Directory

FREE = "10.86.0.0/16 and most other parts of 10.0.0.0/8 are free"
# What programs of a host take for themselves unless told otherwise.
POOLS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("carrier-nat", "Tailscale, whose clients drop what comes from there by another way", ("100.64.0.0/10",)),
    ("docker-pool", "Docker", ("172.17.0.0/16", "172.18.0.0/15", "172.20.0.0/14", "172.24.0.0/13", "192.168.0.0/20")),
    ("podman-pool", "Podman", ("10.88.0.0/16", "10.89.0.0/16")),
    ("libvirt-pool", "libvirt", ("192.168.122.0/24",)),
)
NO_LAN = ("loopback", "multicast", "this network", "reserved", "broadcast", "unspecified", "IPv4-mapped")


def networks(spec: Spec, _: Directory) -> Iterator[Diagnostic]:
    """Everything that is wrong with prefixes and public addresses."""
    yield from _pools(spec)
    seats = list(_seats(spec))
    for host, prefix, place in seats:
        yield from _lan(spec, host, prefix, place)
    yield from _sites(spec, seats)
    yield from _public(spec)


def _pools(spec: Spec) -> Iterator[Diagnostic]:
    place, own = spec.place("network", "ipv4"), spec.network.ipv4
    for code, who, prefixes in POOLS:
        for prefix in prefixes:
            if overlaps(own, IPv4Network(prefix)):
                yield error(code, f"the network's {own} collides with {prefix}, which belongs to {who}", place, FREE)
                break


def _seats(spec: Spec) -> Iterator[tuple[str, Prefix, Place | None]]:
    for name, host in spec.hosts.items():
        for lan, prefixes in host.lan.items():
            for index, prefix in enumerate(prefixes):
                yield name, prefix, spec.place("hosts", name, "lan", lan, index)


def _lan(spec: Spec, host: str, prefix: Prefix, place: Place | None) -> Iterator[Diagnostic]:
    if prefix.prefixlen < 8 or special_range(prefix) in NO_LAN:
        yield error(
            "bad-lan", f"{prefix} cannot be the LAN of `{host}`", place, "a LAN is a prefix such as 192.168.2.0/24"
        )
    elif prefix.num_addresses < 4:
        yield error("bad-lan", f"the LAN {prefix} of `{host}` has no room for a host and its neighbours", place)
    for key, own in (("ipv4", spec.network.ipv4), ("ipv6", spec.network.ipv6)):
        if overlaps(own, prefix):
            related = spec.place("network", key)
            summary = f"the LAN {prefix} of `{host}` collides with the network's {own}"
            hint = f"give the network another prefix: {FREE}" if key == "ipv4" else "give the network another prefix"
            yield error("prefix-collision", summary, place, hint, *filter(None, [related]))


def _sites(spec: Spec, seats: list[tuple[str, Prefix, Place | None]]) -> Iterator[Diagnostic]:
    """LANs that overlap at one place are one LAN or a mistake; equal ones of two hosts of a site are the same."""
    at: dict[str, list[tuple[str, Prefix, Place | None]]] = {}
    for seat in seats:
        at.setdefault(spec.hosts[seat[0]].site or f"host {seat[0]}", []).append(seat)
    for here in at.values():
        in_order = sorted(here, key=lambda seat: (seat[1].version, int(seat[1].network_address), seat[1].prefixlen))
        for (one, prefix, related), (other, inner, place) in zip(in_order, in_order[1:], strict=False):
            if overlaps(prefix, inner) and (one == other or prefix != inner):
                summary = f"{inner} of `{other}` overlaps {prefix} of `{one}` at the same place"
                yield error("lan-overlap", summary, place, None, *filter(None, [related]))


def _public(spec: Spec) -> Iterator[Diagnostic]:
    first: dict[object, tuple[str, Place | None]] = {}
    for name, host in spec.hosts.items():
        for index, address in enumerate(host.public):
            place = spec.place("hosts", name, "public", index)
            if is_bogon(address):
                hint = "leave `public` out where the host is behind NAT"
                what = special_range(address) or "not routed on the Internet"
                yield error("not-public", f"{address} of `{name}` is not public: it is {what}", place, hint)
            if address in first:
                other, related = first[address]
                summary = f"{address} belongs to `{other}` and to `{name}`"
                yield error("address-twice", summary, place, None, *filter(None, [related]))
            first.setdefault(address, (name, place))
            yield from _inside(spec, name, host, index)


def _inside(spec: Spec, name: str, host: Host, index: int) -> Iterator[Diagnostic]:
    for lan, prefixes in host.lan.items():
        if any(holds(prefix, host.public[index]) for prefix in prefixes):
            place, related = spec.place("hosts", name, "public", index), spec.place("hosts", name, "lan", lan)
            summary = f"{host.public[index]} cannot be a public address of `{name}` and an address of its LAN"
            yield error("public-in-lan", summary, place, None, *filter(None, [related]))
