"""Running labs for people and for programs."""

from __future__ import annotations

import click

from warren.cli.glance import HostGlance
from warren.cli.survey import LabGlance
from warren.cli.views.labs import document, lines

LAB = LabGlance("small", (HostGlance("vps", services=("blog",)),), ("internet", "server"), ("vps: the line is cut",))


def test_each_lab() -> None:
    assert [click.unstyle(line) for line in lines([LAB])] == [
        "lab small",
        "  vps  reachable",
        "    services  blog",
        "  places  internet server",
        "  fault  vps: the line is cut",
    ]


def test_none() -> None:
    assert lines([]) == ["No lab runs."]
    assert document([]) == {"labs": []}


def test_for_programs() -> None:
    labs = document([LAB])["labs"]
    assert isinstance(labs, list)
    vps = labs[0]["hosts"]["vps"]
    assert (vps["reachable"], vps["trouble"], vps["tunnels"], vps["services"]) == (True, None, [], ["blog"])
    assert "drift" not in vps
    assert labs[0]["faults"] == ["vps: the line is cut"]
