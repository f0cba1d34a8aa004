"""A picture as boxes in frames with arrows between them, for every writer that lays out by itself.

In: nodes, clusters and edges. Out: one checked value. Never places anything, never knows what a box stands for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Shape(StrEnum):
    """How a node is drawn."""

    BOX = "box"
    ROUND = "round"
    ELLIPSE = "ellipse"
    CYLINDER = "cylinder"
    HEXAGON = "hexagon"


class Stroke(StrEnum):
    """How an edge is drawn."""

    SOLID = "solid"
    DASHED = "dashed"
    THICK = "thick"


class Arrow(StrEnum):
    """Which ends of an edge have a head."""

    FORWARD = "forward"
    BOTH = "both"
    NONE = "none"


class Direction(StrEnum):
    """Where an edge leads from its tail."""

    DOWN = "TB"
    RIGHT = "LR"


@dataclass(frozen=True, slots=True)
class Node:
    """One box; `kind` names its look, `cluster` the frame around it. A label may have several lines."""

    id: str
    label: str
    cluster: str | None = None
    shape: Shape = Shape.BOX
    kind: str | None = None
    tooltip: str | None = None


@dataclass(frozen=True, slots=True)
class Cluster:
    """A frame around nodes and other frames."""

    id: str
    label: str
    parent: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """A line from one node to another."""

    tail: str
    head: str
    label: str = ""
    stroke: Stroke = Stroke.SOLID
    arrow: Arrow = Arrow.FORWARD
    tooltip: str | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """The colours of one kind of node or cluster, as `#rrggbb`."""

    kind: str
    fill: str
    line: str
    text: str = "#000000"


@dataclass(frozen=True, slots=True)
class Graph:
    """The whole picture; what is written follows the order of its parts. Refuses names that lead nowhere."""

    nodes: tuple[Node, ...]
    clusters: tuple[Cluster, ...] = ()
    edges: tuple[Edge, ...] = ()
    looks: tuple[Look, ...] = ()
    title: str = ""
    direction: Direction = Direction.DOWN

    def __post_init__(self) -> None:
        nodes = _unique("node", [node.id for node in self.nodes])
        clusters = _unique("cluster", [cluster.id for cluster in self.clusters])
        looks = _unique("look", [look.kind for look in self.looks])
        _known("node", nodes, [end for edge in self.edges for end in (edge.tail, edge.head)])
        _known("cluster", clusters, [node.cluster for node in self.nodes] + [c.parent for c in self.clusters])
        _known("look", looks, [node.kind for node in self.nodes] + [c.kind for c in self.clusters])
        self._check_nesting()

    def _check_nesting(self) -> None:
        parents = {cluster.id: cluster.parent for cluster in self.clusters}
        for start in parents:
            above, steps = parents[start], 0
            while above is not None:
                above, steps = parents[above], steps + 1
                if steps > len(parents):
                    raise ValueError(f"the cluster {start!r} lies within itself")

    def nodes_in(self, cluster: str | None) -> Iterator[Node]:
        """The nodes directly in a cluster, or in none."""
        return (node for node in self.nodes if node.cluster == cluster)

    def clusters_in(self, cluster: str | None) -> Iterator[Cluster]:
        """The clusters directly in a cluster, or in none."""
        return (inner for inner in self.clusters if inner.parent == cluster)

    def look(self, kind: str | None) -> Look | None:
        """The colours of a kind."""
        return next((look for look in self.looks if look.kind == kind), None)


def _unique(what: str, names: list[str]) -> frozenset[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ValueError(f"two {what}s are called {name!r}")
        seen.add(name)
    return frozenset(seen)


def _known(what: str, known: frozenset[str], names: Iterable[str | None]) -> None:
    for name in names:
        if name is not None and name not in known:
            raise ValueError(f"there is no {what} {name!r}")
