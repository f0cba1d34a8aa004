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

# Whatever carries anything carries this.
SMALL = 200


@dataclass(frozen=True, slots=True)
class Crossing:
    """A tunnel between two hosts that packets of the question go through; `address` is that of the far host.

    Without `mtu` it only has to carry small packets.
    """

    near: str
    far: str
    address: str
    mtu: int | None = None

    @property
    def sizes(self) -> tuple[int, ...]:
        return (SMALL, self.mtu) if self.mtu else (SMALL,)


@dataclass(frozen=True, slots=True)
class Approach:
    """The way of a host that dials to a gateway's door, outside of the tunnel; `address` is that of the door."""

    near: str
    far: str
    address: str


@dataclass(frozen=True, slots=True)
class Inquiry:
    """All that is asked: of every host on the way, at which doors from where, through and beside which tunnels."""

    hosts: Mapping[str, HostQuestion]
    doors: tuple[Door, ...] = ()
    packets: Filter | None = None
    crossings: tuple[Crossing, ...] = field(default=())
    approaches: tuple[Approach, ...] = field(default=())


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
    sent = len(inquiry.crossings) + len(inquiry.approaches)
    with ThreadPoolExecutor(max_workers=1 + sent) as pool, ExitStack() as stack:
        if inquiry.packets and vantage is not None:
            watch = stack.enter_context(watching(asked, inquiry.packets, token))
            lines = watch.lines
        through = {
            (each.near, each.far): pool.submit(echoes, asked[each.near], each.address, each.sizes, wait)
            for each in inquiry.crossings
            if each.near in asked
        }
        beside = {
            (each.near, each.far): pool.submit(echoes, asked[each.near], each.address, (SMALL,), wait)
            for each in inquiry.approaches
            if each.near in asked
        }
        if vantage is not None:
            knocks = knock(vantage, inquiry.doors, wait)
        sizes = {ends: found for ends, running in through.items() if (found := running.result())}
        pings = {ends: any(found.values()) for ends, running in beside.items() if (found := running.result())}
    seen = look(asked, wanted, inquiry.hosts)
    if not knocks or any(each.outcome != "answered" for each in knocks.values()):
        seen = {name: _with_conditions(asked[name], each, inquiry.hosts[name]) for name, each in seen.items()}
    return Evidence(seen, lines, knocks, sizes, pings)


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
