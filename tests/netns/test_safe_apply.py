"""A change with a way back on real kernels, without systemd: what refuses it, what strikes it, what it leaves."""

from __future__ import annotations

import itertools
import re
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import pytest

from tests.lab.running import running
from tests.netns.standing import Standing, difference
from tests.topologies import two_hosts
from warren import pipeline
from warren.apply import Confirm, Outcome, Terms, generations
from warren.apply.bundle import Order, bundle
from warren.apply.protocol import Code, Line, Stopped
from warren.apply.safe import apply_safely
from warren.hosts.base import Host, Result, Unreachable
from warren.topology.model import Topology

pytestmark = pytest.mark.netns

_names = itertools.count()
FEWER = replace(
    two_hosts(),
    services={name: each for name, each in two_hosts().services.items() if name != "game"},
    exposures=tuple(each for each in two_hosts().exposures if each.service != "game"),
)
# A quick run strikes every so many steps.
EVERY = 6


@dataclass(slots=True)
class Safe(Standing):
    """A lab on which changes are made as on real hosts."""

    def safely(self, topology: Topology, hosts: Mapping[str, Host] | None = None, **terms: object) -> Outcome:
        """What `warren apply` does on real hosts."""
        return self.carry_out(pipeline.plan(topology, self.hosts), hosts, **terms)

    def carry_out(self, planned: pipeline.Planned, hosts: Mapping[str, Host] | None = None, **terms: object) -> Outcome:
        """A plan that may be old."""
        made = Terms(f"c{next(_names)}", "ada@pc", **terms)  # type: ignore[arg-type]
        return pipeline.apply(planned, hosts or self.hosts, terms=made)

    def held(self) -> dict[str, list[str]]:
        """All that every host holds, without what is remembered of changes."""
        return {name: [line for line in lines if "== files" not in line] for name, lines in self.dump().items()}

    def is_at(self, topology: Topology) -> bool:
        """Whether nothing would change."""
        return pipeline.plan(topology, self.hosts).plan.is_empty

    def fault(self, host: str, shell: str) -> None:
        """Runs before every step of a change; `$half` and `$1` tell which."""
        self.on(host, f"cat > /run/warren/fault <<'X'\n{shell}\nX")

    def well(self) -> None:
        """Ends every fault."""
        for name in self.hosts:
            self.on(name, "rm -f /run/warren/fault")


@pytest.fixture(scope="module")
def made() -> Iterator[Safe]:
    """Two hosts with everything, applied safely."""
    with running(two_hosts()) as lab:
        safe = Safe(lab, two_hosts())
        outcome = safe.safely(two_hosts())
        assert outcome.succeeded, outcome.failure
        yield safe


@pytest.fixture
def safe(made: Safe) -> Iterator[Safe]:
    """The same, brought back to where it was."""
    yield made
    made.well()
    for name in made.hosts:
        made.on(name, "rm -f /var/lib/warren/lock")
    outcome = made.safely(two_hosts())
    assert outcome.succeeded, outcome.failure


@dataclass(slots=True)
class Deaf:
    """A host that loses the answer to one verb, or every one from then on. See `hosts.base.Host`."""

    host: Host
    verb: str
    for_good: bool = False
    lost: bool = False

    @property
    def name(self) -> str:
        """The host's name."""
        return self.host.name

    def run(self, script: str, stdin: bytes = b"", timeout: float = 60.0) -> Result:
        """See `Host.run`."""
        if self.lost and self.for_good:
            raise Unreachable(f"{self.name} cannot be reached")
        result = self.host.run(script, stdin, timeout)
        if not self.lost and re.search(rf"^{self.verb} ", script, re.MULTILINE):
            self.lost = True
            raise Unreachable(f"{self.name} did not answer any more")
        return result


def test_a_change_leaves_nothing_behind_but_its_generation(safe: Safe) -> None:
    outcome = safe.safely(FEWER)
    assert outcome.succeeded and safe.is_at(FEWER)
    listed = safe.on("home", "ls /var/lib/warren | grep -v original; ls /run/warren | grep -v finger").split()
    assert listed == ["generation", "generations", "log", "owned", "boot", "changing"]
    assert safe.on("home", "ls /var/lib/warren/generations | tail -n 1") == safe.on(
        "home", "cat /var/lib/warren/generation"
    )


