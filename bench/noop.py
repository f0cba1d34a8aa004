"""What nothing costs, and what little costs: an apply without changes, and one service more among a thousand.

In: generated files; a lab of two hosts. Out: seconds of the command, bytes and elements that would be sent. Leaves no
lab behind.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.commands import WARREN, folder, wall
from bench.generate import generate
from bench.result import Figure, Goal, Result, Row
from warren.apply import apply
from warren.desired.items.file import File
from warren.desired.items.netns import Netns
from warren.desired.items.rules import Rules
from warren.desired.lower import lower
from warren.desired.model import HostState
from warren.formats.nft import diff as nft_diff
from warren.hosts.base import Result as HostResult
from warren.lab import allowed
from warren.lab.lab import find
from warren.observe import Observed
from warren.plan.diff import diff
from warren.plan.model import Change
from warren.spec.check import check
from warren.spec.load import Document, load
from warren.spec.model import Spec
from warren.topology.ledger import Ledger
from warren.topology.resolve import resolve

ORDER = 30
NAME = f"bench-noop-{os.getpid()}"
NOOP_GOAL = Goal("under", 1.0, "s", "warren")
# A hundredth of everything, for a thousandth of the services.
SHARE_GOAL = Goal("at most", 0.01)
EXTRA = """\
  extra:
    host: home-3
    image: registry.example.org/extra:1
    ports: {web: 8080}
    needs: [db-30.sql, cache-31.redis]
    expose: [{port: 9999, to: web}]
"""


@dataclass(slots=True)
class Ear:
    """A host that does nothing but count what it is told."""

    name: str
    heard: int = 0

    def run(self, script: str, stdin: bytes = b"", timeout: float = 60.0) -> HostResult:
        self.heard += len(script.encode()) + len(stdin)
        return HostResult(0, b"", b"")


@dataclass(frozen=True, slots=True)
class Sent:
    """What a plan sends to all hosts."""

    changes: int
    bytes: int
    elements: int


def run(quick: bool) -> Result:
    """The command against a lab, then the plans alone."""
    rows = list(_one_more(200 if quick else 1_000))
    if reason := allowed.why_not():
        return Result("noop", tuple(rows), (f"no lab can be built: {reason}",))
    with folder() as place:
        path = place / "warren.yaml"
        path.write_text(generate(100, hosts=2))
        try:
            rows += _noop(path, 3 if quick else 7)
        finally:
            if left := find(NAME):
                left.down()
    return Result("noop", tuple(rows))


def _noop(path: Path, rounds: int) -> Iterator[Row]:
    up = wall([*WARREN, "lab", "up", str(path), "--name", NAME])
    yield Row("100 services on two lab hosts: warren lab up", Figure(up, "s"))
    argv = [*WARREN, "apply", "-f", str(path), "--lab", NAME, "--yes"]
    times = [wall(argv) for _ in range(rounds)]
    yield Row("the same: warren apply, no change", Figure(median(times), "s"), goal=NOOP_GOAL)


def _one_more(size: int) -> Iterator[Row]:
    """The second file is resolved with the ledger of the first, as a user's is."""
    text = generate(size)
    before, ledger = resolve(_spec(text), Ledger())
    after, _ = resolve(_spec(text.replace("\ngroups:\n", f"\n{EXTRA}\ngroups:\n")), ledger)
    old, new = lower(before), lower(after)
    whole, little = sent(old, {}), sent(new, old)
    what = f"one service added to {size:,}"
    for unit, ours, theirs in (
        ("bytes", little.bytes, whole.bytes),
        ("nft elements", little.elements, whole.elements),
        ("changes", little.changes, whole.changes),
    ):
        goal = SHARE_GOAL if unit != "changes" else None
        yield Row(f"{what}: {unit} sent", Figure(ours), "all of it", Figure(theirs), ours / theirs, goal)


def _spec(text: str) -> Spec:
    spec = load(Document("warren.yaml", text))
    check(spec)
    return spec


def sent(new: Mapping[str, HostState], old: Mapping[str, HostState]) -> Sent:
    """What an apply from the old states to the new ones says to all hosts together; observing is not counted."""
    ears = {name: Ear(name) for name in new}
    plan = diff(new, old)
    apply(ears, plan, new, {name: _seen(old.get(name, HostState())) for name in new})
    changes = [change for host in plan.hosts.values() for change in host]
    return Sent(len(changes), sum(ear.heard for ear in ears.values()), sum(map(elements, changes)))


def _seen(state: HostState) -> Observed:
    owned = frozenset(item.key for item in state if isinstance(item, Netns | File))
    return Observed(state, None, owned, {})


def elements(change: Change) -> int:
    """How many elements of sets and maps a change brings or takes."""
    if not isinstance(change.new, Rules):
        return 0
    if not isinstance(change.old, Rules):
        return sum(len(each.elements) for each in change.new.table.lookups().values())
    sets = nft_diff.tables(change.old.table, change.new.table).sets
    return sum(len(each.added) + len(each.removed) for each in sets)
