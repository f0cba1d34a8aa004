"""What holds on every network, whatever its file says.

In: a proof, and the states that it was made from. Out: findings, each with an example. Never needs a declaration.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from warren.desired.model import HostState
from warren.formats.nft.model import Unknown
from warren.prove import itself, messages, packets
from warren.prove.compare import SOURCE_PORTS, examples
from warren.prove.diagrams import ALL, NOTHING, Diagram
from warren.prove.header import CLIENT_PORT, ICMP6, NUMBERS, Packet, opening, shown
from warren.prove.interpret import Interpreter
from warren.prove.matrix import Proof, Proved, services_starts
from warren.prove.messages import STRANGERS as STRANGERS
from warren.prove.network import Device, Kind, Network, Node, network
from warren.prove.outline import reached
from warren.prove.packets import PROTO, SADDR, SPORT
from warren.prove.tunnels import End, endpoint, tunnels
from warren.prove.walk import Start, Walk

NEIGHBOURS = ((133 << 8, (137 << 8) + 255),)
# A connection that is translated as it leaves takes a source port here, where no file may expose one: else whoever
# answers it could be answered in the place of a port that is exposed (port shadow, CVE-2021-3773).
SPARE = (61000, 65535)


class Invariant(StrEnum):
    """The named invariants; the value says what is wrong when one does not hold."""

    NO_FORGED_SOURCE = "a service can send with an address that is not its own"
    NO_DISGUISE = "somebody outside can send with an address of ours"
    NO_INNER_ADDRESS_LEAVES = "a packet leaves with an address that is not that of the link"
    NO_SHADOWED_PORT = "a connection that leaves can take the place of an exposed port"
    NO_OTHER_WAY_OUT = "with a tunnel down, a service leaves by another way"
    HOSTS_REACH_THEMSELVES = "a host's own connection to itself does not work"
    HOSTS_ARE_ANSWERED = "a host's own connection to the outside is not answered"
    HOSTS_HEAR_MESSAGES = "a ping or a neighbour's message does not arrive at a host"
    ANSWERS_COME_BACK = "a connection that arrives is not answered by the way it came"
    NO_LOOP = "packets go round in circles"
    ONE_TRANSLATION = "two hosts translate the same connection: it is not proved any further"
    TUNNELS_STAND = "a tunnel cannot stand: its packets do not arrive"
    ALL_UNDERSTOOD = "a rule is not understood"


@dataclass(frozen=True, slots=True)
class Finding:
    """An invariant that does not hold: at which place, and a packet or a rule to show it."""

    invariant: Invariant
    place: str
    packet: Packet | None = None
    words: str = ""

    def __str__(self) -> str:
        shown_ = f": {self.packet}" if self.packet else f": {self.words}" if self.words else ""
        return f"{self.place}: {self.invariant.value}{shown_}"


def findings(proof: Proof, states: Mapping[str, HostState]) -> tuple[Finding, ...]:
    """Every invariant that does not hold."""
    return *of_hosts(proof.interpreter), *of_packets(proof, states)


def of_hosts(interpreter: Interpreter) -> tuple[Finding, ...]:
    """Those that are about no family: what rules are understood, and which tunnels stand."""
    return *_not_understood(interpreter.network), *_standing(interpreter)


def of_packets(proof: Proof, states: Mapping[str, HostState]) -> tuple[Finding, ...]:
    """Those that are about packets of the families that the proof is of."""
    found = *_endless(proof), *_forged(proof), *_leaving(proof), *_shadowing(proof), *_unanswered(proof)
    return *found, *_of_themselves(proof), *other_ways(proof, states)


def _endless(proof: Proof) -> Iterator[Finding]:
    for walk in proof.walks.values():
        for held, invariant in ((walk.loops, Invariant.NO_LOOP), (walk.twice, Invariant.ONE_TRANSLATION)):
            for nodes, headers in held:
                packet = packets.example(walk.space, walk.version, headers)
                yield Finding(invariant, nodes[0], packet, " -> ".join(nodes))


def _not_understood(network: Network) -> Iterator[Finding]:
    """Rules with words that nothing here can read: what they do is not proved."""
    for node in network.hosts:
        bases = [base for held in (node.hooks.filters, node.hooks.nats) for each in held.values() for base in each]
        for base in bases:
            for chain in reached(base):
                for rule in chain.rules:
                    if any(isinstance(part, Unknown) for part in rule.statements):
                        yield Finding(Invariant.ALL_UNDERSTOOD, node.name, None, f"{base.table} {chain.name}")


def _is_service(start: Start) -> bool:
    return start.iif is not None and start.iif.level is not None


def _forged(proof: Proof) -> Iterator[Finding]:
    """Arrivals of packets that begin at services with other sources than their own. IPv6 neighbours are on the link."""
    for each in proof.proved:
        if _is_service(each.start) and each.start.iif is not None and each.start.iif.level != SADDR:
            walk = proof.walks[each.version]
            on_link = walk.space.both(walk.space.spans(PROTO, [(ICMP6, ICMP6)]), walk.space.spans(SPORT, NEIGHBOURS))
            forged = walk.space.without(walk.sent(each.start, each.arrival, each.arrival.headers), on_link)
            yield from _shown(proof, each.version, forged, Invariant.NO_FORGED_SOURCE)


def _leaving(proof: Proof) -> Iterator[Finding]:
    """Exits of what began inside, with a source that is not the link's."""
    for each in proof.proved:
        if each.arrival.device is None or _is_from_outside(each.start):
            continue
        walk = proof.walks[each.version]
        own = [(n, n) for v, n in each.arrival.node.devices[each.arrival.device].addresses if v == each.version]
        if not _is_service(each.start):  # a host's own programs may choose among its addresses outside the network
            own.extend(_outer(each.arrival.node, each.version))
        headers = walk.space.without(each.arrival.headers, walk.space.spans(SADDR, own))
        yield from _shown(proof, each.version, _begun(walk, each, headers), Invariant.NO_INNER_ADDRESS_LEAVES)


