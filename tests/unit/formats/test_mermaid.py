"""The text of a flowchart: golden, and unbroken by any label."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.formats.test_dot import GRAPH
from warren.formats.graph import Arrow, Stroke
from warren.formats.mermaid import LINES, identifiers, quote, write


def test_golden() -> None:
    assert write(GRAPH) == (
        """\
---
title: "A title"
---
flowchart LR
  n_net(["Internet"])
  subgraph c_home["Home"]
    n_a["say #34;a#34;<br/>back#92;slash"]:::k_box
    subgraph c_inner["Inner"]
      n_b[("B")]
    end
  end
  n_net ==>|"80/tcp"| n_a
  n_a <-.-> n_b
  n_net --> n_b
  classDef k_box fill:#eeeeff,stroke:#3333aa,color:#000000
  class c_home k_box
"""
    )


def test_identifiers_are_distinct_and_stable() -> None:
    assert identifiers("n", ["a-b", "a_b", "end", "ü", "a-b_2"]) == {
        "a-b": "n_a_b",
        "a_b": "n_a_b_2",
        "end": "n_end",
        "ü": "n__",
        "a-b_2": "n_a_b_2_2",
    }


def test_every_stroke_and_arrow_has_a_line() -> None:
    assert set(LINES) == {(stroke, arrow) for stroke in Stroke for arrow in Arrow}


@given(st.text())
def test_no_text_leaves_its_quotes(text: str) -> None:
    assert re.fullmatch(r'"(<br/>|#\d+;|[^"<>`#\n;&])*"', quote(text))
