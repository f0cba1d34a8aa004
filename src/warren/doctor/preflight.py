"""What an apply must not begin with.

In: a survey (its sections `script.PREFLIGHT` are enough), a topology, the name of a host in it. Out: diagnostics, empty
where an apply may begin. Never anything that an apply could live with.
"""

from __future__ import annotations

from warren.basis.diagnostic import Diagnostic, error
from warren.doctor.examine import examine
from warren.doctor.model import Survey
from warren.topology.model import Topology


def preflight(survey: Survey, topology: Topology, host: str) -> tuple[Diagnostic, ...]:
    """An error for each finding that forbids an apply, with what mends it."""
    return tuple(
        error(each.code, f"{host}: {each.summary}", each.place, _hint(each.mend.command) if each.mend else None)
        for each in examine(survey, topology, host)
        if each.blocks
    )


def _hint(command: str) -> str:
    return f"{command}; `warren doctor` says more"