def _shadowing(proof: Proof) -> Iterator[Finding]:
    """Exits with a source that was translated, and a port that is none of the spare ones."""
    taken = ((0, SPARE[0] - 1),)
    for each in proof.proved:
        if each.arrival.device is None or not each.arrival.legs[-1].naming.source or _is_from_outside(each.start):
            continue
        walk = proof.walks[each.version]
        ported = walk.space.both(packets.is_ported(walk.space), walk.space.spans(SPORT, taken))
        headers = walk.space.both(each.arrival.headers, ported)
        yield from _shown(proof, each.version, _begun(walk, each, headers), Invariant.NO_SHADOWED_PORT)


def _of_themselves(proof: Proof) -> Iterator[Finding]:
    """What hosts do for themselves, and whoever passes for one of ours."""
    for wrong, invariant in (
        (itself.disguised, Invariant.NO_DISGUISE),
        (itself.cut_off, Invariant.HOSTS_REACH_THEMSELVES),
        (itself.unheard, Invariant.HOSTS_ARE_ANSWERED),
    ):
        for version, headers in wrong(proof):
            yield from _shown(proof, version, headers, invariant)
    for origin, packet in messages.unheard(proof):
        yield Finding(Invariant.HOSTS_HEAR_MESSAGES, origin.place, packet)


def _outer(node: Node, version: int) -> Iterator[tuple[int, int]]:
    for device in node.devices.values():
        if device.kind is Kind.UPLINK:
            yield from ((n, n) for of, n in device.addresses if of == version)


def _is_from_outside(start: Start) -> bool:
    single = start.iif.single if start.iif else None
    return single is not None and start.node.devices[single].kind is Kind.UPLINK


def _unanswered(proof: Proof) -> Iterator[Finding]:
    """Arrivals inside whose answers do not come back; a stranger's odd source is his own fault."""
    for each in proof.proved:
        if each.arrival.device is None and _is_service(each.start) and each.start.bound != ALL:
            walk = proof.walks[each.version]
            headers = walk.space.without(each.arrival.headers, each.answered)
            yield from _shown(proof, each.version, _begun(walk, each, headers), Invariant.ANSWERS_COME_BACK)


def _begun(walk: Walk, each: Proved, headers: Diagram) -> Diagram:
    return walk.sent(each.start, each.arrival, headers) if headers != NOTHING else NOTHING


def _shown(proof: Proof, version: int, headers: Diagram, invariant: Invariant) -> Iterator[Finding]:
    if headers == NOTHING:
        return
    for origin, packet in examples(proof, proof.walks[version], headers):
        yield Finding(invariant, origin.place, packet)


