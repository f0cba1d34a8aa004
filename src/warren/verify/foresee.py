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
from warren.prove.compare import Difference, Kind, all_ends, compare
from warren.prove.header import NAMES, shown
from warren.prove.invariants import Finding, Invariant, findings
from warren.prove.matrix import Proof, prove
from warren.prove.outside import Outside
from warren.topology.model import PrefixPermission, ProgramPermission, ServicePermission, Topology
from warren.verify.beyond import outside_of
from warren.verify.claims import claims_of
from warren.verify.local import misled
from warren.verify.statements import broken

ANSWERS = Invariant.ANSWERS_COME_BACK
FAULT = "what warren makes of the file is wrong, not the file: nothing is changed; please report it"


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The proof, what it was made from, and what speaks against it."""

    outside: Outside
    states: Mapping[str, HostState]
    proof: Proof
    against: tuple[Diagnostic, ...]


def foresee(topology: Topology) -> Foreseen:
    """Prove what the file would make of its hosts; a host's name stands for its key."""
    states = with_local_ports(topology, lower(topology, {name: name for name in topology.hosts}))
    outside = outside_of(topology)
    proof = prove(states, outside)
    return Foreseen(outside, states, proof, against(topology, states, outside, proof))


def against(
    topology: Topology, states: Mapping[str, HostState], outside: Outside, proof: Proof | None = None
) -> tuple[Diagnostic, ...]:
    """Everything that speaks against states of a network's hosts."""
    proof = proof or prove(states, outside)
    ended = all_ends(proof)
    differences = compare(proof, claims_of(topology, outside), ended)
    return (
        *broken(topology, proof, ended),
        *(_different(topology, each) for each in differences),
        *misled(topology, proof.interpreter, FAULT),
        # What is declared and not answered is told above. What nobody declared may stay without an answer: a service of
        # one gateway that leaves by another, and there asks for a door that leads back to its own host.
        *(_found(topology, each) for each in findings(proof, states) if each.invariant is not ANSWERS),
    )


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
    for need in topology.permissions:
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
