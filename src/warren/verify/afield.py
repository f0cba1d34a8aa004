"""Verify on real hosts: connections between real programs, where a lab has stand-ins.

In: a topology and real hosts as the ground. Out: a report. What listens is not ours to answer: connections are made and
left, datagrams are taken away in front of it. Never tries what the file does not say who may see.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from warren.basis.address import Protocol
from warren.probe.ground import Ground
from warren.probe.lookout import Lookout
from warren.topology.model import Address, EgressKind, Expectation, Topology
from warren.verify.datagrams import Sight, Untold, heard, hidden, judged
from warren.verify.declared import INTERNET, declared
from warren.verify.expect import UNTRIED, Held, judge, wanted
from warren.verify.flow import INSIDE, Flow
from warren.verify.real import told
from warren.verify.report import Report
from warren.verify.rounds import affordable, attempt
from warren.verify.strangers import strangers
from warren.verify.verdict import Verdict, gather
from warren.verify.world import World, ssh_port, world


def places(topology: Topology) -> dict[str, tuple[str, str]]:
    """Where each place is: its host, and its namespace there."""
    hosts = {name: (name, "") for name in topology.hosts}
    return {**hosts, **{one.name: (one.host, one.netns) for one in topology.services.values()}}


def seen(topology: Topology, outside: tuple[Address, ...]) -> dict[str, tuple[Address, ...]]:
    """With which addresses places stand in the Internet: gateways with their own, and whoever asks from outside."""
    gateways = {host.name: tuple(host.public) for host in topology.gateways}
    return {**gateways, **({INTERNET: outside} if outside else {})}


def verify_real(topology: Topology, ground: Ground, eyes: Lookout | None = None, scan: bool | None = None) -> Report:
    """Try what is declared between services, hosts and the machine where this runs; datagrams where `eyes` watch.

    `scan` asks for all ports of the gateways, None for those that matter.
    """
    around = ground.surroundings()
    at = world(topology, around)
    standing = ground.namespaces()
    with_udp = eyes is not None
    statements = [each for each in topology.expect if is_triable(each, standing, with_udp)]
    matrix = tried(at, declared(topology, around), standing, with_udp)
    expected = {(f.key, f.address): f for f in tried(at, wanted(at, statements), standing, with_udp)}
    own = {(f.key, f.address) for f in matrix}
    further = [f for name, f in expected.items() if name not in own]
    verdicts, untold = told_of(topology, ground, affordable((*matrix, *further), expected), eyes)
    shown = [v for v in verdicts if (v.flow.key, v.flow.address) in own]
    held = [one for line in statements for one in judge(at, [line], verdicts) if _is_told(topology, line, one, untold)]
    # the matrix comes first: the scan need not ask again for what is open
    looked = strangers(at, ground, eyes, verdicts, bool(scan)) if eyes is not None and scan is not False else None
    return Report(gather(shown), tuple(held), looked, untold=untold)


def told_of(
    topology: Topology, ground: Ground, flows: Sequence[Flow], eyes: Lookout | None
) -> tuple[tuple[Verdict, ...], tuple[Untold, ...]]:
    """What became of flows, and of which nothing can be told."""
    if eyes is None:
        return attempt(ground, flows), ()
    standing = ground.namespaces()
    neighbours = {place: speaker(standing, place) for place in ground.surroundings().lans if place in standing}
    before = Sight(topology, dict(eyes.blind), neighbours=neighbours)
    kept_back = tuple(Untold(flow, why) for flow in flows if (why := hidden(before, flow)))
    found = attempt(ground, [flow for flow in flows if not hidden(before, flow)], eyes.ask)
    came = heard((v.flow for v in found), (v.outcome for v in found))
    sight = Sight(topology, eyes.blind, eyes.listening(spaces(topology)), came, neighbours)
    ends = [judged(sight, each.flow, each.outcome) for each in found]
    untold = (*kept_back, *(e for e in ends if isinstance(e, Untold)))
    return tuple(e for e in ends if isinstance(e, Verdict)), untold


def spaces(topology: Topology) -> dict[str, list[str]]:
    """On each host the namespaces of services that have ports for datagrams."""
    found: dict[str, list[str]] = {name: [] for name in topology.hosts}
    for service in topology.services.values():
        if any(port.protocol is Protocol.UDP for port in service.ports):
            found[service.host].append(service.netns)
    return found


def links(topology: Topology) -> dict[str, list[str]]:
    """On each host its ends of the links of its services."""
    found: dict[str, list[str]] = {name: [] for name in topology.hosts}
    for service in topology.services.values():
        found[service.host].append(service.veth)
    return found


def _is_told(topology: Topology, line: Expectation, held: Held, untold: Iterable[Untold]) -> bool:
    """Whether a line of `expect` was answered: something speaks against it, or nothing is left open."""
    return any(not each.endswith(UNTRIED) for each in held.against) or not any(
        each.flow.source in line.sources and _is_meant(topology, line, each.flow) for each in untold
    )


def _is_meant(topology: Topology, line: Expectation, flow: Flow) -> bool:
    ports = [port for place, port in line.targets if place == flow.target]
    given = [port for port in ports if port is not None and port.protocol is flow.protocol]
    return any(flow.port in port.ports or flow.reached in port.ports for port in given) or (
        None in ports and _is_heard(topology, flow)
    )


def tried(at: World, flows: Iterable[Flow], standing: Mapping[str, str], with_udp: bool = False) -> tuple[Flow, ...]:
    """The flows that say something about real hosts; of each it is asked only whether it gets there."""
    doors = frozenset((host.name, ssh_port(host)) for host in at.topology.hosts.values())
    kept = told(at.topology, (f for f in flows if _is_tried(at, f, standing, with_udp)), doors)
    return tuple(replace(flow, real=True, client=None) for flow in kept)


def _is_tried(at: World, flow: Flow, standing: Mapping[str, str], with_udp: bool) -> bool:
    if flow.source not in standing or (flow.protocol is Protocol.UDP and not with_udp):
        return False
    if _is_known_outside(at, flow, standing) or _is_beside(at, flow, standing):
        return False
    if (_is_for_some if flow.source == INTERNET else _is_round_about)(at, flow):
        return False
    return not flow.open or flow.target in at.around.lans or _is_heard(at.topology, flow)


def _is_known_outside(at: World, flow: Flow, standing: Mapping[str, str]) -> bool:
    """What says nothing from outside: a datagram to an address that no router there knows, and a program of a host
    without a guard, of which the file does not say whether it is there for others."""
    if flow.source != INTERNET and flow.source not in at.around.lans:
        return False
    if flow.protocol is Protocol.UDP and flow.via == INSIDE:
        return True
    host = at.topology.hosts.get(flow.target)
    return host is not None and host.guard is None and flow.open and flow.reached != ssh_port(host)


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


def _is_heard(topology: Topology, flow: Flow) -> bool:
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
