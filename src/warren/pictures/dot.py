"""The network in the language of Graphviz.

In: a topology. Out: the text of a digraph. Never adds anything to the chart.
"""

from __future__ import annotations

from warren.formats import dot
from warren.pictures.chart import chart
from warren.topology.model import Topology


def draw(topology: Topology) -> str:
    """The picture as text."""
    return dot.write(chart(topology))
