"""All evidence of a question: watch, knock, then look.

In: hosts, and what is to be asked of them. Out: the evidence. Never leaves anything on a host.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

from warren.condition import conditions
from warren.desired.model import HostState
from warren.evidence.ask import Door, Filter, HostQuestion
from warren.evidence.knock import WAIT, echoes, knock
from warren.evidence.look import look
from warren.evidence.model import Evidence, Inner, Knock, Seen
from warren.evidence.watch import watching
from warren.formats.nft_trace import TraceLine
from warren.hosts.base import Host, Unreachable


@dataclass(frozen=True, slots=True)
class Crossing:
    """A tunnel between two hosts that packets of the question go through; `address` is that of the far host."""

    near: str
    far: str
    address: str
    mtu: int


@dataclass(frozen=True, slots=True)
class Inquiry:
    """All that is asked: of every host on the way, at which doors from where, through which tunnels."""

    hosts: Mapping[str, HostQuestion]
    doors: tuple[Door, ...] = ()
    packets: Filter | None = None
    crossings: tuple[Crossing, ...] = field(default=())


# What a path must carry at the least (RFC 8200 has 1280 for IPv6; IPv4 through a tunnel the same).
SMALL = 200


def gather(
    hosts: Mapping[str, Host],
    wanted: Mapping[str, HostState],
    inquiry: Inquiry,
    vantage: Host | None,
    token: str,
    wait: float = WAIT,
) -> Evidence:
    """Ask; `vantage` is where the doors are knocked at from, None where nobody can."""
    asked = {name: hosts[name] for name in inquiry.hosts if name in hosts}
    lines: Mapping[str, tuple[TraceLine, ...]] = {}
    knocks: dict[int, Knock] = {}
    sizes: dict[tuple[str, str], Mapping[int, bool]] = {}
    with ThreadPoolExecutor(max_workers=1 + len(inquiry.crossings)) as pool, ExitStack() as stack:
        if inquiry.packets and vantage is not None:
            watch = stack.enter_context(watching(asked, inquiry.packets, token))
            lines = watch.lines
        echoed = {
            each: pool.submit(echoes, asked[each.near], each.address, (SMALL, each.mtu), wait)
            for each in inquiry.crossings
            if each.near in asked
        }
        if vantage is not None:
            knocks = knock(vantage, inquiry.doors, wait)
        for crossing, running in echoed.items():
            if (found := running.result()) is not None:
                sizes[crossing.near, crossing.far] = found
    seen = look(asked, wanted, inquiry.hosts)
    if not knocks or any(each.outcome != "answered" for each in knocks.values()):
        seen = {name: _with_conditions(asked[name], each, inquiry.hosts[name]) for name, each in seen.items()}
    return Evidence(seen, lines, knocks, sizes)


def _with_conditions(host: Host, seen: Seen, question: HostQuestion) -> Seen:
    """How the units of whom is meant are, where there are users and managers at all."""
    known = [each for each in question.workloads if seen.inner.get(each.name, Inner(False)).account]
    try:
        found = conditions(host, known)
    except Unreachable:
        return seen
    inner = dict(seen.inner)
    for service in known:
        mine = tuple(each for each in found if each.service == service.name)
        inner[service.name] = replace(inner[service.name], conditions=mine)
    return replace(seen, inner=inner)


def unreached(names: Iterable[str], evidence: Evidence) -> tuple[str, ...]:
    """The hosts that did not answer."""
    return tuple(name for name in names if name in evidence.seen and evidence.seen[name].trouble)
