"""What a home's new addresses mean at each place: the `ip` lines that lead from the old ones.

In: a site before and after a move. Out: lines for the provider, the router, its hosts and their neighbours. Never
touches what warren has added to a host: a real router changes its addresses in the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv6Interface

from warren.lab.blueprint import CORE
from warren.lab.draw import host_tag, place_tag, router_tag
from warren.lab.ground import Interface, Segment, Site


def move_lines(old: Site, new: Site) -> dict[str, list[str]]:
    """The lines of every place that has to change, by tag."""
    lines = {CORE: list(_at_core(old, new)), router_tag(old.name): list(_at_router(old, new))}
    for before, after in zip(old.segments, new.segments, strict=True):
        lines[router_tag(old.name)] += _renumber(before.bridge, before.router, after.router)
        for seat, moved in zip(before.seats, after.seats, strict=True):
            leads_out = seat.interface == "eth0"
            host = [
                *_renumber(seat.interface, seat.addresses, moved.addresses),
                *_default(after, seat.interface, leads_out),
            ]
            lines.setdefault(host_tag(seat.host), []).extend(host)
            beside = _renumber("eth0", seat.neighbour_addresses, moved.neighbour_addresses)
            lines[place_tag(seat.neighbour)] = [*beside, *_default(after, "eth0", True)]
    return {tag: its for tag, its in lines.items() if its}


def _at_core(old: Site, new: Site) -> Iterator[str]:
    port = f"site{old.number}"
    before, after = old.wan[1].ip, new.wan[1].ip
    kept = set(old.routed) & set(new.routed)
    yield from (f"route del {prefix} via {before} dev {port}" for prefix in old.routed if prefix not in kept)
    yield from (f"route replace {prefix} via {after} dev {port}" for prefix in new.routed)


def _at_router(old: Site, new: Site) -> Iterator[str]:
    # The old address goes first: with it the router forgets the connections that it translated to it.
    yield from (f"addr del {address} dev wan" for address in old.wan)
    for address, provider in zip(new.wan, new.core, strict=True):
        yield f"addr add {address} dev wan{_at_once(address)}"
        yield f"route replace default via {provider.ip} dev wan"


def _renumber(interface: str, old: Iterable[Interface], new: Iterable[Interface]) -> Iterator[str]:
    changed = [(before, after) for before, after in zip(old, new, strict=True) if before != after]
    yield from (f"addr add {after} dev {interface}{_at_once(after)}" for _, after in changed)
    yield from (f"addr del {before} dev {interface}" for before, _ in changed)


def _default(segment: Segment, interface: str, leads_out: bool) -> Iterator[str]:
    """The default route of IPv6 follows the router's first address."""
    routers = (router for router in segment.router if isinstance(router, IPv6Interface))
    if leads_out and (router := next(routers, None)):
        yield f"route replace default via {router.ip} dev {interface}"


def _at_once(address: Interface) -> str:
    return " nodad" if address.version == 6 else ""
