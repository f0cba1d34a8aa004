"""A graph as a Mermaid flowchart, which GitHub, GitLab and Forgejo draw inside Markdown.

In: a `Graph`. Out: the text of a flowchart, the same for the same graph. Never writes HTML of the user's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from warren.formats.graph import Arrow, Edge, Graph, Node, Shape, Stroke

SHAPES = {
    Shape.BOX: ("[", "]"),
    Shape.ROUND: ("(", ")"),
    Shape.ELLIPSE: ("([", "])"),
    Shape.CYLINDER: ("[(", ")]"),
    Shape.HEXAGON: ("{{", "}}"),
}
LINES = {
    (Stroke.SOLID, Arrow.FORWARD): "-->",
    (Stroke.SOLID, Arrow.BOTH): "<-->",
    (Stroke.SOLID, Arrow.NONE): "---",
    (Stroke.DASHED, Arrow.FORWARD): "-.->",
    (Stroke.DASHED, Arrow.BOTH): "<-.->",
    (Stroke.DASHED, Arrow.NONE): "-.-",
    (Stroke.THICK, Arrow.FORWARD): "==>",
    (Stroke.THICK, Arrow.BOTH): "<==>",
    (Stroke.THICK, Arrow.NONE): "===",
}
# Everything else is written by its number: Mermaid reads quotes, backticks, `#`, `<` and more even inside of quotes.
ORDINARY = re.compile(r"[^\W_]|[ .,:/_()+=@→←↔·…-]")


def write(graph: Graph) -> str:
    """The text of the flowchart, ending in a line break."""
    nodes = identifiers("n", (node.id for node in graph.nodes))
    clusters = identifiers("c", (cluster.id for cluster in graph.clusters))
    looks = identifiers("k", (look.kind for look in graph.looks))
    lines = [
        *(("---", f"title: {json.dumps(graph.title)}", "---") if graph.title else ()),
        f"flowchart {graph.direction.value}",
        *_inside(graph, None, "  ", nodes, clusters, looks),
        *(f"  {_edge(edge, nodes)}" for edge in graph.edges),
        *(f"  classDef {looks[k.kind]} fill:{k.fill},stroke:{k.line},color:{k.text}" for k in graph.looks),
        *(f"  class {clusters[c.id]} {looks[c.kind]}" for c in graph.clusters if c.kind),
    ]
    return "\n".join(lines) + "\n"


def quote(text: str) -> str:
    """A quoted label; a line break becomes one in the picture."""
    lines = text.replace("\r\n", "\n").split("\n")
    return '"' + "<br/>".join("".join(map(_letter, line)) for line in lines) + '"'


def _letter(letter: str) -> str:
    if ORDINARY.match(letter):
        return letter
    return f"#{ord(letter)};" if letter.isprintable() else ""


def identifiers(prefix: str, names: Iterable[str]) -> dict[str, str]:
    """A distinct identifier for each name, as close to it as Mermaid allows; `end` and others need the prefix."""
    given: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        close = f"{prefix}_" + re.sub(r"[^a-zA-Z0-9]", "_", name)
        chosen, count = close, 2
        while chosen in taken:
            chosen, count = f"{close}_{count}", count + 1
        taken.add(chosen)
        given[name] = chosen
    return given


def _inside(
    graph: Graph,
    cluster: str | None,
    indent: str,
    nodes: Mapping[str, str],
    clusters: Mapping[str, str],
    looks: Mapping[str, str],
) -> Iterator[str]:
    for node in graph.nodes_in(cluster):
        yield indent + _node(node, nodes, looks)
    for inner in graph.clusters_in(cluster):
        yield f"{indent}subgraph {clusters[inner.id]}[{quote(inner.label)}]"
        yield from _inside(graph, inner.id, indent + "  ", nodes, clusters, looks)
        yield indent + "end"


def _node(node: Node, nodes: Mapping[str, str], looks: Mapping[str, str]) -> str:
    opening, closing = SHAPES[node.shape]
    look = f":::{looks[node.kind]}" if node.kind else ""
    return f"{nodes[node.id]}{opening}{quote(node.label)}{closing}{look}"


def _edge(edge: Edge, nodes: Mapping[str, str]) -> str:
    line = LINES[edge.stroke, edge.arrow]
    label = f"|{quote(edge.label)}|" if edge.label else ""
    return f"{nodes[edge.tail]} {line}{label} {nodes[edge.head]}"
