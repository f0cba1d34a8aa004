"""The text for Graphviz: golden, and unbroken by any label."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from warren.formats.dot import quote, write
from warren.formats.graph import Arrow, Cluster, Direction, Edge, Graph, Look, Node, Shape, Stroke

GRAPH = Graph(
    nodes=(
        Node("net", "Internet", shape=Shape.ELLIPSE),
        Node("a", 'say "a"\nback\\slash', "home", kind="box", tooltip="10.0.0.1"),
        Node("b", "B", "inner", Shape.CYLINDER),
    ),
    clusters=(Cluster("home", "Home", kind="box"), Cluster("inner", "Inner", "home")),
    edges=(
        Edge("net", "a", "80/tcp", Stroke.THICK, tooltip="open"),
        Edge("a", "b", stroke=Stroke.DASHED, arrow=Arrow.BOTH),
        Edge("net", "b"),
    ),
    looks=(Look("box", "#eeeeff", "#3333aa"),),
    title="A title",
    direction=Direction.RIGHT,
)


def test_golden() -> None:
    assert write(GRAPH) == (
        """\
digraph {
  rankdir="LR";
  fontname="sans-serif";
  labelloc="t";
  label="A title";
  node [fontname="sans-serif", style="filled", fillcolor="#ffffff"];
  edge [fontname="sans-serif"];
  "net" [label="Internet", shape="ellipse"];
  subgraph "cluster_home" {
    label="Home";
    style="rounded,filled";
    fillcolor="#eeeeff";
    color="#3333aa";
    fontcolor="#000000";
    "a" [label="say \\"a\\"\\nback\\\\slash", shape="box", fillcolor="#eeeeff", color="#3333aa", """
        """fontcolor="#000000", tooltip="10.0.0.1"];
    subgraph "cluster_inner" {
      label="Inner";
      style="rounded,filled";
      fillcolor="#ffffff";
      "b" [label="B", shape="cylinder"];
    }
  }
  "net" -> "a" [label="80/tcp", penwidth="2.5", tooltip="open"];
  "a" -> "b" [style="dashed", dir="both"];
  "net" -> "b";
}
"""
    )


@given(st.text())
def test_no_text_leaves_its_quotes(text: str) -> None:
    assert re.fullmatch(r'"([^"\\]|\\.)*"', quote(text))
