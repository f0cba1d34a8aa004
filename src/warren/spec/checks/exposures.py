"""Exposures: each leads somewhere.

In: a spec. Out: diagnostics. Never compares two of them: `ports` does.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.basis.diagnostic import Diagnostic, error
from warren.spec.exposing import Fault, offers
from warren.spec.model import Spec
from warren.spec.reference import Directory


def exposures(spec: Spec, _: Directory) -> Iterator[Diagnostic]:
    """Everything that is wrong with a line of `expose`."""
    for name, service in spec.services.items():
        for found in offers(spec, name) if service.expose else ():
            if isinstance(found, Fault):
                problem = found.problem
                yield error(problem.code, problem.sentence, spec.place(*found.path), problem.hint)
