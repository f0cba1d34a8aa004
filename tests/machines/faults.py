"""A change that is struck at one point on one of two machines, and what became of it.

In: a rig on which one of two files stands. Out: points at which a change can be struck, blows, and the judgement:
every host holds the old file's state or every host holds the new one's, ssh answers, and the next apply completes.
"""

from __future__ import annotations

import itertools
import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from tests.machines.rig import Rig, until
from warren import pipeline
from warren.apply import Outcome, Terms
from warren.apply.bundle import Order, bundle
from warren.desired.model import HostState, Platform
from warren.hosts.base import Host, Result, Unreachable
from warren.plan.model import Plan
from warren.topology.model import Topology

# What is given back to a host that nobody confirms; as short as a loaded machine allows.
WINDOW = 9
AT = "/run/warren/at-fault"
_changes = itertools.count()


class Blow(StrEnum):
    """What happens at the point."""

    KILL = "kill"  # every process of ours on the target dies by SIGKILL
    CUT = "cut"  # the connection breaks, for good: the operator is gone as far as the host can tell
    POWER = "power"  # the power fails, and comes back
    LOST = "lost"  # one answer is lost on the way


@dataclass(frozen=True, slots=True)
class Point:
    """On the way to a file, on `host`: before the steps below `step` of a half, or around the verb `at` (step 0)."""

    to: str
    host: str
    at: str
    step: int
    blow: Blow

    def __str__(self) -> str:
        return f"{self.to}-{self.host}-{self.at}-{self.step}-{self.blow.value}"


VERBS = ("lock", "stage", "arm", "switch", "renew", "confirm", "forget")
KILL = """
for each in /proc/[0-9]*; do
  [ "${each#/proc/}" != $$ ] && words=$(tr '\\0' ' ' < $each/cmdline 2>/dev/null) || continue
  case $words in *warren/pending*|"sleep 600 "|"sh -s "*|"sh -c # What a change"*) kill -9 ${each#/proc/};; esac
done; rm -f /run/warren/fault
"""


@dataclass(slots=True)
class Line:
    """A carrier that can be struck. See `hosts.base.Host`; a new connection is a new one of these."""

    host: Host
    struck: threading.Event
    loses: str = ""

    @property
    def name(self) -> str:
        """The host's name."""
        return self.host.name

    def run(self, script: str, stdin: bytes = b"", timeout: float = 60.0) -> Result:
        """Until it is struck."""
        if self.struck.is_set():
            time.sleep(0.2)
            raise Unreachable(f"{self.name} cannot be reached: the line is cut")
        result = self.host.run(script, stdin, timeout)
        if self.loses and re.search(rf"^{self.loses} ", script, re.MULTILINE):
            self.loses = ""
            raise Unreachable(f"{self.name} did not answer any more")
        if self.struck.is_set():
            raise Unreachable(f"{self.name} did not answer any more")
        return result


