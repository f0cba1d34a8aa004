"""What stands around hand-made topologies and examples, for tests of the proof.

In: topologies. Out: states of their hosts and descriptions of their outside. Never reads what is permitted.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from tests.topologies import two_hosts
from warren import pipeline
from warren.desired.lower import lower
from warren.desired.model import HostState
from warren.prove.interpret import Interpreter
from warren.prove.network import network
from warren.prove.outside import INTERNET, Outside, Uplink
from warren.topology.model import Host, Lan, Topology

ROOT = Path(__file__).resolve().parents[1]


def states_of(topology: Topology) -> dict[str, HostState]:
    """The desired states; a host's name stands for its key."""
    return lower(topology, {name: name for name in topology.hosts})


def outside_of(topology: Topology) -> Outside:
    """Public addresses on `eth0`; LANs on `eth0` or what follows it, with the host at number 10."""
    return Outside(tuple(uplink for host in topology.hosts.values() for uplink in _uplinks(host)))


def _uplinks(host: Host) -> tuple[Uplink, ...]:
    public = tuple(str(address) for address in host.public)
    line = (Uplink(host.name, "eth0", INTERNET, public),) if public else ()
    lans = tuple(_lan(host, lan, number) for number, lan in enumerate(host.lans))
    if not line and not lans:
        return (Uplink(host.name, "eth0", f"lan:{host.name}", ("192.168.77.10",), ("192.168.77.0/24",)),)
    return (*line, *lans)


def _lan(host: Host, lan: Lan, number: int) -> Uplink:
    place = f"lan:{host.name}" if number == 0 else f"lan:{host.name}/{lan.name}"
    own = tuple(str(prefix[10]) for prefix in lan.prefixes)
    default = not host.public and number == 0
    return Uplink(
        host.name, f"eth{number + host.is_gateway}", place, own, tuple(map(str, lan.prefixes)), default=default
    )


def interpreter(topology: Topology | None = None, states: Mapping[str, HostState] | None = None) -> Interpreter:
    """An interpreter of a topology's desired states, or of others in its surroundings."""
    given = topology or two_hosts()
    return Interpreter.of(network(states or states_of(given), outside_of(given)))


@cache
def example(name: str) -> Topology:
    """The topology of one of the examples."""
    return pipeline.understand(ROOT / "examples" / name / "warren.yaml").topology
