"""The network as boxes and arrows, for tools that place them by themselves.

In: a topology. Out: a graph that both Mermaid and Graphviz can draw. Never places anything.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.formats.graph import Arrow, Cluster, Direction, Edge, Graph, Look, Node, Shape, Stroke
from warren.pictures.scene import Box, Door, Scene, Spot, scene
from warren.topology.model import Topology

LOOKS = (
    Look("internet", "#e8f0fe", "#8fb0ee"),
    Look("gateway", "#e8f0fe", "#8fb0ee"),
    Look("home", "#f3f5f8", "#c3cad3"),
    Look("service", "#ffffff", "#8a94a0"),
    Look("lan", "#fff6e0", "#9a6700"),
)
INTERNET = "internet"


def chart(topology: Topology) -> Graph:
    """Hosts are frames around their services; a host's own box is where tunnels and doors meet it."""
    seen = scene(topology)
    return Graph(
        nodes=tuple(_nodes(seen)),
        clusters=tuple(Cluster(f"at {spot.name}", _frame(spot), kind=_kind(spot)) for spot in seen.spots),
        edges=(*_tunnels(seen), *_doors(seen), *_permits(seen)),
        looks=LOOKS,
        title=seen.title,
        direction=Direction.RIGHT,
    )


def _kind(spot: Spot) -> str:
    return "gateway" if spot.public else "home"


def _frame(spot: Spot) -> str:
    return f"{spot.name} · gateway" if spot.public else spot.name


# ── boxes ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _nodes(seen: Scene) -> Iterator[Node]:
    if seen.gateways:
        yield Node(INTERNET, "Internet", shape=Shape.ELLIPSE, kind="internet")
    for spot in seen.spots:
        for lan in spot.lans:
            name = "LAN" if lan.name == "lan" else f"LAN {lan.name}"
            yield Node(_lan(spot, lan.name), "\n".join((name, *lan.prefixes)), shape=Shape.HEXAGON, kind="lan")
        yield _host(spot)
        for box in spot.boxes:
            if box.name != spot.name:
                yield Node(box.name, "\n".join(_words(box)), f"at {spot.name}", Shape.ROUND, "service")


def _host(spot: Spot) -> Node:
    """The host itself, with its addresses and its programs."""
    programs = next((box.slots for box in spot.boxes if box.name == spot.name), ())
    lines = (spot.name, *spot.public, *(f"{slot.name} {slot.number}" for slot in programs))
    return Node(spot.name, "\n".join(lines), f"at {spot.name}", kind=_kind(spot))


def _words(box: Box) -> Iterator[str]:
    yield box.name
    yield from (f"{slot.name} {slot.number}" for slot in box.slots)
    yield f"▸ {box.egress}"


def _lan(spot: Spot, name: str) -> str:
    return f"lan {spot.name} {name}"


# ── arrows ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _tunnels(seen: Scene) -> Iterator[Edge]:
    for gateway, dialer in seen.tunnels:
        yield Edge(gateway, dialer, "WireGuard", Stroke.THICK, Arrow.BOTH)


def _doors(seen: Scene) -> Iterator[Edge]:
    """From the Internet to the gateway once, from there to each service with all its ports; from LANs directly."""
    for spot in seen.spots:
        if any(door.lan is None for door in spot.doors):
            yield Edge(INTERNET, spot.name)
        for (start, service), doors in _between(spot).items():
            yield Edge(start, service, "\n".join(map(_label, doors)))


def _between(spot: Spot) -> dict[tuple[str, str], list[Door]]:
    found: dict[tuple[str, str], list[Door]] = {}
    for door in spot.doors:
        start = _lan(spot, door.lan) if door.lan is not None else spot.name
        found.setdefault((start, door.service), []).append(door)
    return found


def _label(door: Door) -> str:
    remarks = [remark for remark in door.remarks if remark != "https"]
    return f"{door.label} ({', '.join(remarks)})" if remarks else door.label


def _permits(seen: Scene) -> Iterator[Edge]:
    """One arrow for each pair, with all ports."""
    slots: dict[tuple[str, str], list[str]] = {}
    for permit in seen.permits:
        slots.setdefault((permit.source, permit.target), []).append(permit.slot)
    for (source, target), names in slots.items():
        yield Edge(source, target, ", ".join(names), Stroke.DASHED)
