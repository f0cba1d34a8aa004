"""What the Internet or a LAN may reach, as elements.

In: the exposures that concern a host, as offering host, as host of the service, or both. Out: elements of the maps that
translate and of the sets that allow. Never for a host that only forwards: its tunnel tables see to that.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address

from warren.basis.ports import Ports
from warren.desired.parts.firewall.elements import Entry, address, element
from warren.desired.parts.firewall.words import prefix, single
from warren.desired.parts.limits import limit_of
from warren.desired.view import HostView
from warren.formats.nft import model as nft
from warren.topology.model import Exposure, Service


def exposures(view: HostView) -> Iterator[Entry]:
    """All elements of exposures at this host and of exposures that arrive here by a tunnel."""
    for exposure in view.exposures:
        service = view.topology.services[exposure.service]
        if exposure.at == view.host.name:
            yield from _offered(exposure, service)
        elif service.host == view.host.name and not exposure.is_lan:
            yield from _arriving(view, exposure, service)


def _offered(exposure: Exposure, service: Service) -> Iterator[Entry]:
    yield from _opened(exposure, service)
    if exposure.is_lan:
        yield from _lan(exposure, service)
    for public in exposure.addresses:
        yield from _public(exposure, public, _own(service, public))


def _own(service: Service, like: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    return service.addresses.v4 if like.version == 4 else service.addresses.v6


def _opened(exposure: Exposure, service: Service) -> Iterator[Entry]:
    for own in service.addresses:
        key = (single(own), exposure.protocol.value, _span(exposure.target))
        stem = "exposed" if _is_single(exposure.target) else "exposed_range"
        yield address(stem, own), element(*key, why=f"internet -> {service.name}")


def _public(exposure: Exposure, public: IPv4Address | IPv6Address, own: IPv4Address | IPv6Address) -> Iterator[Entry]:
    protocol = exposure.protocol.value
    for port, leads in _translated(exposure, own):
        stem = "expose" if isinstance(port, int) else "expose_range"
        yield address(stem, public), element(single(public), protocol, port, leads=leads, why=f"to {exposure.service}")
        if isinstance(port, int) and exposure.keep and not exposure.sources:
            yield address("doors", public), element(single(public), protocol, port)
    key = (single(public), protocol, _span(exposure.ports))
    if not exposure.keep:
        yield address("hidden", public), element(*key)
    if exposure.sources:
        yield address("guarded", public), element(*key)
    for source in exposure.sources:
        if source.version == public.version:
            yield address("sources", public), element(*key, prefix(source))
    if stem_of_limit := limit_of(exposure):
        yield address(stem_of_limit, public), element(*key)


def _lan(exposure: Exposure, service: Service) -> Iterator[Entry]:
    protocol = exposure.protocol.value
    for own in service.addresses:
        for port, leads in _translated(exposure, own):
            stem = "expose_lan" if isinstance(port, int) else "expose_lan_range"
            yield address(stem, own), element(protocol, port, leads=leads, why=f"to {exposure.service}")
    for source in exposure.sources:
        yield f"lan_sources{source.version}", element(protocol, _span(exposure.ports), prefix(source))
        if not exposure.keep:
            yield f"hidden_lan{source.version}", element(protocol, _span(exposure.ports), prefix(source))


def _translated(exposure: Exposure, own: IPv4Address | IPv6Address) -> Iterator[tuple[nft.Value, nft.Key]]:
    """A range that keeps its numbers is one element; one that moves them is an element a port."""
    if not _is_single(exposure.ports) and exposure.ports == exposure.target:
        yield _span(exposure.ports), (single(own),)
        return
    shift = exposure.target.first - exposure.ports.first
    for port in range(exposure.ports.first, exposure.ports.last + 1):
        yield port, (single(own), port + shift)


def _arriving(view: HostView, exposure: Exposure, service: Service) -> Iterator[Entry]:
    interface = next((t.interface for t in view.dialled if t.gateway == exposure.at), None)
    if interface is None:
        return
    stem = "arrive" if _is_single(exposure.target) else "arrive_range"
    for own in service.addresses:
        key = (interface, single(own), exposure.protocol.value, _span(exposure.target))
        yield address(stem, own), element(*key, why=f"{exposure.at} -> {service.name}")


def _is_single(ports: Ports) -> bool:
    return ports.first == ports.last


def _span(ports: Ports) -> nft.Value:
    return nft.span(ports.first, ports.last)
