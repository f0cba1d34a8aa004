"""Verify on real hosts: connections between real programs, where a lab has stand-ins.

In: a topology and real hosts as the ground. Out: a report. What listens is not ours to answer: connections are made and
left, datagrams are taken away in front of it. Never tries what the file does not say who may see.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from warren.basis.address import Protocol
from warren.probe.ground import Ground
from warren.probe.lookout import Lookout
from warren.topology.model import Address, Expectation, Topology
from warren.verify.askable import is_heard, is_triable, speaker, tried
from warren.verify.datagrams import Listening, Sight, Untold, heard, hidden, judged
from warren.verify.declared import INTERNET, declared
from warren.verify.expect import UNTRIED, Held, judge, wanted
from warren.verify.flow import Flow
from warren.verify.report import Report
from warren.verify.rounds import affordable, attempt
from warren.verify.strangers import strangers
from warren.verify.verdict import Verdict, gather
from warren.verify.world import world


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
    flows = affordable((*matrix, *further), expected)
    listening = eyes.listening(spaces(topology)) if eyes is not None else {}
    verdicts, untold = told_of(topology, ground, flows, eyes, listening)
    shown = [v for v in verdicts if (v.flow.key, v.flow.address) in own]
    held = [_held(topology, line, one, untold) for line in statements for one in judge(at, [line], verdicts)]
    # the matrix comes first: the scan need not ask again for what is open
    scanned = None
    if eyes is not None and scan is not False:
        scanned = strangers(at, ground, eyes, verdicts, listening, bool(scan))
    return Report(gather(shown), tuple(held), scanned, untold=untold)


def told_of(
    topology: Topology, ground: Ground, flows: Sequence[Flow], eyes: Lookout | None, listening: Listening
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
    sight = Sight(topology, eyes.blind, listening, came, neighbours)
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


def _held(topology: Topology, line: Expectation, held: Held, untold: Iterable[Untold]) -> Held:
    """A line of `expect` is answered where something speaks against it, or nothing of it is left open."""
    against = tuple(each for each in held.against if not each.endswith(UNTRIED))
    is_open = len(against) < len(held.against) or any(
        each.flow.source in line.sources and _is_meant(topology, line, each.flow) for each in untold
    )
    return held if against or not is_open else replace(held, against=(), told=False)


def _is_meant(topology: Topology, line: Expectation, flow: Flow) -> bool:
    ports = [port for place, port in line.targets if place == flow.target]
    given = [port for port in ports if port is not None and port.protocol is flow.protocol]
    return any(flow.port in port.ports or flow.reached in port.ports for port in given) or (
        None in ports and is_heard(topology, flow)
    )
