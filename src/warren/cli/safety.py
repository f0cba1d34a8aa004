"""What a command of real hosts says about its way back: its terms, the values of secrets, what it cost.

In: where the hosts are, a plan, options. Out: terms for the apply, and lines. Never the value of a secret.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import ParamSpec, TypeVar

import click

from warren import pipeline
from warren.apply import Confirm, Terms
from warren.apply.meter import Meter
from warren.apply.terms import WINDOW, new_terms
from warren.cli import events
from warren.cli.views.text import columns
from warren.desired.model import Platform
from warren.hosts.base import Host, Unreachable
from warren.plan.quiet import is_quiet
from warren.topology.model import Topology

P = ParamSpec("P")
R = TypeVar("R")
# A third of it is a beat, and a gateway lets in a few new connections a minute.
SHORTEST, LONGEST = 30, 3600


def safety_options(function: Callable[P, R]) -> Callable[P, R]:
    """Who confirms, how long the change waits for it, and what it costs."""
    choice = click.Choice([each.value for each in Confirm])
    helped = "Who says that a change stays: the probes, or `warren confirm`."
    for decorate in (
        click.option("--timings", is_flag=True, help="Print round trips, bytes and seconds of each stage."),
        click.option(
            "--window",
            type=click.IntRange(SHORTEST, LONGEST),
            default=WINDOW,
            metavar="SECONDS",
            show_default=True,
            help="A host that nobody confirms goes back after so long.",
        ),
        click.option("--confirm", type=choice, default=Confirm.AUTO.value, show_default=True, help=helped),
    ):
        function = decorate(function)
    return function


def platform_of(found: object) -> Platform:
    """Whole machines hold more than namespaces of this one."""
    return Platform.NETNS if getattr(found, "is_plain", True) else Platform.SYSTEMD


def planned(topology: Topology, hosts: Mapping[str, Host], platform: Platform) -> pipeline.Planned:
    """A plan for hosts that are fit for it; where one is not, what lacks is said instead of what it led to.

    Raises `Refused` and `Unreachable`.
    """
    if platform is Platform.NETNS:
        return pipeline.plan(topology, hosts, platform)
    try:
        found = pipeline.plan(topology, hosts, platform)
    except Unreachable:
        pipeline.preflight(topology, {name: host for name, host in hosts.items() if name in topology.hosts})
        raise
    if is_quiet(found.plan):
        # All that an apply stands on is in use there; whether there is room is looked at before anything is touched.
        return found
    changed = {name for name, host in found.plan.hosts.items() if len(host) and name in topology.hosts}
    pipeline.preflight(topology, {name: hosts[name] for name in changed})
    return found


def terms(
    found: object,
    confirm: str,
    window: int,
    meter: Meter,
    summary: str = "apply",
    values: Mapping[str, Mapping[str, bytes]] | None = None,
) -> Terms | None:
    """The terms of a change; None where the hosts are namespaces of this machine, which nobody can be cut off from."""
    if platform_of(found) is Platform.NETNS:
        return None
    return new_terms(Confirm(confirm), window, summary, values, events.staged(meter.stage))


def timings(meter: Meter) -> Iterator[str]:
    """A table of the stages, closed by their sum."""
    meter.stage("end")
    rows = [(name, row) for name, row in meter.rows.items() if name != "end"]
    cells = [(name, str(row.trips), str(row.sent), str(row.received), f"{row.seconds:.2f}") for name, row in rows]
    total = [sum(getattr(row, field) for _, row in rows) for field in ("trips", "sent", "received")]
    seconds = sum(row.seconds for _, row in rows)
    head = ("stage", "round trips", "bytes sent", "bytes received", "seconds")
    yield from columns([head, *cells, ("all", *map(str, total), f"{seconds:.2f}")], "  ")


def split(words: tuple[str, ...]) -> tuple[tuple[str, ...], int | None]:
    """Hosts and the number of a generation, which comes last."""
    if words and words[-1].isdigit():
        return words[:-1], int(words[-1])
    return words, None
