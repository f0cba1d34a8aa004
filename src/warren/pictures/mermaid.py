"""The network as a Mermaid flowchart, for Markdown pages.

In: a topology. Out: the text of a flowchart. Never adds anything to the chart.
"""

from __future__ import annotations

from warren.formats import mermaid
from warren.pictures.chart import chart
from warren.topology.model import Topology


def draw(topology: Topology) -> str:
    """The picture as text."""
    return mermaid.write(chart(topology))
