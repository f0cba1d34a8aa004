"""What is said of hosts that are left.

In: where the hosts are, and whose data stays. Out: lines, or a refusal. Never touches a host.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import click

from warren.basis.diagnostic import Refused, error
from warren.cli.views.text import printable
from warren.desired.account import HOMES


def refuse_namespaces(found: object) -> None:
    """Namespaces of this machine have nothing to go back to. Raises `Refused`."""
    if getattr(found, "is_plain", True):
        hint = "`warren lab down` ends a lab, and nothing of it is left"
        raise Refused([error("nothing-to-leave", "hosts of a lab are namespaces of this machine", None, hint)])


def refuse_forgetful(found: object) -> None:
    """Namespaces of this machine keep no generations. Raises `Refused`."""
    if getattr(found, "is_plain", False):
        hint = "`warren lab up --machines` boots hosts that do"
        raise Refused([error("nothing-kept", "hosts of a lab of namespaces do not remember their changes", None, hint)])


def lines(kept: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Each host that was left, and whose data is still there."""
    for name, services in kept.items():
        data = f"; {HOMES} keeps the data of {printable(', '.join(services))}" if services else ""
        yield f"{click.style(name, bold=True)}: as it was before the first apply{data}"
