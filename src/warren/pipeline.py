"""The stages in their order: read this file first.

In: a path and hosts. Out: every intermediate value, each worth printing. Never decides how anything looks.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from warren import apply as applying
from warren import secrets, source
from warren.apply import generations, leaving
from warren.basis.diagnostic import Diagnostic, Refused
from warren.desired.lower import lower, with_keys
from warren.desired.model import HostState, Platform
from warren.hosts import early
from warren.hosts.base import Host, Unreachable
from warren.observe import Observed, observe
from warren.plan.diff import LEFT, NOT_THEN, diff
from warren.plan.lockout import lockouts
from warren.plan.model import Plan
from warren.plan.quiet import is_quiet
from warren.spec.check import check
from warren.spec.load import load
from warren.spec.model import Spec
from warren.topology.ledger import Ledger
from warren.topology.model import Topology
from warren.topology.resolve import resolve

# The proof and the doctor are read in by the stages that need them: an apply without changes does not.
if TYPE_CHECKING:
    from warren.verify.foresee import Foreseen


@dataclass(frozen=True, slots=True)
class Understood:
    """What a file means. `ledger` holds what was allocated now, `recorded` what the lock file held before."""

    path: Path
    warnings: tuple[Diagnostic, ...]
    topology: Topology
    ledger: Ledger
    recorded: Ledger


@dataclass(frozen=True, slots=True)
class Planned:
    """What would change on which host, and all that it was worked out from."""

    topology: Topology
    desired: Mapping[str, HostState]
    observed: Mapping[str, Observed]
    plan: Plan
    platform: Platform = Platform.NETNS

    @property
    def lacking_keys(self) -> tuple[str, ...]:
        """Hosts that need a WireGuard key and have none yet."""
        ends = {name for tunnel in self.topology.tunnels for name in (tunnel.gateway, tunnel.dialer)}
        return tuple(name for name, seen in self.observed.items() if name in ends and not seen.public_key)


def written(path: Path) -> tuple[Spec, tuple[Diagnostic, ...]]:
    """What the file says, and what is dangerous in it. Raises `Refused` with every diagnostic."""
    document = source.read(path)  # text with places
    spec = load(document)  # what the user wants
    return spec, check(spec)  # names resolve, nothing clashes


def understand(path: Path) -> Understood:
    """File to topology; touches nothing. Raises `Refused` with every diagnostic of the first stage that refuses.

    What was written is not kept: of a large network it takes as much room as what it means.
    """
    spec, warnings = written(path)
    recorded = source.read_ledger(path)  # what was given before
    topology, ledger = resolve(spec, recorded)  # what the network is
    return Understood(path, warnings, topology, ledger, recorded)


def prove(topology: Topology) -> Foreseen:
    """What the file would make of its hosts, proved; touches nothing.

    Raises `Refused` when a statement of the file does not hold, or when proved and declared differ.
    """
    from warren.verify.foresee import foresee

    foreseen = foresee(topology)
    if foreseen.against:
        raise Refused(foreseen.against)
    return foreseen


def unlock(understood: Understood, platform: Platform) -> secrets.Unlocked:
    """The topology with a digest of every secret, and the values; only whole machines have any use for them.

    Raises `Refused` with every secret that cannot be read here.
    """
    if platform is Platform.NETNS:
        return secrets.Unlocked(understood.topology)
    return secrets.unlock(understood.topology, understood.path.parent)


def preflight(topology: Topology, hosts: Mapping[str, Host]) -> None:
    """Looks for what a change could not live with, on hosts of the topology; changes nothing.

    Raises `Refused` with all that was found, and `Unreachable`.
    """
    from warren.doctor.preflight import preflight as unfit
    from warren.doctor.script import PREFLIGHT
    from warren.survey.ask import survey_host

    with ThreadPoolExecutor(max_workers=max(1, len(hosts))) as pool:
        told = pool.map(lambda host: survey_host(host, PREFLIGHT), hosts.values())
        seen = dict(zip(hosts, told, strict=True))
    if found := [each for name, told in seen.items() for each in unfit(told, topology, name)]:
        raise Refused(found)


def plan(topology: Topology, hosts: Mapping[str, Host], platform: Platform = Platform.NETNS) -> Planned:
    """Topology to plan; reads the hosts, which are of one platform, and changes nothing.

    Raises `Unreachable`, and `Refused` when the plan would lock its operator out.
    """
    early.connect(hosts.values())
    desired = lower(topology, platform=platform)  # what each host should hold
    observed = observe(hosts, desired)  # what each host holds
    keys = {name: seen.public_key for name, seen in observed.items() if seen.public_key}
    if shut := lockouts(topology, {name: seen.raw.get("way", "") for name, seen in observed.items()}):
        raise Refused(shut)
    keyed = with_keys(desired, topology, keys, platform)  # only tunnels know keys
    states = {name: seen.state for name, seen in observed.items()}
    gateways = [host.name for host in topology.gateways]
    reached = {name: keyed.get(name, HostState()) for name in hosts}
    return Planned(topology, keyed, observed, diff(reached, states, gateways), platform)


def plan_back(
    topology: Topology, hosts: Mapping[str, Host], number: int | None, platform: Platform = Platform.NETNS
) -> Planned:
    """What leads hosts back to what they held after generation `number`, or before their last change.

    Raises `Unreachable`, and `Stopped` where a host does not remember.
    """
    then = {name: state for name, (_, state) in generations.recall(hosts, number).items()}
    observed = observe(hosts, then)
    desired = {name: generations.with_secrets_of(observed[name].state, state) for name, state in then.items()}
    states = {name: seen.state for name, seen in observed.items()}
    gateways = [host.name for host in topology.gateways]
    return Planned(topology, desired, observed, diff(desired, states, gateways, NOT_THEN), platform)


def plan_leave(topology: Topology, hosts: Mapping[str, Host], platform: Platform) -> Planned:
    """What takes all of ours from these hosts. Raises `Unreachable`."""
    desired = {name: HostState() for name in hosts}
    observed = observe(hosts, desired)
    states = {name: seen.state for name, seen in observed.items()}
    gateways = [each.name for each in topology.gateways]
    return Planned(topology, desired, observed, diff(desired, states, gateways, LEFT), platform)


def leave(
    planned: Planned,
    hosts: Mapping[str, Host],
    terms: applying.Terms,
    progress: applying.Progress = lambda host, words: None,
    purge: bool = False,
) -> tuple[applying.Outcome, dict[str, tuple[str, ...]]]:
    """Carries out such a plan, with a way back, and then puts back what the hosts were before the first change.

    Says whose data stays on which host. Raises `Stopped` and `Unreachable` from the last part alone, which can be
    told again.
    """
    done = applying.apply_safely(hosts, planned.plan, planned.desired, planned.observed, terms, progress)
    return done, leaving.leave(hosts, purge) if done.succeeded else {}


def changes(planned: Planned) -> tuple[str, ...]:
    """What a plan means for the network, in sentences: what hosts hold, proved, against what they should hold."""
    if is_quiet(planned.plan):
        return ()
    from warren.verify.changes import between
    from warren.verify.readers import readers
    from warren.verify.standing import standing

    around = standing(planned.topology, planned.observed).assuming(shut=False)
    before = {name: around.on(name, seen.state) for name, seen in planned.observed.items()}
    after = {name: around.on(name, state) for name, state in _keyed(planned).items()}
    try:
        said = between(before, after, around.outside, planned.topology)
    except ValueError as unclear:  # a service that stands on two hosts: the plan goes on without the sentences
        said = (f"who can reach what is not said: {unclear}",)
    held_now = {name: seen.state for name, seen in planned.observed.items()}
    return (*said, *readers(held_now, _keyed(planned), planned.topology))


def in_the_way(planned: Planned) -> tuple[Diagnostic, ...]:
    """What tables of others on the hosts open or close of what the hosts should hold: theirs are never changed."""
    if not any(seen.raw.get("foreign", "").strip() for seen in planned.observed.values()):
        return ()
    from warren.prove.matrix import prove as prove_hosts
    from warren.verify.changes import changes as changes_between
    from warren.verify.neighbours import told
    from warren.verify.standing import standing

    around, desired = standing(planned.topology, planned.observed), _keyed(planned)
    if not around.tables:
        return ()
    ours = prove_hosts({name: around.routed(name, state) for name, state in desired.items()}, around.outside)

    def with_theirs(shut: bool) -> tuple[str, ...]:
        read = around.assuming(shut)
        states = {name: read.on(name, state) for name, state in desired.items()}
        return changes_between(ours, prove_hosts(states, around.outside, beside=ours), planned.topology)

    shut = with_theirs(True)
    return tuple(told(shut, with_theirs(False) if around.doubts else shut, around.tables, around.doubts))


def _keyed(planned: Planned) -> dict[str, HostState]:
    """The desired states of the hosts that were seen; a host without a key has its name for one."""
    keys = {name: seen.public_key or name for name, seen in planned.observed.items()}
    lacking = planned.lacking_keys
    desired = with_keys(planned.desired, planned.topology, keys, planned.platform) if lacking else dict(planned.desired)
    return {name: desired.get(name, HostState()) for name in planned.observed}


def apply(
    planned: Planned,
    hosts: Mapping[str, Host],
    progress: applying.Progress = lambda host, words: None,
    terms: applying.Terms | None = None,
) -> applying.Outcome:
    """Carries a plan out: on `terms` with a way back on every host, as real hosts need it, else at once.

    Hosts without a key make theirs first, and the plan is drawn up again with it. A host that cannot make its key has
    changed nothing yet; keys that others made are kept for the next time.
    """
    if planned.lacking_keys:
        try:
            applying.make_keys(hosts, planned.lacking_keys)
            planned = plan(planned.topology, hosts, planned.platform)
        except applying.StepFailed as stopped:
            return applying.Outcome(0, applying.Failure(stopped.host, stopped.reason))
        except Unreachable as gone:
            return applying.Outcome(0, applying.Failure("", str(gone)))
    if terms:
        return applying.apply_safely(hosts, planned.plan, planned.desired, planned.observed, terms, progress)
    return applying.apply(hosts, planned.plan, planned.desired, planned.observed, progress)
