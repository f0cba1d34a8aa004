"""Cross-checks of a spec: what no single value shows.

In: a spec. Out: its warnings, or `Refused` with everything that is wrong. Never changes the spec.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import TypeAlias

from warren.basis.diagnostic import Diagnostic, Place, Refused, Severity, error
from warren.spec.checks.containers import containers
from warren.spec.checks.exposures import exposures
from warren.spec.checks.groups import groups
from warren.spec.checks.names import names
from warren.spec.checks.needs import needs
from warren.spec.checks.networks import networks
from warren.spec.checks.ports import ports
from warren.spec.checks.programs import programs
from warren.spec.checks.references import references
from warren.spec.checks.risks import risks
from warren.spec.checks.web import web
from warren.spec.checks.workloads import workloads
from warren.spec.gateways import gateway_names
from warren.spec.model import Spec
from warren.spec.reference import Directory

Check: TypeAlias = Callable[[Spec, Directory], Iterator[Diagnostic]]

# A file with more errors than this is not mended from one report, and looking for near names costs time.
MOST = 100
MOST_HOSTS = 1000
MOST_GATEWAYS = 224
CHECKS: tuple[Check, ...] = (
    names,
    references,
    groups,
    networks,
    ports,
    needs,
    exposures,
    web,
    containers,
    workloads,
    programs,
)
NOWHERE = Place("", 0, 0)


def check(spec: Spec) -> tuple[Diagnostic, ...]:
    """The warnings about `spec` in the order of the file; raises `Refused` where there is an error as well."""
    if too_large := _too_large(spec):
        raise Refused([too_large])
    directory = Directory(spec)
    errors = _distinct(one for each in CHECKS for one in each(spec, directory))
    warnings = _distinct(risks(spec, directory))
    found = tuple(sorted((*errors, *warnings), key=lambda one: one.place or NOWHERE))
    if any(one.severity is Severity.ERROR for one in found):
        raise Refused(found)
    return found


def _too_large(spec: Spec) -> Diagnostic | None:
    """Every two hosts have a way to each other, so that their number counts twice."""
    for what, count, most in (
        ("hosts", len(spec.hosts), MOST_HOSTS),
        ("gateways", len(gateway_names(spec)), MOST_GATEWAYS),
    ):
        if count > most:
            return error("too-many", f"{count} {what} are more than {most}", spec.place("hosts", key=True))
    return None


def _distinct(found: Iterator[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The first of them; what `defaults:` says wrong is wrong for every service, and is said once."""
    kept: dict[Diagnostic, None] = {}
    for one in islice(found, 10 * MOST):
        kept[one] = None
        if len(kept) == MOST:
            break
    return tuple(kept)
