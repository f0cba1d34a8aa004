"""A change on whole machines over real ssh: kept when all is well, gone back alone when it cuts the operator off."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pytest

from tests.machines.rig import Rig, rig, until
from tests.machines.test_faults import OLD, other
from warren import pipeline
from warren.apply import Confirm, Outcome, Terms, apply_safely, generations
from warren.apply.bundle import is_last
from warren.apply.protocol import Line
from warren.cli.glance import glance
from warren.cli.ground import hosts_of
from warren.desired.items.route import Route
from warren.desired.items.tunnel import Peer, Tunnel
from warren.desired.lower import lower
from warren.desired.model import HostState, Item, Platform, of_kind
from warren.hosts.base import Host
from warren.observe import observe
from warren.plan.diff import diff
from warren.topology.model import Topology

pytestmark = pytest.mark.long
WINDOW = 30
# Nobody's key.
WRONG = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
_names = itertools.count()


@dataclass(slots=True)
class Bench:
    """A rig on which the old file stands; hosts are reached over ssh."""

    rig: Rig
    old: Topology
    new: Topology

    @property
    def hosts(self) -> Mapping[str, Host]:
        """Over ssh, from the operator's place."""
        return hosts_of(self.rig.lab)

    def plan(self, topology: Topology, hosts: Mapping[str, Host]) -> pipeline.Planned:
        """What would change."""
        return pipeline.plan(topology, hosts, Platform.SYSTEMD)

    def apply(self, topology: Topology, window: int = 60, confirm: Confirm = Confirm.AUTO) -> Outcome:
        """As a user does."""
        hosts = self.hosts
        return pipeline.apply(self.plan(topology, hosts), hosts, terms=terms(window, confirm))

    def is_at(self, topology: Topology) -> bool:
        """Whether nothing would change, seen without any network."""
        return self.plan(topology, self.rig.hosts).plan.is_empty


def terms(window: int = 60, confirm: Confirm = Confirm.AUTO) -> Terms:
    """Of a change with a name of its own."""
    return Terms(f"t{next(_names)}", "ada@pc", confirm=confirm, window=window)


