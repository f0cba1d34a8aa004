"""What a golden case can show: for each kind of section, how its text comes from the files of the case.

In: the input files of a case by name. Out: one text. Never reads a disk or a host.

A section `-- KIND REST --` is produced by the function registered for KIND, called with REST: a host, often nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

Files = Mapping[str, str]
Producer = Callable[[Files, str], str]

PRODUCERS: dict[str, Producer] = {}


def produces(kind: str) -> Callable[[Producer], Producer]:
    """Register the function below as the one that produces sections of this kind."""

    def register(producer: Producer) -> Producer:
        PRODUCERS[kind] = producer
        return producer

    return register


def is_input(name: str) -> bool:
    """Whether a section is a file of the case, as `warren.yaml` is, and not an expected text."""
    return "." in name.split()[0]


def produce(section: str, files: Files) -> str:
    """The text that a section should have."""
    kind, _, rest = section.partition(" ")
    if kind not in PRODUCERS:
        raise LookupError(f"no section is called {kind!r}: there are {', '.join(sorted(PRODUCERS)) or 'none yet'}")
    return PRODUCERS[kind](files, rest)
