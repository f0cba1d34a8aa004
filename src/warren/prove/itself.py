"""What a host does for itself: its own loopback, its own connections outside, and who may pass for one of us.

In: a proof. Out: headers, family by family, that fare as they never should. Never needs a declaration, for no file can
want this otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.prove import packets
from warren.prove.diagrams import NOTHING, Diagram, Span
from warren.prove.matrix import Proof, Proved
from warren.prove.network import Kind, Node
from warren.prove.packets import DADDR, ORIGIN, SADDR
from warren.prove.routing import LOOPBACK4, MARTIAN_SOURCES
from warren.prove.walk import Walk

LOOPBACK = {4: LOOPBACK4.first + 1, 6: 1}
Wrong = Iterator[tuple[int, Diagram]]


def unheard(proof: Proof) -> Wrong:
    """Connections of hosts to the outside, from the address of their link, whose answers do not come back."""
    for each in _own_connections(proof):
        if each.arrival.device is not None:
            walk = proof.walks[each.version]
            link = each.arrival.node.devices[each.arrival.device]
            own = [(number, number) for version, number in link.addresses if version == each.version]
            headers = walk.space.without(each.arrival.headers, each.answered)
            headers = walk.space.both(headers, walk.space.spans(SADDR, own))
            headers = walk.space.without(headers, walk.space.spans(DADDR, _nobody(each.version)))
            if each.arrival.node is each.start.node and headers != NOTHING:
                yield each.version, walk.sent(each.start, each.arrival, headers)


def _nobody(version: int) -> list[Span]:
    """Addresses from which no kernel takes an answer."""
    return [(each.first, each.last) for each in MARTIAN_SOURCES[version]]


def _own_connections(proof: Proof) -> Iterator[Proved]:
    return (each for each in proof.proved if each.start.iif is None)


def cut_off(proof: Proof) -> Wrong:
    """Connections of hosts to themselves that do not work; those to a public address may be led elsewhere."""
    for version, walk in proof.walks.items():
        wanted = walk.space.union(_to_itself(proof, walk, node) for node in proof.network.hosts)
        works = walk.space.union(
            walk.sent(each.start, each.arrival, each.answered)
            for each in _own_connections(proof)
            if each.version == version and each.arrival.node is each.start.node and not each.arrival.at_service
        )
        yield version, walk.space.without(wanted, works)


def _to_itself(proof: Proof, walk: Walk, node: Node) -> Diagram:
    space = walk.space
    own = [(number, number) for number in inner(node, walk.version)]
    loopback = (LOOPBACK[walk.version],) * 2
    ends = space.both(space.spans(SADDR, own), space.spans(DADDR, [loopback, *own]))
    place = space.spans(ORIGIN, [(number, number) for number in proof.of(node.name)])
    return space.both(place, space.both(ends, packets.is_ported(space)))


def inner(node: Node, version: int) -> Iterator[int]:
    """The addresses of a node that are on no link of others."""
    for device in node.devices.values():
        if device.kind is not Kind.UPLINK:
            yield from (number for of, number in device.addresses if of == version)


def disguised(proof: Proof) -> Wrong:
    """What comes from outside with an address of ours, and ends inside."""
    for version, walk in proof.walks.items():
        ours = {number for node in proof.network.nodes.values() for number in inner(node, version)}
        among = walk.space.spans(SADDR, [(number, number) for number in ours])
        for each in proof.proved:
            door = each.start.iif.single if each.start.iif else None
            if each.version != version or door is None or each.arrival.device is not None:
                continue
            if each.start.node.devices[door].kind is Kind.UPLINK:
                sent = walk.sent(each.start, each.arrival, each.arrival.headers)
                yield version, walk.space.both(sent, among)
