"""Hosts that write down which of our datagrams come to them, and how far.

In: hosts, and the links of their services. Out: outcomes of probes with the hosts that they came to; who listens. Never
leaves anything behind, nor takes silence for an answer where it cannot watch: such hosts are named.
"""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from warren.formats.sockets import Listener
from warren.hosts.base import Host, Result, Unreachable
from warren.probe import arrivals
from warren.probe.arrivals import Seen
from warren.probe.ask import WINDOW, Outcome, Probe, ask
from warren.probe.ground import Ground

MOST_NUMBERS = 1 << 28
PART = 16384
# What is said of a datagram that nobody would have taken away.
UNSENT = "unsent"


@dataclass(slots=True)
class Lookout:
    """Hosts that are watched. `blind` are those that cannot be, each with the reason; `ended` of them could be until
    now."""

    hosts: Mapping[str, Host]
    token: bytes
    blind: dict[str, str] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.cycle(range(1, MOST_NUMBERS)))

    def ask(self, ground: Ground, probes: Sequence[Probe], after: float = 0.0, window: int = WINDOW) -> list[Outcome]:
        """As `probe.ask.ask`; every datagram gets a number of its own, and its outcome says where it came."""
        outcomes: list[Outcome] = []
        for begin in range(0, len(probes), PART):
            outcomes += self._part(ground, probes[begin : begin + PART], after if not begin else 0.0, window)
        return outcomes

    def _part(self, ground: Ground, probes: Sequence[Probe], after: float, window: int) -> list[Outcome]:
        """So many that no watch is forgotten meanwhile. Where one has ended, no datagram is sent any more."""
        held = {at: probe for at, probe in enumerate(probes) if probe.protocol != "udp" or not self.ended}
        numbers = {at: next(self.numbers) for at, probe in held.items() if probe.protocol == "udp"}
        sent = [
            replace(probe, payload=arrivals.payload(self.token, numbers[at])) if at in numbers else probe
            for at, probe in held.items()
        ]
        outcomes = dict(zip(held, ask(ground, sent, after, window), strict=True))
        seen = self.read() if numbers else {}
        return [
            _with_stops(outcomes[at], numbers[at], seen) if at in numbers else outcomes.get(at, Outcome(error=UNSENT))
            for at in range(len(probes))
        ]

    def read(self) -> dict[str, Seen]:
        """What came to each host that can be watched, since the beginning."""
        said = each(self._awake, arrivals.read_script(self.token))
        for name, result in said.items():
            if isinstance(result, str) or result.code:
                self.blind[name] = result if isinstance(result, str) else "its watch has ended"
                self.ended.add(name)
        return {
            name: arrivals.seen(result.stdout.decode(errors="replace"))
            for name, result in said.items()
            if not isinstance(result, str) and not result.code
        }

    def listening(self, spaces: Mapping[str, Sequence[str]]) -> dict[str, dict[str, tuple[Listener, ...]]]:
        """Who listens on each host: on itself (the empty name) and in those namespaces of it."""
        said = each(self.hosts, lambda name: arrivals.listening_script(spaces.get(name, ())))
        return {
            name: arrivals.listening(result.stdout.decode(errors="replace"))
            for name, result in said.items()
            if not isinstance(result, str) and not result.code
        }

    @property
    def _awake(self) -> dict[str, Host]:
        return {name: host for name, host in self.hosts.items() if name not in self.blind}


@contextmanager
def watching(hosts: Mapping[str, Host], doors: Mapping[str, Sequence[str]]) -> Iterator[Lookout]:
    """Watch while the body runs; `doors` are the links of each host's services."""
    token = arrivals.token_of(secrets.token_bytes(arrivals.TOKEN))
    found = Lookout(hosts, token)
    with ThreadPoolExecutor(max_workers=max(1, len(hosts))) as pool:
        started = {
            name: pool.submit(_try, host, arrivals.watch_script(token, doors.get(name, ())), arrivals.LIMIT + 10)
            for name, host in hosts.items()
        }
        there = dict(hosts)
        try:
            for name, result in each(hosts, arrivals.ready_script(token)).items():
                if isinstance(result, str):
                    found.blind[name] = result
                    del there[name]
                elif result.code:
                    each({name: hosts[name]}, arrivals.stop_script(token))
                    found.blind[name] = _reason(started[name])
            yield found
        finally:
            each(there, arrivals.stop_script(token))


def each(hosts: Mapping[str, Host], script: str | Callable[[str], str]) -> dict[str, Result | str]:
    """A script on every host at once; a sentence stands for one that did not answer."""
    with ThreadPoolExecutor(max_workers=max(1, len(hosts))) as pool:
        run = {
            name: pool.submit(_try, host, script if isinstance(script, str) else script(name), 30.0)
            for name, host in hosts.items()
        }
        return {name: running.result() for name, running in run.items()}


def _try(host: Host, script: str, timeout: float) -> Result | str:
    try:
        return host.run(script, timeout=timeout)
    except Unreachable as gone:
        return str(gone)


def _reason(watch: Future[Result | str]) -> str:
    """Why a host that answers cannot be watched, in the words of its nft where it had any."""
    said = watch.result()
    if isinstance(said, str):
        return said
    wrong = [line for line in said.stderr.decode(errors="replace").splitlines() if line.startswith("Error: ")]
    return f"its nft says: {wrong[-1].removeprefix('Error: ')}" if wrong else "its nft did not begin in time"


def _with_stops(outcome: Outcome, number: int, seen: Mapping[str, Seen]) -> Outcome:
    came = tuple(name for name, one in seen.items() if number in one.came)
    through = tuple(name for name, one in seen.items() if number in one.through)
    own = tuple(name for name, one in seen.items() if number in one.own)
    return replace(outcome, came=came, through=through, own=own)