def test_what_was_remembered_can_be_returned_to(safe: Safe) -> None:
    number = int(safe.on("home", "cat /var/lib/warren/generation"))
    assert safe.safely(FEWER).succeeded
    for wanted in (number, None):
        back = pipeline.plan_back(two_hosts(), safe.hosts, wanted)
        assert {change.key for change in back.plan.hosts["home"]} >= {"netns:game", "nft:warren"}
    assert safe.carry_out(back, summary="rollback").succeeded
    assert safe.is_at(two_hosts())
    last = generations.history(safe.hosts)["home"][-1]
    assert (last.generation, last.who, last.outcome) == (number + 2, "ada@pc", "applied")
    assert last.summary.startswith("rollback: ")
    with pytest.raises(Stopped, match="it keeps no generation 0"):
        pipeline.plan_back(two_hosts(), safe.hosts, 0)


def test_a_plan_made_on_another_state_is_refused(safe: Safe) -> None:
    planned, before = pipeline.plan(FEWER, safe.hosts), safe.held()
    safe.on("home", "ip link set v-db mtu 1400")
    outcome = safe.carry_out(planned)
    assert outcome.failure and outcome.failure.host == "home"
    assert outcome.failure.reason == "it has changed since the plan was made: link:v-db differs"
    safe.on("home", "ip link set v-db mtu 1500")
    assert difference(before, safe.held()) == []
    assert safe.on("vps", "ls /var/lib/warren/lock 2>&1 || :").endswith("No such file or directory\n")


def test_a_second_operator_is_told_who_and_since_when(safe: Safe) -> None:
    Line(safe.hosts["home"]).tell("lock", "theirs", "eve@laptop", 60)
    outcome = safe.safely(FEWER)
    assert outcome.failure and re.fullmatch(
        r"eve@laptop has been changing this host since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", outcome.failure.reason
    )
    assert safe.is_at(two_hosts())


def test_a_lock_ends_with_its_lease(safe: Safe) -> None:
    Line(safe.hosts["home"]).tell("lock", "theirs", "eve@laptop", 0)
    assert safe.safely(FEWER).succeeded


def test_a_lock_of_another_boot_is_none(safe: Safe) -> None:
    Line(safe.hosts["home"]).tell("lock", "theirs", "eve@laptop", 600)
    safe.on("home", "echo another > /run/warren/boot")
    assert safe.safely(FEWER).succeeded


@pytest.mark.parametrize(
    ("break_it", "mend_it", "words"),
    [
        ("mount -o remount,size=1800k /var/lib/warren", "umount /var/lib/warren", "/var/lib/warren has"),
        ("mount -o remount,nr_inodes=100 /var/lib/warren", "umount /var/lib/warren", "inodes left, and a change needs"),
        ("mount -o remount,ro /var/lib/warren", "umount /var/lib/warren", "nothing can be written to /var/lib/warren"),
    ],
)
def test_no_room_is_refused_before_anything_is_touched(safe: Safe, break_it: str, mend_it: str, words: str) -> None:
    before = safe.held()
    # The same memory, on a small disk of its own.
    safe.on(
        "home",
        "cd /var/lib; cp -a warren /tmp/w; mount -t tmpfs -o size=9m tmpfs warren; cp -a /tmp/w/. warren/",
    )
    try:
        safe.on("home", break_it)
        outcome = safe.safely(FEWER)
        assert outcome.failure and words in outcome.failure.reason, outcome
    finally:
        safe.on("home", f"{mend_it}; rm -rf /tmp/w")
    assert difference(before, safe.held()) == []


def test_what_nobody_confirms_goes_back_alone(safe: Safe) -> None:
    before, began = safe.held(), time.monotonic()
    outcome = safe.safely(FEWER, confirm=Confirm.MANUAL, window=3)
    assert outcome.succeeded and outcome.window == 3 and safe.is_at(FEWER)
    while safe.on("home", "cat /var/lib/warren/pending/id 2>/dev/null || :") or safe.on(
        "vps", "cat /var/lib/warren/pending/id 2>/dev/null || :"
    ):
        assert time.monotonic() < began + 20
        time.sleep(0.1)
    assert difference(before, safe.held()) == []
    last = generations.history(safe.hosts)["vps"][-1].outcome
    assert last == "back: window", safe.on("vps", "cat /var/lib/warren/differs")


def test_what_a_person_confirms_stays(safe: Safe) -> None:
    assert safe.safely(FEWER, confirm=Confirm.MANUAL, window=30).window == 30
    other = safe.safely(two_hosts())
    assert other.failure and "ada@pc has been changing this host since" in other.failure.reason
    waits = generations.waiting(safe.hosts)
    assert waits and waits.names == ("vps", "home") and 0 < waits.left <= 30
    assert generations.keep(safe.hosts, waits).succeeded
    assert safe.is_at(FEWER) and generations.waiting(safe.hosts) is None


