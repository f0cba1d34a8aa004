"""What can be asked of real hosts, and what is left out.

In: a world, flows and the places where we stand. Out: the flows that say something there, and sentences for the rest.
Never lets through what the file does not say who may see.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from warren.basis.address import Protocol
from warren.topology.model import EgressKind, Expectation, Topology
from warren.verify.declared import INTERNET
from warren.verify.flow import INSIDE, Flow
from warren.verify.real import told
from warren.verify.world import World, ssh_port


def tried(at: World, flows: Iterable[Flow], standing: Mapping[str, str], with_udp: bool = False) -> tuple[Flow, ...]:
    """The flows that say something about real hosts; of each it is asked only whether it gets there."""
    doors = frozenset((host.name, ssh_port(host)) for host in at.topology.hosts.values())
    kept = told(at.topology, (f for f in flows if _is_tried(at, f, standing, with_udp)), doors)
    return tuple(replace(flow, real=True, client=None) for flow in kept)


def _is_tried(at: World, flow: Flow, standing: Mapping[str, str], with_udp: bool) -> bool:
    if flow.source not in standing or (flow.protocol is Protocol.UDP and not with_udp):
        return False
    if _is_unsaid(at, flow) or _is_beside(at, flow, standing):
        return False
    if (_is_for_some if flow.source == INTERNET else _is_round_about)(at, flow):
        return False
    return not flow.open or flow.target in at.around.lans or is_heard(at.topology, flow)


def _is_unsaid(at: World, flow: Flow) -> bool:
    """What says nothing from outside: a datagram to an address that no router there knows, and what a host without a
    guard has for others, which is not in the file."""
    if flow.source != INTERNET and flow.source not in at.around.lans:
        return False
    if flow.protocol is Protocol.UDP and flow.via == INSIDE:
        return True
    host = at.topology.hosts.get(flow.target)
    return host is not None and host.guard is None and flow.open


def _is_beside(at: World, flow: Flow, standing: Mapping[str, str]) -> bool:
    """What a host that speaks as a neighbour may do as itself, and what nobody sees arrive at a neighbour."""
    if flow.source in at.around.lans:
        return speaker(standing, flow.source) in (flow.target, _host_of(at.topology, flow.target))
    if flow.target in at.around.lans:
        mine = speaker(standing, flow.target) if flow.target in standing else ""
        return flow.protocol is Protocol.TCP or not mine or mine == _host_of(at.topology, flow.source)
    return False


def speaker(standing: Mapping[str, str], place: str) -> str:
    """The host that speaks for a place; nothing for this machine."""
    return standing[place].partition(" ")[0]


def _host_of(topology: Topology, place: str) -> str:
    service = topology.services.get(place)
    return service.host if service else place


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


def is_heard(topology: Topology, flow: Flow) -> bool:
    """Whether the file itself says that something listens there."""
    if service := topology.services.get(flow.target):
        return any(port.protocol is flow.protocol and flow.reached in port.ports for port in service.ports)
    host = topology.hosts[flow.target]
    programs = (port for port in host.programs if port.protocol is flow.protocol)
    is_ssh = flow.protocol is Protocol.TCP and flow.reached == ssh_port(host)
    return is_ssh or any(flow.reached in port.ports for port in programs)


def is_triable(line: Expectation, standing: Mapping[str, str], with_udp: bool = True) -> bool:
    """Whether a line of `expect` speaks of what is tried between places where we are; the proof judges every line."""
    datagrams = any(port is not None and port.protocol is Protocol.UDP for _, port in line.targets)
    return set(line.sources) <= set(standing) and (with_udp or not datagrams)


def untried(topology: Topology, standing: Mapping[str, str]) -> Iterator[str]:
    """What is left out, in sentences."""
    if INTERNET not in standing:
        yield "this machine is one of the hosts: nothing is asked from the Internet's side"
    doors = dict.fromkeys(f"lan:{each.at}" for each in topology.exposures if each.is_lan)
    for place in doors:
        if place not in standing:
            yield f"nobody of ours stands on the LAN of {place[4:]}: `warren lab test` tries its doors there"
    left = sum(not is_triable(each, standing) for each in topology.expect)
    if left:
        yield f"{left} of the lines under `expect` speak of places where we do not stand: `warren check` proves them"