@dataclass(slots=True)
class Trial:
    """One rig on which changes are struck; `stands` is the file whose state it holds."""

    rig: Rig
    old: Topology
    new: Topology
    stands: Topology = field(init=False)

    def __post_init__(self) -> None:
        self.stands = self.old
        self._go(self.old)

    @property
    def wanted(self) -> Topology:
        """The other file."""
        return self.new if self.stands is self.old else self.old

    def apply(self, topology: Topology, lines: Mapping[str, Host], window: int = 60) -> Outcome:
        """As `warren apply` does it, over these carriers."""
        hosts = {**self.rig.hosts, **lines}
        planned = pipeline.plan(topology, self.rig.hosts, Platform.SYSTEMD)
        terms = Terms(f"change{next(_changes)}", "test", window=window)
        return pipeline.apply(planned, hosts, terms=terms)

    def points(self) -> list[Point]:
        """Every step of both halves on both hosts, and every verb, there and back."""
        found = [*self._points()]
        self._go(self.wanted)
        return [*found, *self._points()]

    def _go(self, topology: Topology) -> None:
        outcome = self.apply(topology, {})
        assert outcome.succeeded, outcome.failure
        self.stands = topology

    def _word(self, topology: Topology) -> str:
        return "new" if topology is self.new else "old"

    def _points(self) -> Iterator[Point]:
        to = self._word(self.wanted)
        planned = pipeline.plan(self.wanted, self.rig.hosts, Platform.SYSTEMD)
        for name, plan in planned.plan.hosts.items():
            made = bundle(plan, planned.desired.get(name, HostState()), planned.observed[name], Order("c", "w", 1, ""))
            for half, text in _halves(made.files["change.sh"]):
                for step in re.findall(r"^at=\d+; reached (\d+)$", text, re.MULTILINE):
                    yield from (Point(to, name, half, int(step), blow) for blow in (Blow.KILL, Blow.CUT, Blow.POWER))
            yield from (Point(to, name, verb, 0, Blow.LOST) for verb in VERBS)

    def strike(self, point: Point) -> None:
        """Applies, strikes, and judges; afterwards the rig stands on the other file."""
        if point.to == self._word(self.stands):
            self._go(self.wanted)
        outcome = self._struck(point)
        where = self._where()
        assert len(where) == 1, f"{point}: {where} after {outcome}"
        assert self.rig.reaches("internet", "203.0.113.10", 22, 5), f"{point}: ssh does not answer"
        self._go(self.wanted)
        assert self._where() == {point.to}, f"{point}: not there after the next apply"

    def _struck(self, point: Point) -> Outcome | None:
        hosts = self.rig.hosts
        line = Line(hosts[point.host], threading.Event(), point.at if point.blow is Blow.LOST else "")
        outcome: list[Outcome] = []
        running = threading.Thread(target=lambda: outcome.append(self.apply(self.wanted, {point.host: line}, WINDOW)))
        if point.step:
            condition = f'[ "$half $1" != "{point.at} {point.step}" ]'
            self.rig.run(point.host, f"cat > /run/warren/fault <<'X'\n{condition} || {{ : > {AT}; sleep 600; }}\nX")
        running.start()
        if point.step:
            until(lambda: not self.rig.fails(point.host, f"[ -e {AT} ]"), 30)
            self._blow(point, line)
        running.join()
        return outcome[0] if outcome else None

    def _blow(self, point: Point, line: Line) -> None:
        machine = self.rig.machine(point.host)
        if point.blow is Blow.KILL:
            machine.run(KILL)
        elif point.blow is Blow.CUT:
            line.struck.set()
            self._back_alone(point)
            line.struck.clear()
        else:
            machine.kill()
            machine.boot()

    def _back_alone(self, point: Point) -> None:
        """Nobody can tell it anything: it goes back by itself."""
        until(lambda: self.rig.fails(point.host, "[ -e /var/lib/warren/pending ]"), WINDOW + 45)

    def _where(self) -> set[str]:
        """Which file's state each host holds, each named once; a host in between is named by what differs."""
        self.rig.run("vps", f"rm -f {AT} /run/warren/fault")
        self.rig.run("home", f"rm -f {AT} /run/warren/fault")
        plans = {
            word: pipeline.plan(topology, self.rig.hosts, Platform.SYSTEMD).plan
            for word, topology in (("old", self.old), ("new", self.new))
        }
        return {next(iter(self._which(name, plans)), "") for name in self.rig.hosts}

    def _which(self, name: str, plans: Mapping[str, Plan]) -> Iterator[str]:
        yield from (word for word, plan in plans.items() if not len(plan.hosts[name]))
        nearest = min((plan.hosts[name] for plan in plans.values()), key=len)
        yield f"{name} in between: {[f'{change.action.value} {change.key}: {change.reason}' for change in nearest]}"


def _halves(text: str) -> Iterator[tuple[str, str]]:
    parts = re.split(r"^(first|second|after)\(\) \($", text, flags=re.MULTILINE)
    yield from ((half, body) for half, body in zip(parts[1::2], parts[2::2], strict=True) if half != "after")


def chosen(points: Sequence[Point], budget: int) -> list[Point]:
    """Evenly over all of them, so that every kind and both hosts are among them; there and back in turn."""
    budget = min(budget, len(points))
    few = [points[index * len(points) // budget] for index in range(budget)]
    there, back = ([point for point in few if point.to == to] for to in ("new", "old"))
    return [point for pair in itertools.zip_longest(there, back) for point in pair if point]
