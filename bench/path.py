"""The path of packets: throughput, requests and connections, beside the same path made otherwise.

In: a lab with warren on two hosts and rivals on others. Out: ratios of interleaved rounds. Leaves no lab behind.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bench.paths import hand, rivals, strict
from bench.paths.ground import Ground, ground
from bench.paths.plain import replace_tunnel
from bench.paths.way import Silent, Way, measures, rounds, serving
from bench.result import Goal, Result, Row, versus
from warren.lab import allowed

ORDER = 40
BY_HAND = Goal("at least", 0.97)
BARE_TUNNEL = Goal("at least", 0.95)
AHEAD = Goal("above", 1.0)
GOALS: Mapping[str, Goal] = {"by hand": BY_HAND, "bare tunnel": BARE_TUNNEL}
SAME_PROMISES = "by hand, same promises"
NO_GOAL = (SAME_PROMISES, "bare veth pair", "server on the host itself", "bare link")
WARREN = "warren"
PUBLIC = "203.0.113.10"


@dataclass(slots=True)
class Found:
    """Rows and skips, as they come."""

    rows: list[Row] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


def run(quick: bool) -> Result:
    """Every path, on one ground."""
    if reason := allowed.why_not():
        return Result("path", (), (f"no lab can be built: {reason}",))
    found = Found()
    if not shutil.which("iperf3"):
        found.skipped.append("throughput: iperf3 is not installed")
    with ground() as place:
        hand.build(place)
        strict.build(place)
        _paths(place, found, quick)
    return Result("path", tuple(found.rows), tuple(found.skipped))


def _paths(place: Ground, found: Found, quick: bool) -> None:
    for entry in ("near", "far", "h-near", "h-far", "s-near", "b-near", "bare", "bare-home"):
        serving(place.entry(entry))
    one_host, outside = _rootless(place, found)
    _compare(found, "service to service, one host", [*_service_to_service(place), *one_host], quick)
    _compare(found, "Internet to service, one host", [*_outside(place), *outside], quick)
    through = list(_through(place, "bare tunnel"))
    for relayed in rivals.relays(place, place.entry("internet"), hand.BARE.public, hand.BARE.home_address):
        if isinstance(relayed, Way):
            through.append(relayed)
        else:
            found.skipped.append(relayed)
    _compare(found, "Internet to service, by the tunnel", through, quick)
    for one, other, device in (("vps", "home", "wrn-vps"), ("hand", "hand-home", "wg0"), ("bare", "bare-home", "wg0")):
        replace_tunnel(place, one, other, device)
    place.sh("hand-home", "ip route replace default dev wg0 table 100")
    by_cable = [*_through(place, "bare link"), *(() if quick else through[3:])]
    _compare(found, "Internet to service, a cable as tunnel", by_cable, quick)


# ── the ways ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _service_to_service(place: Ground) -> Iterator[Way]:
    yield Way(WARREN, place.entry("asker"), place.address("near"))
    yield Way("by hand", place.entry("h-asker"), "10.99.0.3")
    yield Way(SAME_PROMISES, place.entry("s-asker"), strict.SERVER)
    yield Way("bare veth pair", place.entry("b-asker"), "10.93.0.3")


def _outside(place: Ground) -> Iterator[Way]:
    client = place.entry("internet")
    yield Way(WARREN, client, PUBLIC)
    yield Way("by hand", client, hand.HAND.public)
    yield Way(SAME_PROMISES, client, strict.PUBLIC)
    yield Way("server on the host itself", client, hand.BARE.public)


def _through(place: Ground, bare: str) -> Iterator[Way]:
    client = place.entry("internet")
    yield Way(WARREN, client, PUBLIC, 5202, 7001)
    yield Way("by hand", client, hand.HAND.public, 5202, 7001)
    yield Way(bare, place.entry("bare"), hand.BARE.home_address)


def _rootless(place: Ground, found: Found) -> tuple[list[Way], list[Way]]:
    """Ways between two rootless containers, and from outside to one."""
    between, outside = [], []
    makers = (("slirp4netns", rivals.slirp, "203.0.113.13"), ("pasta", rivals.pasta, "203.0.113.14"))
    for name, make, public in makers:
        if not shutil.which(name):
            found.skipped.append(f"{name}: it is not installed")
            continue
        server, client = make(place)
        serving(server)
        # pasta's container has the host's own address, and finds the host behind its gateway's.
        near = rivals.HOP if name == "pasta" else public
        between.append(Way(name, client, near))
        outside.append(Way(name, place.entry("internet"), public))
    return between, outside


# ── comparing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _compare(found: Found, path: str, ways: Sequence[Way], quick: bool) -> None:
    """Every measure on every way; a rival that stays silent is skipped with its own words."""
    open_ways = [way for way in ways if _opens(found, path, way)]
    # The near rivals differ by little, so they are measured more often than those that differ by much.
    near = 2 if quick else 4
    often = {way.name: near if at < 4 else near // 2 for at, way in enumerate(open_ways)}
    for measure in measures()[:: 2 if quick else 1]:
        figures = rounds(open_ways, measure, often)
        for way in open_ways[1:]:
            ours, theirs = paired(figures[WARREN], figures[way.name])
            if theirs:
                goal = GOALS.get(way.name, None if way.name in NO_GOAL else AHEAD)
                found.rows.append(versus(f"{path}: {measure.name}", way.name, ours, theirs, measure.unit, goal))
            else:
                found.skipped.append(f"{path}, {measure.name}: {way.name} gave no figure")


def paired(ours: Sequence[float | None], theirs: Sequence[float | None]) -> tuple[list[float], list[float]]:
    """The rounds in which both gave a figure."""
    both = [(one, other) for one, other in zip(ours, theirs, strict=False) if one and other]
    return [one for one, _ in both], [other for _, other in both]


def _opens(found: Found, path: str, way: Way) -> bool:
    """Whether a way answers; a tunnel may need a moment for its first handshake."""
    for attempt in range(5):
        try:
            measures()[-2].take(way)
            return True
        except Silent as silent:
            said = str(silent)
            time.sleep(0.5 * attempt)
    if way.name == WARREN:
        raise RuntimeError(f"{path}: warren's own way does not open: {said}")
    found.skipped.append(f"{path}: {way.name} does not open: {said}")
    return False
