"""Hosts at a glance."""

from __future__ import annotations

from tests.topologies import two_hosts
from tests.unit.cli.calling import Timed
from warren import pipeline
from warren.cli.glance import HostGlance, TunnelGlance, alive, glance, tunnels
from warren.desired.model import HostState
from warren.observe import Observed

DUMP = """\
wrn-vps\t-\tOWN=\t51820\toff
wrn-vps\tPEER=\t-\t198.18.1.1:4711\t10.86.1.0/24\t940\t1000\t2000\t25
wrn-vps\tNEVER=\t-\t(none)\t10.86.2.0/24\t0\t0\t0\toff
"""


def applied() -> dict[str, Timed]:
    topology = two_hosts()
    hosts = {name: Timed(name) for name in topology.hosts}
    pipeline.apply(pipeline.plan(topology, hosts), hosts)
    return hosts


def test_tunnels_of_a_dump() -> None:
    observed = Observed(HostState(), None, frozenset(), {"wg": DUMP})
    assert list(tunnels(observed, 1000, {"PEER=": "home"})) == [
        TunnelGlance("wrn-vps", "home", "198.18.1.1:4711", 60, 1000, 2000),
        TunnelGlance("wrn-vps", "NEVER=", None, None, 0, 0),
    ]


def test_hosts_in_line_with_the_file() -> None:
    vps, home = glance(two_hosts(), applied())
    assert (vps.name, vps.drift, vps.services) == ("vps", 0, ("blog",))
    assert (home.drift, [each.peer for each in home.tunnels]) == (0, ["vps"])


def test_drift_and_a_host_that_is_gone() -> None:
    hosts = applied()
    hosts["vps"].away = True
    hosts["home"] = Timed("home")
    vps, home = glance(two_hosts(), hosts)
    assert vps == HostGlance("vps", "vps cannot be reached: Connection refused", services=("blog",))
    assert home.trouble is None
    assert home.drift > 0


def test_a_host_that_the_file_does_not_have_comes_last() -> None:
    assert [host.name for host in glance(two_hosts(), {"old": Timed("old"), **applied()})] == ["vps", "home", "old"]


def test_without_a_file_there_are_tunnels_alone() -> None:
    hosts = {**applied(), "away": Timed("away", away=True)}
    vps, _, away = alive(hosts)
    assert (vps.drift, vps.services, [each.peer for each in vps.tunnels]) == (0, (), ["home"])
    assert away.trouble == "away cannot be reached: Connection refused"
