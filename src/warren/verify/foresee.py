"""What a file comes to, proved before a host is touched.

In: a topology. Out: the proof of what its hosts should hold, and what speaks against it: what is reachable and not
declared, declared and not reachable, statements and invariants that do not hold. Never asks a host.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address

from warren.basis.diagnostic import Diagnostic, Place, error
from warren.desired.carried import with_local_ports
from warren.desired.lower import lower
from warren.desired.model import HostState
from warren.prove.compare import Difference, Kind, compare, ends
from warren.prove.header import NAMES, shown
from warren.prove.interpret import Interpreter
from warren.prove.invariants import Finding, Invariant, of_hosts, of_packets
from warren.prove.matrix import Proof, walked
from warren.prove.network import network
from warren.prove.outside import Outside
from warren.topology.model import PrefixPermission, ProgramPermission, ServicePermission, Topology
from warren.verify.apart import MANY, in_families
from warren.verify.beyond import outside_of
from warren.verify.claims import claims_of
from warren.verify.local import misled
from warren.verify.statements import Spoken, broken, judged

ANSWERS = Invariant.ANSWERS_COME_BACK
FAULT = "what warren makes of the file is wrong, not the file: nothing is changed; please report it"


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What was proved, and what speaks against it."""

    outside: Outside
    states: Mapping[str, HostState]
    against: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What one family's proof says."""

    lines: Spoken
    differences: tuple[Difference, ...]
    findings: tuple[Finding, ...]


def foresee(topology: Topology) -> Foreseen:
    """Prove what the file would make of its hosts; a host's name stands for its key."""
    states = with_local_ports(topology, lower(topology, {name: name for name in topology.hosts}))
    outside = outside_of(topology)
    return Foreseen(outside, states, against(topology, states, outside))


def against(topology: Topology, states: Mapping[str, HostState], outside: Outside) -> tuple[Diagnostic, ...]:
    """Everything that speaks against states of a network's hosts."""
    interpreter = Interpreter.of(network(states, outside))

    def judge(version: int) -> Judged:
        return _judged(topology, states, outside, walked(interpreter, (version,), thrifty=True), version)

    found = tuple(in_families(judge, len(topology.services) >= MANY).values())
    invariants = (*of_hosts(interpreter), *(finding for each in found for finding in each.findings))
    return (
        *broken(topology, [each.lines for each in found]),
        *(_different(topology, difference) for each in found for difference in each.differences),
        *misled(topology, interpreter, FAULT),
        # What is declared and not answered is told above. What nobody declared may stay without an answer: a service of
        # one gateway that leaves by another, and there asks for a door that leads back to its own host.
        *(_found(topology, each) for each in invariants if each.invariant is not ANSWERS),
    )


def _judged(
    topology: Topology, states: Mapping[str, HostState], outside: Outside, proof: Proof, version: int
) -> Judged:
    walk = proof.walks[version]
    ended = {version: ends(proof, walk)}
    lines = judged(topology, proof, walk, ended[version])
    proof.rest()
    # Nothing is kept for the next question that it does not need: both families stand in memory at once.
    differences = compare(proof, claims_of(topology, outside, version), ended)
    del ended
    proof.rest()
    return Judged(lines, differences, of_packets(proof, states))


def _different(topology: Topology, found: Difference) -> Diagnostic:
    example, line = f"from {found.origin.place} {found.packet}", _line(topology, found)
    if found.kind is Kind.OPENED:
        return error("proved-open", f"{example} gets through, and nothing declares it", line, FAULT)
    return error("proved-closed", f"{example} is declared, and does not get through", line, FAULT)


def _found(topology: Topology, found: Finding) -> Diagnostic:
    return error("proved-unsafe", str(found), _line_of(topology, found.place), FAULT)


def _line(topology: Topology, found: Difference) -> Place | None:
    """The line that the example is about: the need or exposure, or else the place where it begins."""
    packet = found.packet
    protocol, target = NAMES.get(packet.protocol, ""), ip_address(shown(packet.version, packet.target))
    for exposure in topology.exposures:
        if target in exposure.addresses and exposure.protocol.value == protocol and packet.dport in exposure.ports:
            return exposure.place
    for need in (*topology.permissions, *topology.visiting(found.origin.place)):
        if need.source != found.origin.place:
            continue
        match need:
            case ServicePermission() if target in tuple(topology.services[need.target].addresses):
                return need.place
            case ProgramPermission() if target in tuple(topology.hosts[need.host].addresses):
                return need.place
            case PrefixPermission() if any(target.version == p.version and target in p for p in need.prefixes):
                return need.place
    return _line_of(topology, found.origin.place)


def _line_of(topology: Topology, place: str) -> Place | None:
    held = topology.services.get(place) or topology.hosts.get(place)
    return held.place if held else None
