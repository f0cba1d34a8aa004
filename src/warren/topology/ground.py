"""What every pass stands on.

In: a spec and the ledger that covers it. Out: one frozen value with its names indexed. Never changes from pass to pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from warren.basis.diagnostic import Place, Refused, error
from warren.spec.model import Spec
from warren.spec.reference import Directory
from warren.topology.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Ground:
    """A spec, what was allocated for it, and what its names refer to."""

    spec: Spec
    ledger: Ledger
    directory: Directory


def refuse(code: str, summary: str, place: Place | None, hint: str | None = None) -> NoReturn:
    """Give up with one sentence: what `check` cannot see, or what nobody checked."""
    raise Refused([error(code, summary, place, hint)])
