"""A spec as a file again."""

from __future__ import annotations

from pathlib import Path

import pytest

from warren.cli.views.spec import document, text
from warren.spec.load import Document, load

EXAMPLES = sorted((Path(__file__).resolve().parents[4] / "examples").glob("*/warren.yaml"))

ODD = """\
version: 1
network: {name: odd}
hosts:
  a: {public: 203.0.113.10, firewall: false}
services:
  s:
    host: a
    image: "1e3"
    environment: {A: "no", B: "0o17", C: "22:22", D: "", E: " x", F: "multi word: text", G: "~"}
    ports: {web: 80}
"""


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_it_reads_back_as_the_same(path: Path) -> None:
    spec = load(Document(str(path), path.read_text()))
    again = load(Document("again.yaml", text(spec)))
    assert document(again) == document(spec)
    assert again.model_dump() == spec.model_dump()


def test_texts_that_look_like_something_else_stay_texts() -> None:
    spec = load(Document("odd.yaml", ODD))
    again = load(Document("again.yaml", text(spec)))
    assert again.services["s"].image == "1e3"
    assert again.services["s"].environment == spec.services["s"].environment
    firewall = again.hosts["a"].firewall
    assert firewall is not None
    assert not firewall.enabled


def test_what_is_empty_is_left_out_and_defaults_are_there() -> None:
    found = text(load(Document("odd.yaml", ODD)))
    assert "volumes" not in found
    assert 'ipv4: "10.86.0.0/16"' in found
