"""Running labs, for people and for programs.

In: glances at labs. Out: lines or a document. Never a lab of another user: those are not seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import click

from warren.cli.glance import HostGlance
from warren.cli.survey import LabGlance
from warren.cli.views import status


def lines(labs: Sequence[LabGlance]) -> list[str]:
    """Each lab with its hosts, its places and its faults."""
    if not labs:
        return ["No lab runs."]
    shown: list[str] = []
    for lab in labs:
        shown.append(f"lab {click.style(lab.name, bold=True)}")
        shown += [f"  {line}" for line in status.lines(lab.hosts, with_drift=False)]
        shown += [f"  places  {' '.join(lab.places)}"] if lab.places else []
        shown += [click.style(f"  fault  {fault}", fg="yellow") for fault in lab.faults]
    return shown


def document(labs: Iterable[LabGlance]) -> dict[str, object]:
    """The same for programs."""
    return {
        "labs": [
            {
                "name": lab.name,
                "hosts": {host.name: _entry(host) for host in lab.hosts},
                "places": list(lab.places),
                "faults": list(lab.faults),
            }
            for lab in labs
        ]
    }


def _entry(host: HostGlance) -> dict[str, object]:
    """A lab has no file at hand, so nothing is said about drift."""
    return {name: value for name, value in status.entry(host).items() if name != "drift"}
