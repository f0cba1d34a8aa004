"""Hosts and tunnels at a glance, for people and for programs.

In: glances. Out: lines or a document. Never colour without a word that says the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict

import click

from warren.accounts import Traffic
from warren.cli.glance import HostGlance, TunnelGlance
from warren.cli.views.log import words as unkept
from warren.cli.views.text import age, columns, count, printable, size
from warren.condition import Condition, Update
from warren.probe.certificates import Certificate
from warren.survey.memory import Last, Pending

# Three keepalives of 25 seconds and WireGuard's own 2 minutes between handshakes.
STALE = 195
# What came of the last look for new images (`desired/parts/workloads/updates`).
UPDATES = {
    "current": ("nothing new", None),
    "updated": ("updated", "green"),
    "went-back": ("went back to the image before", "red"),
    "failed": ("could not look", "yellow"),
}
HEALTH = {"healthy": "green", "unhealthy": "red", "starting": "yellow"}


def lines(hosts: Iterable[HostGlance], with_drift: bool = True) -> Iterator[str]:
    """A line for each host, and below it its tunnels and services."""
    for host in hosts:
        yield f"{click.style(host.name, bold=True)}  {_state(host, with_drift)}"
        yield from (f"  change  {line}" for line in _changes(host))
        yield from columns([_tunnel(each) for each in host.tunnels], "  ")
        if host.conditions:
            yield from columns([*_conditions(host)], "  ")
        yield from columns([*_updates(host)], "  ")
        bare = [("certificate", printable(name), _missing()) for name in host.bare]
        yield from columns([*(_certificate(each, host.now) for each in host.certificates), *bare], "  ")
        if quiet := [name for name in host.services if name not in {each.service for each in host.conditions}]:
            yield f"  services  {' '.join(quiet)}{'' if host.is_ours else ', of the file: none is here'}"


def _state(host: HostGlance, with_drift: bool) -> str:
    if host.trouble:
        return click.style(f"not reachable: {printable(host.trouble)}", fg="red")
    if not with_drift:
        return "reachable"
    if not host.is_ours:
        words = click.style("not warren's", fg="yellow")
        return f"reachable, {words}: nothing was applied to it, or it was left; `warren plan` shows what would come"
    generation = f", generation {host.generation}" if host.generation else ""
    if host.drift:
        drift = f"{count(host.drift, 'difference')} to the file"
        return f"reachable, {click.style(drift, fg='yellow')}{generation}"
    return f"reachable, {click.style('in line with the file', fg='green')}{generation}"


def _changes(host: HostGlance) -> Iterator[str]:
    """What has not come to its end, and what did not stay."""
    if host.pending:
        yield click.style(_waiting(host.pending), fg="yellow")
    elif host.last and not host.last.stayed:
        yield click.style(f"the last one, of {printable(host.last.when)}, was {unkept(host.last.outcome)}", fg="yellow")


def _waiting(pending: Pending) -> str:
    who = printable(pending.who) or "somebody"
    if pending.state == "armed":
        when = f"in {count(max(0, pending.left), 'second')}" if pending.left is not None else "now"
        return f"waits, made by {who}: `warren confirm` keeps it, else the host goes back {when}"
    told = {"staged": "is being made", "confirmed": "is being kept", "backing": "is being put back"}
    return f"{told.get(pending.state, 'has not ended')}, made by {who}"


def _conditions(host: HostGlance) -> Iterator[tuple[str, ...]]:
    """A row a unit; what a service has sent and received stands with its first."""
    told: set[str] = set()
    for each in host.conditions:
        moved = host.traffic.get(each.service) if each.service not in told else None
        told.add(each.service)
        yield (*_condition(each, host.now), _traffic(moved) if moved else "")


def _updates(host: HostGlance) -> Iterator[tuple[str, ...]]:
    """What came of the last look for new images, a row a service."""
    found = {each.service: each.update for each in host.conditions if each.update}
    for service, update in found.items():
        word, colour = UPDATES.get(update.result, (printable(update.result), None))
        when = age(host.now - update.at) if update.at is not None else ""
        which = " ".join(unit.removesuffix(".service") for unit in update.units)
        yield ("update", service, click.style(word, fg=colour), when, printable(which), printable(update.reason))


def _traffic(moved: Traffic) -> str:
    return f"{size(moved.received.size)} received, {size(moved.sent.size)} sent"


def _condition(each: Condition, now: int) -> tuple[str, ...]:
    state = click.style(each.state, fg=None if each.state == "running" else "red")
    since = f"started {age(now - each.since)}" if each.since is not None else ""
    health = click.style(each.health, fg=HEALTH.get(each.health)) if each.health else ""
    image = f"{printable(_short(each.image))} ({each.image_id})" if each.image else ""
    ended = count(each.restarts, "restart") if each.restarts else ""
    return ("service", each.unit, state, since, health, ended, image)


def _short(image: str) -> str:
    """A name whose digest is cut as people write them; programs get it whole."""
    name, at, digest = image.partition("@sha256:")
    return f"{name}{at}{digest[:12]}…" if at else image


def _certificate(each: Certificate, now: int) -> tuple[str, ...]:
    left = f"ends in {_span(each.ends - now)}" if each.ends > now else "has ended"
    if each.is_late(now):
        left = click.style(f"{left}, and is not renewed: see the logs of the entry", fg="red")
    due = f"renewed in {_span(each.due - now)}" if each.due > now else "due now"
    return ("certificate", " ".join(map(printable, each.names)), left, due)


def _missing() -> str:
    return click.style("there is none yet: see the logs of the entry", fg="red")


def _span(seconds: int) -> str:
    days, hours, minutes = (max(0, seconds) // unit for unit in (86400, 3600, 60))
    return count(days, "day") if days else count(hours, "hour") if hours else count(minutes, "minute")


def _tunnel(tunnel: TunnelGlance) -> tuple[str, ...]:
    traffic = f"{size(tunnel.received)} received, {size(tunnel.sent)} sent"
    return ("tunnel", tunnel.interface, f"to {printable(tunnel.peer)}", _handshake(tunnel), traffic)


def _handshake(tunnel: TunnelGlance) -> str:
    if tunnel.age is None:
        return click.style("no handshake yet", fg="yellow")
    words = f"handshake {age(tunnel.age)}"
    return click.style(f"{words}, silent", fg="yellow") if tunnel.age > STALE else words


def document(hosts: Iterable[HostGlance]) -> dict[str, object]:
    """The same for programs."""
    return {"hosts": {host.name: entry(host) for host in hosts}}


def entry(host: HostGlance) -> dict[str, object]:
    """One host for programs."""
    return {
        "reachable": host.trouble is None,
        "warrens": host.is_ours,
        "trouble": host.trouble,
        "drift": host.drift,
        "tunnels": [_entry(each) for each in host.tunnels],
        "services": list(host.services),
        "generation": host.generation,
        "pending": _document(host.pending),
        "last": _document(host.last),
        "traffic": {name: _sizes(each) for name, each in host.traffic.items()},
        "units": [_unit(each) for each in host.conditions],
        "certificates": [
            {"names": list(each.names), "ends": each.ends, "due": each.due, "late": each.is_late(host.now)}
            for each in host.certificates
        ],
        "names_without_certificate": list(host.bare),
    }


def _document(value: Pending | Last | Update | None) -> dict[str, object] | None:
    return asdict(value) if value else None


def _sizes(each: Traffic) -> dict[str, int]:
    return {"received": each.received.size, "sent": each.sent.size}


def _unit(each: Condition) -> dict[str, object]:
    return {
        "service": each.service,
        "unit": each.unit,
        "state": each.state,
        "since": each.since,
        "health": each.health,
        "restarts": each.restarts,
        "image": each.image,
        "image_id": each.image_id,
        "update": _document(each.update),
    }


def _entry(tunnel: TunnelGlance) -> dict[str, object]:
    return {
        "interface": tunnel.interface,
        "peer": tunnel.peer,
        "endpoint": tunnel.endpoint,
        "handshake_age": tunnel.age,
        "received": tunnel.received,
        "sent": tunnel.sent,
    }
