"""Addresses and prefixes as intervals of integers.

In: texts and prefixes. Out: prefixes, as few as possible and in order, or ValueError with one plain sentence.
Never resolves names, never mixes IPv4 with IPv6.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias

from warren.basis.ports import Ports as Ports
from warren.basis.ports import Protocol as Protocol
from warren.basis.ports import parse_ports as parse_ports
from warren.basis.ranges import BOGONS4 as BOGONS4
from warren.basis.ranges import BOGONS6 as BOGONS6
from warren.basis.ranges import METADATA4 as METADATA4
from warren.basis.ranges import METADATA6 as METADATA6
from warren.basis.ranges import SPECIAL4 as SPECIAL4
from warren.basis.ranges import SPECIAL6 as SPECIAL6
from warren.basis.ranges import is_bogon as is_bogon
from warren.basis.ranges import special_range as special_range

Address: TypeAlias = IPv4Address | IPv6Address
Prefix: TypeAlias = IPv4Network | IPv6Network
Interval: TypeAlias = tuple[int, int]

EVERYTHING4 = IPv4Network("0.0.0.0/0")
EVERYTHING6 = IPv6Network("::/0")


def collapse(prefixes: Iterable[Prefix]) -> tuple[Prefix, ...]:
    """The same addresses in as few prefixes as possible, IPv4 first."""
    return subtract(prefixes, ())


def subtract(prefixes: Iterable[Prefix], except_: Iterable[Prefix]) -> tuple[Prefix, ...]:
    """The addresses of `prefixes` that are not in `except_`, in as few prefixes as possible, IPv4 first."""
    kept, removed = tuple(prefixes), tuple(except_)
    return tuple(
        prefix
        for version in (4, 6)
        for first, last in _without(_intervals(kept, version), _intervals(removed, version))
        for prefix in _prefixes(first, last, version)
    )


def intersect(prefixes: Iterable[Prefix], others: Iterable[Prefix]) -> tuple[Prefix, ...]:
    """The addresses that are in both, in as few prefixes as possible, IPv4 first."""
    kept = tuple(prefixes)
    return subtract(kept, subtract(kept, others))


def overlaps(one: Prefix, other: Prefix) -> bool:
    """Whether any address is in both; never for two families."""
    return holds(one, other) or holds(other, one)


def holds(prefix: Prefix, where: Prefix | Address) -> bool:
    """Whether all of `where` is in `prefix`; never for two families."""
    if prefix.version != where.version:
        return False
    first, last = _interval(prefix)
    inner = (int(where), int(where)) if isinstance(where, IPv4Address | IPv6Address) else _interval(where)
    return first <= inner[0] and inner[1] <= last


def host_prefix(address: Address) -> Prefix:
    """The prefix of one address."""
    return ip_network(address)


def parse_address(text: str) -> Address:
    """One address without prefix length or zone."""
    if "/" in text:
        raise ValueError(f"{_shown(text)} is a prefix, and one address is expected here")
    if "%" in text:
        raise ValueError(f"{_shown(text)} names a zone; write the address without `%` and what follows it")
    try:
        address = ip_address(text)
    except ValueError:
        raise ValueError(f"{_shown(text)} is not an address") from None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        raise ValueError(f"{_shown(text)} is IPv4 in IPv6 clothes; write {address.ipv4_mapped}")
    return address


def parse_prefix(text: str) -> Prefix:
    """A prefix such as 192.168.2.0/24; an address alone is the prefix of itself."""
    start, slash, length = text.partition("/")
    address = parse_address(start)
    if not slash:
        return host_prefix(address)
    if not (length.isascii() and length.isdigit() and len(length) <= 3 and int(length) <= address.max_prefixlen):
        raise ValueError(f"{_shown(text)} is not a prefix: the length after `/` goes from 0 to {address.max_prefixlen}")
    prefix = ip_network((address, int(length)), strict=False)
    if prefix.network_address != address:
        raise ValueError(f"{_shown(text)} is an address inside a prefix; the prefix is {prefix}")
    return prefix


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:59] + "…")


def _interval(prefix: Prefix) -> Interval:
    first = int(prefix.network_address)
    return first, first + prefix.num_addresses - 1


def _intervals(prefixes: Iterable[Prefix], version: int) -> list[Interval]:
    """The prefixes of one family as intervals in order that neither touch nor overlap."""
    merged: list[Interval] = []
    for first, last in sorted(_interval(prefix) for prefix in prefixes if prefix.version == version):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged


def _without(kept: list[Interval], removed: list[Interval]) -> Iterator[Interval]:
    """What is left of `kept`; both in order, so that one walk over both is enough."""
    at = 0
    for start, last in kept:
        first = start
        while at < len(removed) and removed[at][1] < first:
            at += 1
        ahead = at
        while ahead < len(removed) and removed[ahead][0] <= last:
            if first < removed[ahead][0]:
                yield first, removed[ahead][0] - 1
            first = removed[ahead][1] + 1
            ahead += 1
        if first <= last:
            yield first, last
        at = max(at, ahead - 1)


def _prefixes(first: int, last: int, version: int) -> Iterator[Prefix]:
    """The fewest prefixes that cover an interval: always the largest that starts at `first` and fits."""
    bits = 32 if version == 4 else 128
    while first <= last:
        aligned = (first & -first).bit_length() - 1 if first else bits
        size = min(aligned, (last - first + 1).bit_length() - 1)
        length = bits - size
        yield IPv4Network((first, length)) if version == 4 else IPv6Network((first, length))
        first += 1 << size
