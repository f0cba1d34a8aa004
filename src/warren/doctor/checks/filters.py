"""Whether rules of others let through what the network sends.

In: a patient with the rules of its kernel. Out: findings, one for each chain that drops. Never judges our own table,
and never says that a packet is dropped where a rule may accept it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from warren.doctor.checks.addresses import uplinks
from warren.doctor.model import Finding, Patient, error, note, ok
from warren.doctor.neighbours import opening, owner
from warren.doctor.rules import nft, tables
from warren.doctor.rules.model import Chain, End, Packet, Ruleset
from warren.topology.model import EgressKind, Pair, ProgramPermission, Service


@dataclass(frozen=True, slots=True)
class Traffic:
    """One kind of packet that the network lives by; `address` holds both addresses where the network knows them."""

    hook: str
    words: str
    fields: Mapping[str, str]
    source: Pair | None = None
    target: Pair | None = None

    def packets(self) -> Iterator[Packet]:
        """The same in both families, unless the family is given; `kind` is that of the target's address."""
        plain = {"state": "new", "status": "", "mark": "", "routing": "", "kind": "unicast"}
        if self.hook == "input":
            plain["kind"] = "local"
        for family in ("ip", "ip6"):
            if self.fields.get("family", family) == family:
                ends = (("saddr", self.source), ("daddr", self.target))
                known = {name: str(pair.v4 if family == "ip" else pair.v6) for name, pair in ends if pair}
                yield {**plain, **self.fields, "family": family, **known}


def filters(patient: Patient) -> Iterator[Finding]:
    """Every chain of others through which our packets go."""
    kinds = list(traffic(patient))
    found = [finding for rules, chain in _bases(patient) for finding in _judge(patient, rules, chain, kinds)]
    yield from found
    if not found and ("filter" in patient.survey.sections):
        yield ok("filters", "no rule of others is in the way")


def _bases(patient: Patient) -> Iterator[tuple[Ruleset, Chain]]:
    """What iptables made is read in its own words: extensions are opaque in those of nft."""
    old = tables.read(patient.survey.text("tables") + patient.survey.text("old-tables"))
    new = nft.read(patient.survey.text("filter"))
    for chain in old.chains.values():
        if chain.hook:
            yield old, chain
    for key, chain in new.chains.items():
        if chain.hook and key not in old.chains:
            yield new, chain


def traffic(patient: Patient) -> Iterator[Traffic]:
    """Everything that the host must let in, out and through, one of a kind."""
    uplink = next(iter(uplinks(patient)), "")
    services = patient.topology.services_of(patient.name)
    yield from _tunnelled(patient, services)
    yield from _exposed(patient, uplink)
    for service in services:
        if service.egress.kind is EgressKind.DIRECT and uplink:
            yield _forward("what services send to the Internet", service.veth, uplink, source=service.addresses)
            break
    yield from _own(patient, uplink, services)


def _tunnelled(patient: Patient, services: tuple[Service, ...]) -> Iterator[Traffic]:
    interfaces = [each.interface for each in patient.topology.tunnels if patient.name in (each.gateway, each.dialer)]
    if services and interfaces:
        first = services[0]
        yield _forward("what services send through tunnels", first.veth, interfaces[0], source=first.addresses)
        yield _forward("what tunnels bring to services", interfaces[0], first.veth, target=first.addresses)
    if len(services) > 1:
        one, other = services[:2]
        yield Traffic(
            "forward", "what services send to each other", {"iif": one.veth, "oif": other.veth, "proto": "tcp"},
            one.addresses, other.addresses,
        )  # fmt: skip


def _exposed(patient: Patient, uplink: str) -> Iterator[Traffic]:
    for exposure in patient.topology.exposures:
        if exposure.at == patient.name and uplink:
            service = patient.topology.services[exposure.service]
            way = patient.topology.ways.get((patient.name, service.host))
            interface = service.veth if service.host == patient.name else f"wrn-{way}"
            fields = {"proto": exposure.protocol.value, "dport": str(exposure.target.first), "status": "dnat"}
            yield _forward("what the Internet sends to services", uplink, interface, fields, target=service.addresses)
            return


def _forward(
    words: str, iif: str, oif: str, more: Mapping[str, str] | None = None, source: Pair | None = None,
    target: Pair | None = None,
) -> Traffic:  # fmt: skip
    return Traffic("forward", words, {"iif": iif, "oif": oif, "proto": "tcp", **(more or {})}, source, target)


def _own(patient: Patient, uplink: str, services: tuple[Service, ...]) -> Iterator[Traffic]:
    for tunnel in patient.topology.tunnels:
        port = {"proto": "udp", "dport": str(tunnel.port), "family": f"ip{'6' if tunnel.endpoint.version == 6 else ''}"}
        if tunnel.gateway == patient.name:
            yield Traffic("input", f"the tunnel at UDP {tunnel.port}", {"iif": uplink, **port})
        if tunnel.dialer == patient.name:
            yield Traffic("output", f"the tunnel to {tunnel.gateway}", {"oif": uplink, **port})
    for permission in patient.topology.permissions:
        if isinstance(permission, ProgramPermission) and permission.host == patient.name and services:
            fields = {"proto": permission.protocol.value, "dport": str(permission.ports.first)}
            yield Traffic("input", "what services send to its programs", {"iif": services[0].veth, **fields})


def _judge(patient: Patient, rules: Ruleset, chain: Chain, kinds: list[Traffic]) -> Iterator[Finding]:
    """Certain drops are errors; what a rule may drop, as by a list of addresses, is worth knowing."""
    dropped: list[str] = []
    perhaps: list[str] = []
    for kind in kinds:
        if kind.hook == chain.hook:
            ends = [rules.ends(chain, packet) for packet in kind.packets() if _passes(chain, packet)]
            if any(End.ACCEPT not in each for each in ends):
                dropped.append(kind.words)
            elif any(End.DROP in each for each in ends):
                perhaps.append(kind.words)
    who = owner(patient.survey, chain)
    where = f"chain `{chain.words}`{f' of {who}' if who else ''}"
    if dropped:
        yield error("foreign-drop", f"{where} drops {_listed(dropped)}", opening(patient, chain, who))
    if perhaps:
        yield note("foreign-may-drop", f"{where} may drop some of {_listed(perhaps)}")


def _passes(chain: Chain, packet: Packet) -> bool:
    return chain.family in ("inet", packet["family"])


def _listed(words: list[str]) -> str:
    told = list(dict.fromkeys(words))
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"
