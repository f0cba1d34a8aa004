"""Cross-checks of a spec: what no single value shows.

In: a spec. Out: its warnings, or `Refused` with everything that is wrong. Never changes the spec.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import TypeAlias

from warren.basis.diagnostic import Diagnostic, Place, Refused, Severity
from warren.spec.checks.containers import containers
from warren.spec.checks.exposures import exposures
from warren.spec.checks.groups import groups
from warren.spec.checks.names import names
from warren.spec.checks.needs import needs
from warren.spec.checks.networks import networks
from warren.spec.checks.ports import ports
from warren.spec.checks.references import references
from warren.spec.checks.risks import risks
from warren.spec.model import Spec
from warren.spec.reference import Directory

Check: TypeAlias = Callable[[Spec, Directory], Iterator[Diagnostic]]

# A file with more errors than this is not mended from one report, and looking for near names costs time.
MOST = 100
CHECKS: tuple[Check, ...] = (names, references, groups, networks, ports, needs, exposures, containers)
NOWHERE = Place("", 0, 0)


def check(spec: Spec) -> tuple[Diagnostic, ...]:
    """The warnings about `spec` in the order of the file; raises `Refused` where there is an error as well."""
    directory = Directory(spec)
    errors = _distinct(one for each in CHECKS for one in each(spec, directory))
    warnings = _distinct(risks(spec, directory))
    found = tuple(sorted((*errors, *warnings), key=lambda one: one.place or NOWHERE))
    if any(one.severity is Severity.ERROR for one in found):
        raise Refused(found)
    return found


def _distinct(found: Iterator[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The first of them; what `defaults:` says wrong is wrong for every service, and is said once."""
    return tuple(islice(dict.fromkeys(islice(found, 10 * MOST)), MOST))