def _standing(interpreter: Interpreter) -> Iterator[Finding]:
    """WireGuard's own packets: out of the host that dials, and into the one that listens."""
    for node, device in _dialling(interpreter.network):
        for peer in sorted(device.tunnel.peers if device.tunnel else (), key=str):
            if peer.endpoint and not _stands(interpreter, node, device, peer.endpoint):
                yield Finding(Invariant.TUNNELS_STAND, node.name, None, f"{device.name} to {peer.endpoint}")


def _dialling(network: Network) -> Iterator[tuple[Node, Device]]:
    for node in network.hosts:
        yield from ((node, device) for device in node.devices.values() if device.tunnel)


def _stands(interpreter: Interpreter, node: Node, device: Device, where: str) -> bool:
    (version, address), port = endpoint(where)
    dials = interpreter.tunnels.dials
    far = next((to for dialling, to, at in dials if (dialling, at) == ((node.name, device.name), where)), None)
    source = next((first for first, _ in _outer(node, version)), None)
    if far is None or source is None:
        return False
    out = interpreter.trace(node.name, opening(version, source, address, NUMBERS["udp"], port, port))
    return out.works and _lets_in(interpreter, far[0], version, address, port)


def _lets_in(interpreter: Interpreter, host: str, version: int, address: int, port: int) -> bool:
    """The listening host takes the packet from a stranger by the uplink that has the address, and answers."""
    node = interpreter.network.nodes[host]
    packet = opening(version, STRANGERS[version], address, NUMBERS["udp"], CLIENT_PORT, port)
    uplinks = [d.name for d in node.devices.values() if d.kind is Kind.UPLINK and (version, address) in d.addresses]
    return any(interpreter.trace(host, packet, name).works for name in uplinks)


def other_ways(proof: Proof, states: Mapping[str, HostState]) -> Iterator[Finding]:
    """Exits that services have only while a tunnel is down."""
    up = {version: _exits(proof, version) for version in proof.walks}
    for node, device in _dialling(proof.network):
        if not proof.network.services(node.name):
            continue
        down = frozenset({(node.name, device.name)})
        lessened = _without(proof.network, states, node.name, down)
        for version, walk in proof.walks.items():
            for number, headers in _exits_without(proof, walk, lessened, node.name):
                more = walk.space.without(headers, up[version].get(number, NOTHING))
                for origin, packet in examples(proof, walk, more):
                    words = f"{device.name} down: leaves by {number} to {shown(version, packet.target)}"
                    yield Finding(Invariant.NO_OTHER_WAY_OUT, origin.place, packet, words)


def _without(made: Network, states: Mapping[str, HostState], host: str, down: frozenset[End]) -> Network:
    """The network with devices of one host gone; all other nodes are the same."""
    alone = network({host: states[host]}, made.outside, down).nodes[host]
    # The very chains that the host has anyway: what they do is known.
    lessened = replace(alone, hooks=made.nodes[host].hooks)
    return replace(made, nodes={**made.nodes, host: lessened})


def _exits(proof: Proof, version: int) -> dict[str, Diagram]:
    """What services send out of the network, by the host where it leaves."""
    walk = proof.walks[version]
    return _by_exit(walk, (each for each in proof.proved if each.version == version and _is_service(each.start)))


def _by_exit(walk: Walk, given: Iterable[Proved]) -> dict[str, Diagram]:
    found: dict[str, Diagram] = {}
    for each in given:
        if each.exit:
            headers = walk.space.forget(walk.sent(each.start, each.arrival, each.arrival.headers), SOURCE_PORTS)
            found[each.exit] = walk.space.either(found.get(each.exit, NOTHING), headers)
    return found


def _exits_without(proof: Proof, walk: Walk, lessened: Network, host: str) -> Iterator[tuple[str, Diagram]]:
    same = frozenset(node.name for node in lessened.hosts) - {host}
    again = Walk.after(walk, lessened, tunnels(lessened), same)
    numbers = {each.name: proof.of(each.name)[0] for each in lessened.services(host)}
    # What services send is the same: a tunnel is none of their devices.
    begun = services_starts(walk, proof.network.nodes[host], numbers)
    found = [
        Proved(walk.version, start, arrival, NOTHING)
        for start in begun
        for arrival in again.arrivals(replace(start, node=lessened.nodes[host]))
    ]
    yield from _by_exit(again, found).items()
