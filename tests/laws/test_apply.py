"""What holds for every change of every network: it leads where it should, or nothing has happened."""

from __future__ import annotations

from copy import deepcopy

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.memory import Hosts, applied, apply, changes, fresh
from tests.strategies import topologies
from tests.topologies import everything, two_hosts
from warren.desired.items.tunnel import KEY_FILE
from warren.hosts.fake import FakeHost
from warren.observe import OWNED
from warren.topology.model import Topology

# A failing example is small enough as it is drawn: to look for a smaller one takes minutes.
EXAMPLES = settings(max_examples=12, phases=set(Phase) - {Phase.shrink, Phase.explain})
# Each step in a deep run, every fourth in a quick one.
EVERY = 1 if settings().max_examples > 100 else 4
Pictures = dict[str, list[str]]


@EXAMPLES
@given(topologies(), topologies())
def test_a_change_leads_to_what_is_declared(old: Topology, new: Topology) -> None:
    hosts = applied(new, applied(old, fresh(old, new)))
    assert changes(new, hosts) == []
    beginning = applied(new, fresh(old, new))
    for name, host in hosts.items():
        # Kernel settings of a host that leaves are not put back by a plan: others may rely on them by now.
        stays = name in new.hosts
        assert difference({name: pictured(beginning[name], stays)}, {name: pictured(host, stays)}) == []


@EXAMPLES
@given(topologies())
def test_what_is_no_longer_declared_leaves_nothing(topology: Topology) -> None:
    hosts, bare = fresh(topology), Topology("net", None, topology.prefix4, topology.prefix6, {}, {}, (), (), ())
    before = {name: pictured(host, with_settings=False) for name, host in hosts.items()}
    applied(bare, applied(topology, hosts))
    assert difference(before, {name: pictured(host, with_settings=False) for name, host in hosts.items()}) == []


@EXAMPLES
@given(topologies(), topologies(), st.data())
def test_a_change_that_fails_anywhere_changes_nothing(old: Topology, new: Topology, data: st.DataObject) -> None:
    hosts = applied(old, fresh(old, new))
    victim = data.draw(st.sampled_from(sorted(hosts)))
    steps = steps_of(new, deepcopy(hosts))[victim]
    if steps:
        fail_at(data.draw(st.integers(0, steps - 1)), victim, new, hosts)


@pytest.mark.slow
@pytest.mark.parametrize("victim", ["vps", "home"])
def test_a_change_that_fails_at_any_step_changes_nothing(victim: str) -> None:
    hosts = applied(two_hosts(), fresh(everything()))
    for number in range(0, steps_of(everything(), deepcopy(hosts))[victim], EVERY):
        fail_at(number, victim, everything(), deepcopy(hosts))


@pytest.mark.slow
@pytest.mark.parametrize("victim", ["vps", "home"])
def test_a_removal_that_fails_at_any_step_changes_nothing(victim: str) -> None:
    hosts = applied(everything(), fresh(everything()))
    for number in range(0, steps_of(two_hosts(), deepcopy(hosts))[victim], EVERY):
        fail_at(number, victim, two_hosts(), deepcopy(hosts))


def test_the_others_are_put_back_when_a_host_goes_away() -> None:
    hosts = applied(two_hosts(), fresh(everything()))
    before = {name: pictured(host) for name, host in hosts.items()}
    hosts["home"].leaves_at = 10
    outcome = apply(everything(), hosts)
    assert outcome.failure and outcome.failure.host == "home"
    assert outcome.failure.left == ("home cannot be reached: Connection refused",)
    after = {name: pictured(host) for name, host in hosts.items()}
    assert difference(before, after | {"home": before["home"]}) == []
    hosts["home"].away, hosts["home"].leaves_at = False, None
    assert changes(everything(), applied(everything(), hosts)) == []


def steps_of(topology: Topology, hosts: Hosts) -> dict[str, int]:
    """How many commands the change takes on each host."""
    before = {name: host.steps for name, host in hosts.items()}
    applied(topology, hosts)
    return {name: host.steps - before[name] for name, host in hosts.items()}


def fail_at(number: int, victim: str, topology: Topology, hosts: Hosts) -> None:
    """The victim fails at a command; afterwards every host is as it was."""
    before = {name: pictured(host) for name, host in hosts.items()}
    hosts[victim].fails_at = number
    outcome = apply(topology, hosts)
    assert outcome.failure and outcome.failure.host == victim, number
    assert outcome.failure.restored, (number, outcome.failure)
    assert "injected: No space left on device" in outcome.failure.reason
    after = {name: pictured(host) for name, host in hosts.items()}
    assert difference(before, after) == [], number


def pictured(host: FakeHost, with_settings: bool = True) -> list[str]:
    """The whole machine as text, without what stays on purpose.

    A key that was made is kept, and so is the file of what is ours once it is empty; accept_ra of an uplink stays 2,
    which without forwarding means what 1 does.
    """
    kept = (f"file {KEY_FILE}", "sysctl net.ipv6.conf.eth0.accept_ra", *(() if with_settings else ("sysctl ",)))
    return [line for line in host.picture() if line != f"file {OWNED} 600: " and not line.startswith(kept)]


def difference(before: Pictures, after: Pictures) -> list[str]:
    """The lines that one picture has and the other has not."""
    gone = [f"{name}: - {line}" for name in before for line in before[name] if line not in after[name]]
    return gone + [f"{name}: + {line}" for name in after for line in after[name] if line not in before[name]]
