"""Whether the file allows a flow, and what line it lacks.

In: a flow and its trace through the desired states. Out: a verdict with a remedy in the words of the file. Never reads
what a host really holds.
"""

from __future__ import annotations

from warren.explain.flow import Flow
from warren.explain.model import OPEN, Hop, Verdict
from warren.explain.origin import sets
from warren.prove.outside import INTERNET
from warren.prove.trace import Disposition, Trace
from warren.topology.model import EgressKind, Service, Topology

APPLY = "`warren apply` makes it so"


def verdict(topology: Topology, flow: Flow, trace: Trace, hops: tuple[Hop, ...]) -> Verdict:
    """What the file says of a flow."""
    if trace.works and _ends_right(topology, flow, trace):
        return _open(topology, flow)
    if flow.by is not None:
        return _from_outside(topology, flow, trace, hops)
    return _from_inside(topology, flow, trace, hops)


def _ends_right(topology: Topology, flow: Flow, trace: Trace) -> bool:
    """A connection to a service that the host itself takes is none of the service's."""
    wanted = flow.exposure.service if flow.exposure else flow.name
    return wanted not in topology.services or trace.forward.node == wanted


def _open(topology: Topology, flow: Flow) -> Verdict:
    line = flow.exposure or flow.need or topology.services.get(flow.place) or topology.hosts.get(flow.place)
    return Verdict(OPEN, f"{called(flow)} is open in the file", None, None, line.place if line else None)


def called(flow: Flow) -> str:
    """The flow in a few words: `cloud -> db:5432/tcp`."""
    target = f"[{flow.name}]" if ":" in flow.name and flow.name == str(flow.target) else flow.name
    return f"{flow.place} -> {target}:{flow.port}/{flow.protocol}"


def _from_inside(topology: Topology, flow: Flow, trace: Trace, hops: tuple[Hop, ...]) -> Verdict:
    source, target = topology.services.get(flow.place), topology.services.get(flow.name)
    if target or flow.name in topology.hosts:
        return _need_missing(topology, flow, source)
    if source and source.egress.kind is EgressKind.NONE:
        sentence = f"{called(flow)}: {source.name} has no way out: its egress is `none`"
        remedy = f"write `egress: direct`, a gateway's name, or a need of the address under `{source.name}`"
        return Verdict("egress-none", sentence, remedy, source.name, source.place)
    if source and source.egress.kind is EgressKind.LAN and flow.name not in ("internet",):
        sentence = f"{called(flow)}: {source.name} leaves to the LAN only, and {flow.target} is not on it"
        return Verdict("egress-lan", sentence, "write a need of the address, or another egress", source.name)
    if source and trace.disposition is Disposition.DENIED:
        wanted = (
            f"{flow.name.removeprefix('lan:').partition('/')[0]}.lan" if flow.name.startswith("lan:") else flow.target
        )
        sentence = f"{called(flow)}: {source.name} has no need of {wanted}"
        remedy = f"write `needs: [{wanted}]` under `{source.name}`"
        return Verdict("need-missing", sentence, remedy, source.name, source.place)
    return _denied(topology, flow, trace, hops)


def _need_missing(topology: Topology, flow: Flow, source: Service | None) -> Verdict:
    wanted = port_name(topology, flow)
    if source is None:
        sentence = f"{called(flow)}: nothing in the file lets the host {flow.place} reach {flow.name}"
        return Verdict("need-missing", sentence, "hosts reach services through what is exposed", flow.place)
    sentence = f"{called(flow)}: {source.name} has no need of {wanted or f'port {flow.port} of {flow.name}'}"
    if wanted is None:
        where = topology.services.get(flow.name) or topology.hosts[flow.name]
        what = "ports" if flow.name in topology.services else "programs"
        remedy = f"`{flow.name}` declares no port {flow.port}/{flow.protocol}: name it under its `{what}`, then need it"
        return Verdict("port-undeclared", sentence, remedy, flow.name, where.place)
    return Verdict(
        "need-missing", sentence, f"write `needs: [{wanted}]` under `{source.name}`", source.name, source.place
    )


def port_name(topology: Topology, flow: Flow) -> str | None:
    """The port as the file calls it: `db.sql`."""
    service, host = topology.services.get(flow.name), topology.hosts.get(flow.name)
    for port in service.ports if service else host.programs if host else ():
        if flow.inner_port in port.ports and port.protocol == flow.protocol:
            return f"{flow.name}.{port.name}"
    return None


def _from_outside(topology: Topology, flow: Flow, trace: Trace, hops: tuple[Hop, ...]) -> Verdict:
    if flow.exposure is None:
        return _not_exposed(topology, flow)
    if "guarded" in sets(hops[-1].rule) or not _may(flow):
        sentence = f"{called(flow)}: it is exposed to other sources only, and {flow.source} is none of them"
        remedy = "add the source to `from:` of the exposure"
        return Verdict("source-excluded", sentence, remedy, flow.exposure.at, flow.exposure.place)
    return _denied(topology, flow, trace, hops)


def _may(flow: Flow) -> bool:
    assert flow.exposure is not None
    sources = flow.exposure.sources
    return not sources or any(flow.source in each for each in sources if each.version == flow.family)


def _not_exposed(topology: Topology, flow: Flow) -> Verdict:
    service = topology.services.get(flow.name)
    if service is None:
        host = topology.hosts.get(flow.name) or topology.hosts.get(flow.node)
        sentence = f"{called(flow)}: the firewall of {flow.node} lets nobody in at port {flow.port}/{flow.protocol}"
        remedy = f"add the port to `firewall: {{allow: ...}}` of `{flow.node}`"
        return Verdict("guarded", sentence, remedy, flow.node, host.place if host else None)
    wanted = port_name(topology, flow) or f"port {flow.port}"
    sentence = f"{called(flow)}: {wanted} is not exposed to {flow.place}"
    name = wanted.rpartition(".")[2]
    at = "" if flow.by == INTERNET else f", at: {flow.node}"
    written = f"{{port: {flow.port}{'' if flow.protocol == 'tcp' else '/udp'}, to: {name}{at}}}"
    remedy = f"write `expose: [{written}]` under `{service.name}`"
    if port_name(topology, flow) is None:
        remedy = f"`{service.name}` declares no port {flow.port}/{flow.protocol}: name it under `ports`, then expose it"
    return Verdict("exposure-missing", sentence, remedy, service.name, service.place)


def _denied(topology: Topology, flow: Flow, trace: Trace, hops: tuple[Hop, ...]) -> Verdict:
    """By the hop at which it ends, whatever that is."""
    ended = trace.disposition
    hop = next((each for each in hops if each.disposition not in (None, *_PASSED)), hops[-1])
    code = "denied" if ended is Disposition.DENIED else ended.name.lower().replace("_", "-")
    sentence = f"{called(flow)}: at {hop.place} {hop.words}"
    return Verdict(code, sentence, "the file does not allow it", hop.place, hop.file_line)


_PASSED = (Disposition.ACCEPTED.name, Disposition.EXITS_NETWORK.name)
