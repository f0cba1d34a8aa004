"""A running lab at a glance."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.unit.cli.calling import Timed
from warren.cli import survey
from warren.lab.places import Kind, Place

PLACES = (
    Place("vps", Kind.HOST, 1, "vps"),
    Place("blog", Kind.SERVICE, 1, "vps"),
    Place("internet", Kind.OTHER, 2),
)


@dataclass
class FakeLab:
    """A lab with three places."""

    name: str = "small"

    def places(self) -> dict[str, Place]:
        return {place.name: place for place in PLACES}


def test_hosts_have_their_services(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(survey, "hosts_of", lambda lab: {"vps": Timed("vps")})
    monkeypatch.setattr("warren.lab.faults.listed", lambda lab: ("vps: the line is cut",))
    found = survey.survey(FakeLab())  # type: ignore[arg-type]
    assert (found.name, found.places, found.faults) == ("small", ("internet",), ("vps: the line is cut",))
    assert [(host.name, host.services) for host in found.hosts] == [("vps", ("blog",))]