@pytest.mark.parametrize(
    ("host", "verb"),
    [("home", verb) for verb in ("lock", "stage", "arm", "switch", "confirm", "forget")] + [("vps", "confirm")],
)
def test_a_lost_answer_leaves_all_old_or_all_new(safe: Safe, host: str, verb: str) -> None:
    before = safe.held()
    outcome = safe.safely(FEWER, {**safe.hosts, host: Deaf(safe.hosts[host], verb)})
    if outcome.succeeded:
        assert safe.is_at(FEWER)
    else:
        assert difference(before, safe.held()) == [], outcome


@pytest.mark.long
@pytest.mark.parametrize("verb", ["lock", "stage", "arm", "switch", "confirm"])
def test_a_host_that_goes_away_for_good_goes_back_alone(safe: Safe, verb: str) -> None:
    # The host of the test before has gone back, and may not have said so yet.
    until = time.monotonic() + 10
    while generations.waiting(safe.hosts) is not None and time.monotonic() < until:
        time.sleep(0.1)
    before = safe.held()
    outcome = safe.safely(FEWER, {**safe.hosts, "home": Deaf(safe.hosts["home"], verb, for_good=True)}, window=3)
    assert outcome.failure
    if verb == "confirm":
        # It has confirmed, and could not say so: told to nobody, it keeps what it has, and the next change goes on.
        assert outcome.failure.left
    else:
        assert difference(before, safe.held()) == [], outcome


def test_a_change_that_dies_at_any_step_is_undone(safe: Safe) -> None:
    steps = steps_of(safe, FEWER) + steps_of(safe, two_hosts())
    assert safe.safely(FEWER).succeeded
    before = safe.held()
    for host, half, step in [*steps_of(safe, two_hosts())][::EVERY]:
        safe.fault(host, f'[ "$half $1" != "{half} {step}" ] || kill -9 -- -"$(cat /run/warren/change.pid)"')
        outcome = safe.safely(two_hosts())
        safe.well()
        assert outcome.failure and outcome.failure.restored, (host, half, step, outcome)
        assert difference(before, safe.held()) == [], (host, half, step)
    assert len(steps) >= 0


def test_rules_made_by_hand_in_strange_words_come_back(safe: Safe) -> None:
    safe.on("home", "nft insert rule inet warren passing meta nftrace set 1")
    before = safe.held()
    safe.fault("home", '[ "$half" != second ]')
    outcome = safe.safely(FEWER)
    assert outcome.failure and outcome.failure.restored, outcome
    assert difference(before, safe.held()) == []


def test_an_interrupt_puts_every_host_back(safe: Safe) -> None:
    before, planned = safe.held(), pipeline.plan(FEWER, safe.hosts)

    def interrupted(name: str) -> None:
        if name == "second":
            raise KeyboardInterrupt

    terms = Terms("cx", "ada@pc", stage=interrupted)
    with pytest.raises(KeyboardInterrupt):
        apply_safely(safe.hosts, planned.plan, planned.desired, planned.observed, terms)
    assert difference(before, safe.held()) == []
    assert threading.active_count() < 20


def test_rules_that_the_kernel_refuses_are_found_before_they_are_used(safe: Safe) -> None:
    planned, before = pipeline.plan(FEWER, safe.hosts), safe.held()
    change = bundle(
        planned.plan.hosts["home"], planned.desired["home"], planned.observed["home"], Order("c", "w", 1, "")
    )
    (name,) = [name for name in change.files if name.endswith(".nft")]
    with pytest.raises(Stopped, match="nft refuses the rules") as refused:
        line = Line(safe.hosts["home"])
        line.tell("lock", "cy", "ada@pc", 60)
        generation = safe.on("home", "cat /var/lib/warren/generation").strip()
        from warren.apply.protocol import REMOTE, archive

        files = {**change.files, name: "add rule inet warren nowhere accept\n", "remote.sh": REMOTE}
        line.tell("stage", "cy", 60, generation, 0, stdin=archive(files))
    assert refused.value.code == Code.UNFIT
    assert difference(before, safe.held()) == []


def steps_of(safe: Safe, topology: Topology) -> list[tuple[str, str, str]]:
    """Host, half and number of every step on the way to a topology."""
    planned, found = pipeline.plan(topology, safe.hosts), list[tuple[str, str, str]]()
    for name, plan in planned.plan.hosts.items():
        made = bundle(plan, planned.desired[name], planned.observed[name], Order("c", "w", 1, ""))
        first, _, second = made.files["change.sh"].partition("second() (")
        for half, text in (("first", first), ("second", second.partition("after() (")[0])):
            found += [(name, half, step) for step in re.findall(r"^at=\d+; reached (\d+)$", text, re.MULTILINE)]
    return found