@pytest.fixture(scope="module")
def made(machines: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Two machines on which the old file was applied over ssh."""
    with rig(tmp_path_factory.mktemp("safe"), OLD) as found:
        yield Bench(found, found.topology, other(found))


@pytest.fixture
def bench(made: Bench) -> Iterator[Bench]:
    """The same, with the old file in force."""
    outcome = made.apply(made.old)
    assert outcome.succeeded, outcome.failure
    yield made


def test_a_change_and_its_return_over_ssh(bench: Bench) -> None:
    assert bench.apply(bench.new).succeeded and bench.is_at(bench.new)
    hosts = bench.hosts
    back = pipeline.plan_back(bench.old, hosts, None, Platform.SYSTEMD)
    assert pipeline.apply(back, hosts, terms=terms()).succeeded and bench.is_at(bench.old)
    told = generations.history(hosts)
    assert [entry.outcome for entry in told["vps"][-2:]] == ["applied", "applied"]
    assert bench.apply(bench.old) == Outcome(0)


@pytest.mark.long
def test_what_a_person_does_not_confirm_goes_back(bench: Bench) -> None:
    assert bench.apply(bench.new, window=WINDOW, confirm=Confirm.MANUAL).succeeded
    # What opens nothing waits for the confirmation: users, images, secrets.
    left = [change for host in bench.plan(bench.new, bench.rig.hosts).plan.hosts.values() for change in host]
    assert {change.key for change in left} == {"user:blog"} and all(map(is_last, left))
    until(lambda: bench.rig.fails("home", "[ -e /var/lib/warren/pending ]"), WINDOW + 10)
    until(lambda: bench.rig.fails("vps", "[ -e /var/lib/warren/pending ]"), WINDOW + 10)
    assert bench.is_at(bench.old)


def test_what_a_person_confirms_stays(bench: Bench) -> None:
    assert bench.apply(bench.new, confirm=Confirm.MANUAL).succeeded
    waits = generations.waiting(bench.hosts)
    seen = glance(bench.new, bench.hosts, Platform.SYSTEMD)
    assert {host.pending.state for host in seen if host.pending} == {"armed"}
    assert all(host.pending and host.pending.who == "ada@pc" and 0 < (host.pending.left or 0) <= 60 for host in seen)
    assert waits and generations.keep(bench.hosts, waits).succeeded
    assert not any(host.pending for host in glance(bench.new, bench.hosts, Platform.SYSTEMD))
    assert bench.is_at(bench.new)


def test_two_operators_at_once(bench: Bench) -> None:
    Line(bench.rig.hosts["vps"]).tell("lock", "theirs", "eve@laptop", 60)
    outcome = bench.apply(bench.new)
    assert outcome.failure and "eve@laptop has been changing this host since" in outcome.failure.reason
    Line(bench.rig.hosts["vps"]).tell("unlock", "theirs")
    assert bench.apply(bench.new).succeeded


# ── changes that cut the operator off ─────────────────────────────────────────────────────────────────────────────────


def without_ssh(topology: Topology) -> Topology:
    """The gateway's firewall lets ssh in at another port than the one that is used."""
    vps = topology.hosts["vps"]
    assert vps.guard
    shut = replace(vps, guard=replace(vps.guard, ssh_port=2222))
    return replace(topology, hosts={**topology.hosts, "vps": shut})


def cut(bench: Bench, change: Item | None, topology: Topology) -> tuple[Outcome, float]:
    """Applies what cuts the operator off, past what would refuse it; the outcome, and for how long ssh was shut.

    The operator's own connections go through as long as they last: the rules let what is established pass.
    """
    hosts = bench.hosts
    keys = {name: seen.public_key or "" for name, seen in observe(hosts, {}).items()}
    desired = lower(topology, keys, Platform.SYSTEMD)
    if change:
        vps = desired["vps"]
        desired["vps"] = HostState({**vps.items, change.key: change})
    before = observe(hosts, desired)
    plan = diff(desired, {name: seen.state for name, seen in before.items()}, ["vps"])
    with shut(bench.rig) as times:
        outcome = apply_safely(hosts, plan, desired, before, terms(WINDOW))
        until(lambda: "open" in times, WINDOW + 30, every=1)
    return outcome, times["open"] - times["shut"]


@contextmanager
def shut(rig: Rig) -> Iterator[dict[str, float]]:
    """When the gateway had changed what lets ssh in, and when a connection from outside was accepted again.

    It is looked at from within: the gateway lets in a few connections only, and the operator needs those.
    """
    times, end = dict[str, float](), threading.Event()

    def look() -> None:
        while not end.wait(0.1) and "open" not in times:
            if "shut" not in times:
                if not rig.fails("vps", "[ -e /run/warren/first.done ]"):
                    times["shut"] = time.monotonic()
            elif rig.fails("vps", "[ -e /var/lib/warren/pending ]"):
                if rig.reaches("internet", "203.0.113.10", 22, 3):
                    times["open"] = time.monotonic()

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield times
    finally:
        end.set()
        looking.join()


def test_ssh_dropped(bench: Bench) -> None:
    outcome, seconds = cut(bench, None, without_ssh(bench.old))
    assert outcome.failure and 0 < seconds < WINDOW + 5, seconds
    assert bench.is_at(bench.old)
    assert bench.apply(bench.new).succeeded


@pytest.mark.long
def test_the_way_to_the_operator_gone(bench: Bench) -> None:
    # Where `internet` and the operator are, seen from the gateway.
    outcome, seconds = cut(bench, Route("192.0.0.0/2", table="main"), bench.old)
    assert outcome.failure and 0 < seconds < WINDOW + 5, seconds
    assert bench.is_at(bench.old)
    assert bench.apply(bench.new).succeeded


@pytest.mark.long
def test_the_tunnel_gone(bench: Bench) -> None:
    keys = {name: seen.public_key or "" for name, seen in observe(bench.rig.hosts, {}).items()}
    (tunnel,) = of_kind(lower(bench.old, keys, Platform.SYSTEMD)["vps"], Tunnel)
    peers = frozenset(Peer(WRONG, peer.allowed, peer.endpoint, peer.keepalive) for peer in tunnel.peers)
    outcome, _ = cut(bench, replace(tunnel, peers=peers), bench.old)
    assert outcome.failure and "vps does not answer through the tunnel any more" in outcome.failure.reason
    assert outcome.failure.restored and bench.is_at(bench.old)
    until(lambda: not bench.rig.fails("home", "ping -c1 -W1 10.86.0.1"), 30)
