"""What the engine says when it cannot go on, told to the caller.

In: an exception. Out: its diagnostics on stderr, or as JSON on stdout. Never a traceback, never an exit code.
"""

from __future__ import annotations

from collections.abc import Iterable

import click

from warren.basis.diagnostic import Diagnostic, Refused, did_you_mean, error
from warren.cli import events
from warren.cli.excerpts import lines_of
from warren.cli.views import diagnostics as view
from warren.cli.views import json
from warren.hosts.base import Unreachable

# More names are no hint.
MOST = 8


def diagnostics(stopped: Exception) -> tuple[Diagnostic, ...] | None:
    """The sentences in an exception; None when it is a fault of ours."""
    if isinstance(stopped, Refused):
        return stopped.diagnostics
    if isinstance(stopped, Unreachable):
        return (error("unreachable", str(stopped), None, stopped.hint),)
    return _of_a_step(stopped) or _of_a_probe(stopped)


def _of_a_step(stopped: Exception) -> tuple[Diagnostic, ...] | None:
    from warren.apply import StepFailed
    from warren.apply.protocol import Stopped

    if isinstance(stopped, Stopped):
        return (error("host-refuses", str(stopped)),)
    return (error("step-failed", str(stopped)),) if isinstance(stopped, StepFailed) else None


def _of_a_probe(stopped: Exception) -> tuple[Diagnostic, ...] | None:
    from warren.probe.ground import Fault

    return (error("probe-failed", str(stopped)),) if isinstance(stopped, Fault) else None


def no_host(name: str, hosts: Iterable[str]) -> Refused:
    """A host that the caller named, and that the file does not have."""
    there = list(hosts)
    hint = did_you_mean(name, there) or f"hosts are {', '.join(there[:MOST])}"
    return Refused([error("unknown-host", f"there is no host `{name}`", None, hint)])


def tell(found: tuple[Diagnostic, ...], as_json: bool) -> None:
    """Prints all of them at once."""
    if events.asked():
        warn(found)
        events.tell("outcome", applied=0, succeeded=False, failure=None)
    elif as_json:
        click.echo(json.text(view.document(found)))
    else:
        warn(found)


def warn(found: tuple[Diagnostic, ...]) -> None:
    """Prints them on stderr, or nothing where there are none."""
    if events.asked():
        for each in found:
            events.tell("diagnostic", **view.entry(each))
    elif shown := view.lines(found, lines_of):
        click.echo("\n".join(shown), err=True)
