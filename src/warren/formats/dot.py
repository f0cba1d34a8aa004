"""A graph in the language of Graphviz.

In: a `Graph`. Out: the text of a digraph, the same for the same graph. Never runs Graphviz.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.formats.graph import Arrow, Cluster, Edge, Graph, Node, Shape, Stroke

SHAPES = {
    Shape.BOX: {"shape": "box"},
    Shape.ROUND: {"shape": "box", "style": "rounded,filled"},
    Shape.ELLIPSE: {"shape": "ellipse"},
    Shape.CYLINDER: {"shape": "cylinder"},
    Shape.HEXAGON: {"shape": "hexagon"},
}
STROKES = {Stroke.SOLID: {}, Stroke.DASHED: {"style": "dashed"}, Stroke.THICK: {"penwidth": "2.5"}}
ARROWS = {Arrow.FORWARD: {}, Arrow.BOTH: {"dir": "both"}, Arrow.NONE: {"dir": "none"}}


def write(graph: Graph) -> str:
    """The text of the graph, ending in a line break."""
    head = {"rankdir": graph.direction.value, "fontname": "sans-serif", "labelloc": "t", "label": graph.title}
    lines = [
        "digraph {",
        *(f"  {name}={quote(value)};" for name, value in head.items() if value),
        '  node [fontname="sans-serif", style="filled", fillcolor="#ffffff"];',
        '  edge [fontname="sans-serif"];',
        *_inside(graph, None, "  "),
        *(f"  {_edge(edge)}" for edge in graph.edges),
        "}",
    ]
    return "\n".join(lines) + "\n"


def quote(text: str) -> str:
    """A quoted string of the language; a line break becomes one in the picture."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\r\n", "\n").replace("\n", "\\n")
    return '"' + "".join(letter for letter in escaped if letter.isprintable()) + '"'


def _inside(graph: Graph, cluster: str | None, indent: str) -> Iterator[str]:
    for node in graph.nodes_in(cluster):
        yield indent + _node(graph, node)
    for inner in graph.clusters_in(cluster):
        # Graphviz draws a frame only around a subgraph whose name starts with this word.
        yield f"{indent}subgraph {quote('cluster_' + inner.id)} {{"
        yield from (f"{indent}  {line};" for line in _frame(graph, inner))
        yield from _inside(graph, inner.id, indent + "  ")
        yield indent + "}"


def _frame(graph: Graph, cluster: Cluster) -> Iterator[str]:
    yield f"label={quote(cluster.label)}"
    yield 'style="rounded,filled"'
    look = graph.look(cluster.kind)
    yield f"fillcolor={quote(look.fill if look else '#ffffff')}"
    if look:
        yield f"color={quote(look.line)}"
        yield f"fontcolor={quote(look.text)}"


def _node(graph: Graph, node: Node) -> str:
    attributes = {"label": node.label, **SHAPES[node.shape]}
    if look := graph.look(node.kind):
        attributes |= {"fillcolor": look.fill, "color": look.line, "fontcolor": look.text}
    if node.tooltip:
        attributes["tooltip"] = node.tooltip
    return f"{quote(node.id)} [{_attributes(attributes)}];"


def _edge(edge: Edge) -> str:
    attributes = {**STROKES[edge.stroke], **ARROWS[edge.arrow]}
    if edge.label:
        attributes = {"label": edge.label, **attributes}
    if edge.tooltip:
        attributes["tooltip"] = edge.tooltip
    ends = f"{quote(edge.tail)} -> {quote(edge.head)}"
    return f"{ends} [{_attributes(attributes)}];" if attributes else f"{ends};"


def _attributes(attributes: dict[str, str]) -> str:
    return ", ".join(f"{name}={quote(value)}" for name, value in attributes.items())
