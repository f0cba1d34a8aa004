"""Questions about an example, for tests of explanations.

In: two words. Out: the explanation from the file alone, and lines of the file. Never touches a host.
"""

from __future__ import annotations

from functools import cache

from tests.networks import ROOT, example
from warren.explain.flow import Flow, flows
from warren.explain.ground import surroundings
from warren.explain.model import Explanation
from warren.explain.question import question
from warren.explain.static import explain

NAME = "nine-worlds"


@cache
def _explained(source: str, target: str) -> Explanation:
    topology = example(NAME)
    return explain(topology, surroundings(topology), question(topology, source, target))


def explained(source: str, target: str) -> Explanation:
    """What the file says of a connection."""
    return _explained(source, target)


def asked(source: str, target: str) -> tuple[Flow, ...]:
    """The flows of a question."""
    topology = example(NAME)
    return flows(topology, surroundings(topology), question(topology, source, target))


def line_of(text: str) -> int:
    """The number of the only line of the example that holds a text."""
    found = [
        number
        for number, line in enumerate((ROOT / "examples" / NAME / "warren.yaml").read_text().splitlines(), 1)
        if text in line
    ]
    assert len(found) == 1, (text, found)
    return found[0]
