"""Not one packet of a service that leaves through its gateway, or not at all, takes another way (T50, S0-24).

The uplinks are watched from before the first apply, while the services send without a pause, through everything that
can happen to a network: its first minute, a tunnel that is down, ended, or cut off, a change, a change that fails
and is put back, and the end of all services.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from tests.lab.running import running
from tests.topologies import pair, service, through, two_hosts
from warren import pipeline
from warren.hosts.base import Host, Result
from warren.lab import faults
from warren.lab.lab import Lab
from warren.lab.proving import Proving
from warren.topology.model import Topology
from warren.verify import unwatch, watch

pytestmark = [pytest.mark.netns, pytest.mark.slow]

A_WHILE = 0.7


@dataclass(frozen=True, slots=True)
class Failing:
    """A host on which the pair of `extra` cannot be made."""

    host: Host

    @property
    def name(self) -> str:
        return self.host.name

    def run(self, script: str, stdin: bytes = b"", timeout: float = 60.0) -> Result:
        return self.host.run(script.replace("link add name v-extra ", "link add name v-game "), stdin, timeout)


def with_extra(topology: Topology) -> Topology:
    """One service more at home, which leaves through the gateway too."""
    extra = service("extra", "home", pair(1, 20), through("vps"), web="80/tcp")
    return replace(topology, services={**topology.services, "extra": extra})


def applied(lab: Lab, topology: Topology, on: Callable[[Host], Host] = lambda host: host) -> bool:
    """Whether an apply succeeded."""
    hosts = {name: on(lab.host(name)) for name in topology.hosts}
    return pipeline.apply(pipeline.plan(topology, hosts), hosts).succeeded


def test_nothing_leaks_whatever_happens() -> None:
    topology = two_hosts()
    with running(topology) as lab:
        watching = watch(topology, Proving(lab, topology))
        assert applied(lab, topology)
        lab.stand_ins(topology)
        time.sleep(A_WHILE)
        for command in ("ip link set wrn-vps down", "ip link set wrn-vps up", "ip rule del pref 8601", "true"):
            lab.host("home").run(command)
            time.sleep(A_WHILE)
        assert applied(lab, topology)
        for _ in range(3):
            faults.cut(lab, "home")
            time.sleep(A_WHILE / 2)
            faults.heal(lab, "home")
            time.sleep(A_WHILE / 2)
        faults.kill_tunnel(lab, "home", "vps")
        time.sleep(A_WHILE)
        assert applied(lab, topology)
        assert applied(lab, with_extra(topology))
        assert applied(lab, topology)
        assert not applied(lab, with_extra(topology), Failing)
        lab.host("home").run("nft flush ruleset")
        time.sleep(A_WHILE)
        assert applied(lab, topology)
        time.sleep(A_WHILE)
        assert applied(lab, replace(topology, services={}, permissions=(), exposures=()))
        leaks = unwatch(topology, watching)
    assert (leaks.leaked, leaks.lost) == (0, 0), leaks.examples
    assert leaks.wireguard > 100 and leaks.sent > 100
