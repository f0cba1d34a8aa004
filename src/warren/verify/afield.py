"""Verify on real hosts: connections between real programs, where a lab has stand-ins.

In: a topology and real hosts as the ground. Out: a report. Tries TCP alone, since what listens is not ours to answer;
never tries what the file does not say who may see.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from warren.basis.address import Protocol
from warren.probe.ground import Ground
from warren.topology.model import Address, EgressKind, Expectation, Topology
from warren.verify.declared import INTERNET, declared
from warren.verify.expect import judge, wanted
from warren.verify.flow import Flow
from warren.verify.real import told
from warren.verify.report import Report
from warren.verify.rounds import affordable, attempt
from warren.verify.verdict import gather
from warren.verify.world import World, ssh_port, world


def places(topology: Topology) -> dict[str, tuple[str, str]]:
    """Where each place is: its host, and its namespace there."""
    hosts = {name: (name, "") for name in topology.hosts}
    return {**hosts, **{one.name: (one.host, one.netns) for one in topology.services.values()}}


def seen(topology: Topology, outside: tuple[Address, ...]) -> dict[str, tuple[Address, ...]]:
    """With which addresses places stand in the Internet: gateways with their own, and whoever asks from outside."""
    gateways = {host.name: tuple(host.public) for host in topology.gateways}
    return {**gateways, **({INTERNET: outside} if outside else {})}


def verify_real(topology: Topology, ground: Ground) -> Report:
    """Try what is declared between services, hosts and the machine where this runs."""
    around = ground.surroundings()
    at = world(topology, around)
    standing = ground.namespaces()
    statements = [each for each in topology.expect if is_triable(each, standing)]
    matrix = tried(at, declared(topology, around), standing)
    expected = {(f.key, f.address): f for f in tried(at, wanted(at, statements), standing)}
    own = {(f.key, f.address) for f in matrix}
    further = [f for name, f in expected.items() if name not in own]
    verdicts = attempt(ground, affordable((*matrix, *further), expected))
    shown = [v for v in verdicts if (v.flow.key, v.flow.address) in own]
    return Report(gather(shown), judge(at, statements, verdicts))


def tried(at: World, flows: Iterable[Flow], standing: Mapping[str, str]) -> tuple[Flow, ...]:
    """The flows that say something about real hosts; of each it is asked only whether it connects."""
    doors = frozenset((host.name, ssh_port(host)) for host in at.topology.hosts.values())
    kept = told(at.topology, (f for f in flows if _is_tried(at, f, standing)), doors)
    return tuple(replace(flow, real=True, client=None) for flow in kept)


def _is_tried(at: World, flow: Flow, standing: Mapping[str, str]) -> bool:
    if flow.protocol is not Protocol.TCP or flow.source not in standing:
        return False
    if (_is_for_some if flow.source == INTERNET else _is_round_about)(at, flow):
        return False
    return not flow.open or _is_heard(at.topology, flow)


def _is_for_some(at: World, flow: Flow) -> bool:
    """Whether the file lets only some sources in: behind a router nobody knows with which address we are seen."""
    door = at.door(flow.address, flow.protocol, flow.port)
    host = at.topology.hosts.get(flow.target)
    guarded = host is not None and host.guard is not None and bool(host.guard.ssh_from) and flow.port == ssh_port(host)
    return guarded or (door is not None and bool(door.sources))


def _is_round_about(at: World, flow: Flow) -> bool:
    """Whether a flow leaves by a home and comes back by a gateway: nobody knows whether that home can."""
    if not any(flow.address in host.public for host in at.topology.hosts.values()):
        return False
    leaves: str | None = flow.source
    if service := at.topology.services.get(flow.source):
        egress = service.egress
        leaves = {EgressKind.DIRECT: service.host, EgressKind.GATEWAY: egress.gateway}.get(egress.kind)
    return leaves is not None and leaves not in at.around.seen


def _is_heard(topology: Topology, flow: Flow) -> bool:
    """Whether the file itself says that something listens there."""
    if service := topology.services.get(flow.target):
        return any(port.protocol is flow.protocol and flow.reached in port.ports for port in service.ports)
    host = topology.hosts[flow.target]
    programs = (port for port in host.programs if port.protocol is flow.protocol)
    return flow.reached == ssh_port(host) or any(flow.reached in port.ports for port in programs)


def is_triable(line: Expectation, standing: Mapping[str, str]) -> bool:
    """Whether a line of `expect` speaks of connections between places where we are; the proof judges every line."""
    return set(line.sources) <= set(standing) and all(p is None or p.protocol is Protocol.TCP for _, p in line.targets)


def untried(topology: Topology, standing: Mapping[str, str]) -> Iterator[str]:
    """What is left out, in sentences."""
    if INTERNET not in standing:
        yield "this machine is one of the hosts: nothing is asked from the Internet's side"
    left = sum(not is_triable(each, standing) for each in topology.expect)
    if left:
        yield f"{left} of the lines under `expect` speak of UDP or of places without us: `warren check` proves them"
    yield "UDP, scans of all ports and LANs are tried in labs: `warren lab test`"
