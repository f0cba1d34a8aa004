"""All that is to be said about a host, or all that forbids an apply.

In: a survey, a topology, the name of a host in it. Out: findings in the order of a person's questions. Never more than
the survey holds: a section that was not asked for has no findings.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import chain

from warren.doctor.checks.addresses import addresses
from warren.doctor.checks.clock import clock
from warren.doctor.checks.company import company
from warren.doctor.checks.disk import disk
from warren.doctor.checks.filters import filters
from warren.doctor.checks.kernel import conntrack, kernel
from warren.doctor.checks.ports import ports
from warren.doctor.checks.settings import settings
from warren.doctor.checks.system import system
from warren.doctor.checks.tools import tools
from warren.doctor.checks.users import subids, users
from warren.doctor.model import Finding, Patient, Survey
from warren.topology.model import Topology

Check = Callable[[Patient], Iterator[Finding]]

# Each check by the section without which it knows nothing.
CHECKS: tuple[tuple[str, Check], ...] = (
    ("system", system),
    ("kernel", kernel),
    ("tools", tools),
    ("clock", clock),
    ("disk", disk),
    ("settings", settings),
    ("settings", conntrack),
    ("addresses", addresses),
    ("sockets", ports),
    ("users", users),
    ("subids", subids),
    ("neighbours", company),
    ("filter", filters),
)
# What a namespace has of its own: all else is that of the machine that it shares with others.
NETWORK = frozenset({"kernel", "settings", "addresses", "sockets", "filter"})


def examine(survey: Survey, topology: Topology, host: str, about: Collection[str] | None = None) -> tuple[Finding, ...]:
    """Everything, what is fine among it; or what there is `about` some sections."""
    patient = Patient(survey, topology, host)
    told = [check for section, check in CHECKS if section in survey.sections and (about is None or section in about)]
    return tuple(chain.from_iterable(check(patient) for check in told))


def examine_all(surveys: Mapping[str, Survey], topology: Topology) -> dict[str, tuple[Finding, ...]]:
    """Every host that answered."""
    return {name: examine(survey, topology, name) for name, survey in surveys.items()}
