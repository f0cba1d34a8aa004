"""A graph refuses what no writer could draw."""

from __future__ import annotations

import pytest

from warren.formats.graph import Cluster, Edge, Graph, Look, Node


def test_parts_are_found_by_their_frame() -> None:
    graph = Graph(
        (Node("a", "A", "in"), Node("b", "B")),
        (Cluster("out", "Out"), Cluster("in", "In", "out")),
        looks=(Look("red", "#ff0000", "#000000"),),
    )
    assert [node.id for node in graph.nodes_in("in")] == ["a"]
    assert [node.id for node in graph.nodes_in(None)] == ["b"]
    assert [cluster.id for cluster in graph.clusters_in("out")] == ["in"]
    assert graph.look("red") == Look("red", "#ff0000", "#000000")
    assert graph.look(None) is None


A = Node("a", "A")


@pytest.mark.parametrize(
    ("nodes", "clusters", "edges", "sentence"),
    [
        ((A, A), (), (), "two nodes are called 'a'"),
        ((A,), (Cluster("c", ""), Cluster("c", "")), (), "two clusters are called 'c'"),
        ((A,), (), (Edge("a", "b"),), "there is no node 'b'"),
        ((Node("a", "A", "c"),), (), (), "there is no cluster 'c'"),
        ((A,), (Cluster("c", "", "d"),), (), "there is no cluster 'd'"),
        ((Node("a", "A", kind="k"),), (), (), "there is no look 'k'"),
        ((A,), (Cluster("c", "", "d"), Cluster("d", "", "c")), (), "the cluster 'c' lies within itself"),
    ],
)
def test_refusal(
    nodes: tuple[Node, ...], clusters: tuple[Cluster, ...], edges: tuple[Edge, ...], sentence: str
) -> None:
    with pytest.raises(ValueError) as refused:
        Graph(nodes, clusters, edges)
    assert str(refused.value) == sentence
