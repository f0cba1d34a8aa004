"""What several commands show in the same way.

In: values of the pipeline. Out: text on stdout, progress on stderr, and the exit code that they mean. Never decides
what is done.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from warren.apply import Outcome
from warren.cli import events
from warren.cli.refusal import warn
from warren.cli.views import json, outcome, terminal
from warren.cli.views import plan as view
from warren.cli.views.plan import EQUAL
from warren.pipeline import Planned, changes, in_the_way
from warren.topology.model import Topology

if TYPE_CHECKING:
    from warren.verify.report import Report

FALSE = 3


def show_plan(planned: Planned, as_json: bool, full: bool = False, err: bool = False, equal: str = EQUAL) -> None:
    """The plan; on stderr where stdout belongs to something else."""
    said = changes(planned)
    if events.asked():
        events.tell("plan", **view.document(planned.plan, said))
        warn(in_the_way(planned))
    elif as_json:
        cut = [each.summary for each in in_the_way(planned)]
        click.echo(json.text({**view.document(planned.plan, said), "in_the_way": cut}), err=err)
    else:
        click.echo("\n".join(view.lines(planned.plan, said, full, equal)), err=err)
        warn(in_the_way(planned))


def progress(host: str, words: str) -> None:
    """One line of what became of a host."""
    if events.asked():
        events.tell("host", host=host, said=words)
        return
    click.echo(f"{click.style(host, bold=True)}: {words}", err=True)


def show_outcome(done: Outcome, as_json: bool, equal: str = EQUAL, **more: object) -> int:
    """What was done; on failure what failed where, and what became of the hosts."""
    if events.asked():
        events.tell("outcome", **more, **outcome.document(done))
    elif as_json:
        click.echo(json.text({**more, **outcome.document(done)}))
    elif done.succeeded:
        click.echo(outcome.line(done, equal))
    if not done.succeeded:
        click.echo("\n".join(outcome.failure_lines(done)), err=True)
    return 0 if done.succeeded else 1


def show_confirmed(names: Sequence[str], kept: Outcome) -> int:
    """What came of a change that waited."""
    if kept.succeeded:
        click.echo(f"Confirmed on {', '.join(names)}.")
        return 0
    click.echo("\n".join(outcome.failure_lines(kept)), err=True)
    return 1


def show_picture(topology: Topology) -> None:
    """The network, as wide as the terminal."""
    from warren.pictures import text

    click.echo(text.draw(topology, terminal.columns(), terminal.ascii_only()))


def show_report(report: Report, topology: Topology, as_json: bool) -> int:
    """What verify found."""
    from warren.cli.views import verdict
    from warren.verify.report import document

    if as_json:
        click.echo(json.text(document(report)))
    else:
        lines = verdict.lines(report, topology, terminal.columns(), terminal.ascii_only())
        click.echo("\n".join(lines))
    return 0 if report.holds else FALSE
