"""What happens, as it happens, for programs: one JSON object a line.

In: the wish of the caller, and what there is to tell. Out: lines on stdout. Never anything else there once it is asked
for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import click

P = ParamSpec("P")
R = TypeVar("R")
ASKED = "warren.events"


def option(function: Callable[P, R]) -> Callable[P, R]:
    """For commands that change hosts."""
    return click.option(
        "--events",
        is_flag=True,
        expose_value=False,
        callback=lambda ctx, _, value: ctx.meta.update({ASKED: value}),
        help="Print what happens as it happens, one JSON object a line.",
    )(function)


def asked() -> bool:
    """Whether the command that runs was called so."""
    context = click.get_current_context(silent=True)
    return context is not None and bool(context.meta.get(ASKED))


def tell(event: str, **more: object) -> None:
    """One line, at once."""
    from warren.cli.views import json

    click.echo(json.line({"event": event, **more}))


def staged(stage: Callable[[str], None]) -> Callable[[str], None]:
    """The same, told as well."""
    if not asked():
        return stage

    def both(name: str) -> None:
        tell("stage", stage=name)
        stage(name)

    return both
