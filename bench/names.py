"""Names inside and HTTPS outside, beside the same programs without us, and nginx.

In: one lab, with hosts of ours, hosts by hand and bare ones. Out: questions and requests a second, and their times, as
ratios. Leaves no lab behind.
"""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Iterator, Mapping
from functools import partial

from bench.naming.ground import FAR, INSIDE, NEAR, RESOLVER, ground
from bench.naming.load import Load, Measure, asked, counted, rounds, visited
from bench.paths import hand
from bench.paths.ground import Ground
from bench.result import Goal, Result, Row, versus
from warren.lab import allowed
from warren.lab.internet import ORDINARY

ORDER = 70
NEEDED = ("unbound", "caddy", "nginx", "dnsperf", "h2load", "openssl")
OURS = "203.0.113.10"
EQUAL, NEARLY = Goal("at least", 0.9), Goal("at most", 1.15)
FIGURES = {"rate": "", "median": ": median", "slow": ": 99 of 100 within", "cost": ": processor time of the server"}
UNITS = {"rate": "/s", "cost": "µs"}
# More names than are asked in a second: each is asked of the outside.
FRESH = 20_000
_fresh = itertools.count()


def run(quick: bool) -> Result:
    """Questions, then requests over both versions of HTTP, in interleaved rounds."""
    if reason := allowed.why_not():
        return Result("names", (), (f"no lab can be built: {reason}",))
    if missing := [tool for tool in NEEDED if not shutil.which(tool, path=f"{os.environ['PATH']}:/usr/sbin")]:
        return Result("names", (), (f"not installed: {', '.join(missing)}",))
    with ground() as place:
        return Result("names", tuple(_rows(place, 3 if quick else 9, 1500 if quick else 6000)))


def _rows(place: Ground, number: int, count: int) -> Iterator[Row]:
    near = rounds(_inside(place), number)
    yield from _compared("questions, a name inside", near, "hand", "unbound, same link, rules by hand", EQUAL, NEARLY)
    yield from _compared("questions, a name inside", near, "bare", "unbound, bare link")
    # A gateway has so many ports for one server outside; more rounds of new names would wait for them to be free again.
    through = rounds(_through(place), min(number, 3))
    rival = "unbound, tunnel and rules by hand"
    yield from _compared("questions, new names through the tunnel", through, "hand", rival, EQUAL, NEARLY)
    for words, name, option, after in (
        ("HTTP/2", NEAR, "", 0),
        ("HTTP/1.1", NEAR, "--h1", 0),
        ("HTTP/2 and tunnel", FAR, "", 1),
    ):
        found = rounds(_entries(place, name, 8443 + after, option, count), number)
        rest = " and a bare tunnel" if after else " on the host itself"
        yield from _compared(f"requests, {words}", found, "caddy", f"the same Caddy{rest}", EQUAL, NEARLY)
        yield from _compared(f"requests, {words}", found, "nginx", f"nginx{rest}")


def _inside(place: Ground) -> dict[str, Measure]:
    def ask(client: str, server: str, program: str) -> Measure:
        return partial(counted, place.lab, program, partial(asked, place.lab, client, server, [INSIDE], 1000))

    return {
        "ours": ask("site", *_resolver(place, "site")),
        "hand": ask("h-asker", "10.99.0.3", "bench-h-near.conf"),
        "bare": ask("b-asker", "10.93.0.3", "bench-b-near.conf"),
    }


def _through(place: Ground) -> dict[str, Measure]:
    def fresh(client: str, server: str) -> Load:
        start = next(_fresh)
        return asked(place.lab, client, server, [f"n{start}-{number}.{ORDINARY}" for number in range(FRESH)], 200)

    def ask(client: str, server: str, program: str) -> Measure:
        return partial(counted, place.lab, program, partial(fresh, client, server))

    return {"ours": ask("far", *_resolver(place, "far")), "hand": ask("h-ask", RESOLVER, "bench-h-far.conf")}


def _entries(place: Ground, name: str, nginx: int, option: str, count: int) -> dict[str, Measure]:
    def visit(address: str, port: int, program: str) -> Measure:
        return partial(counted, place.lab, program, partial(visited, place.lab, address, port, name, count, option))

    return {
        "ours": visit(OURS, 443, "/etc/warren/web0/Caddyfile"),
        "caddy": visit(hand.BARE.public, 443, "bench.Caddyfile"),
        # What its workers are called does not tell which they are.
        "nginx": visit(hand.BARE.public, nginx, "no program"),
    }


def _resolver(place: Ground, service: str) -> tuple[str, str]:
    """The address of a service's resolver, and a word of its command line."""
    resolver = place.topology.services[service].resolver or ""
    return place.address(resolver), f"/etc/warren/{resolver}/unbound.conf"


def _compared(
    work: str,
    found: Mapping[str, list[Load]],
    rival: str,
    name: str,
    rate: Goal | None = None,
    time: Goal | None = None,
) -> Iterator[Row]:
    for figure, words in FIGURES.items():
        ours, theirs = ([getattr(one, figure) for one in found[key]] for key in ("ours", rival))
        if any(theirs):
            # What it costs explains the rest, and is no goal of its own.
            goal = {"rate": rate, "cost": None}.get(figure, time)
            yield versus(f"{work}{words}", name, ours, theirs, UNITS.get(figure, "ms"), goal)
