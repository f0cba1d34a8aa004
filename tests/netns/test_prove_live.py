"""Witnesses on random networks: every cell of the matrix, proved from what the hosts hold, and tried with packets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.lab.running import running
from tests.networks import example
from tests.strategies import topologies
from warren import pipeline
from warren.lab.lab import Lab
from warren.lab.proving import Proving
from warren.probe.ground import Address, Surroundings
from warren.prove import routing
from warren.prove.header import NUMBERS, opening
from warren.prove.interpret import Interpreter
from warren.prove.network import Device, network
from warren.prove.outside import INTERNET, Outside, Uplink
from warren.topology.model import Role, Topology
from warren.verify.declared import declared
from warren.verify.flow import LOCALHOST, Flow
from warren.verify.rounds import attempt
from warren.verify.verdict import Verdict
from warren.verify.world import host_listening, listening

pytestmark = [pytest.mark.netns, pytest.mark.slow]


@dataclass(frozen=True)
class Foretold:
    """What the proof says of flows, from the states that were read back from the hosts."""

    topology: Topology
    around: Surroundings
    interpreter: Interpreter

    def opens(self, flow: Flow) -> bool:
        """Whether something answers: the connection works, and somebody listens where it arrives."""
        return any(self._asks(node, device, source, flow) for node, device, source in self._starts(flow))

    def _starts(self, flow: Flow) -> Iterator[tuple[str, str | None, Address]]:
        """Where the packet begins, and with which address."""
        if flow.source in self.topology.services:
            own = self.topology.services[flow.source].addresses
            yield flow.source, None, own.v4 if flow.address.version == 4 else own.v6
        elif flow.source in self.topology.hosts:
            yield from ((flow.source, None, own) for own in self._of_host(flow))
        else:
            yield from self._from_outside(flow)

    def _of_host(self, flow: Flow) -> Iterator[Address]:
        """The address that the kernel gives a host's own connection: that of the route."""
        node = self.interpreter.network.nodes[flow.source]
        found = routing.lookup(node, flow.address.version, 0, int(flow.address), 0, routing.LO)
        if found.fate is routing.Fate.LOCAL:
            yield flow.address
        if found.entry is None or found.entry.device is None:
            return
        source = found.entry.source
        number = source if source is not None else node.devices[found.entry.device].address(flow.address.version)
        if number is not None:
            yield type(flow.address)(number)

    def _from_outside(self, flow: Flow) -> Iterator[tuple[str, str | None, Address]]:
        """By the uplink that has the target; a neighbour on its LAN with its own address, else as others see it."""
        key = (flow.address.version, int(flow.address))
        for node in self.interpreter.network.hosts:
            for device in node.devices.values():
                if device.uplink is None or key not in node.local:
                    continue
                near = device.uplink.place == flow.source or _stands_beside(self.around, flow.source, node.name, device)
                for own in self._senders(flow, near):
                    if near or device.uplink.place == INTERNET:
                        yield node.name, device.name, own

    def _senders(self, flow: Flow, near: bool) -> Iterator[Address]:
        segment = self.around.lans.get(flow.source)
        given = segment.neighbour if segment and near else self.around.seen.get(flow.source, ())
        yield from (own for own in given if own.version == flow.address.version)

    def _asks(self, node: str, device: str | None, source: Address, flow: Flow, depth: int = 0) -> bool:
        protocol = NUMBERS[flow.protocol.value]
        version = flow.address.version
        packet = opening(version, int(source), int(flow.address), protocol, 40001, flow.port)
        trace = self.interpreter.trace(node, packet, device)
        if not trace.works:
            return False
        if trace.forward.device is None:
            return self._listens(trace.forward.node, trace.forward.final.dport)
        return depth == 0 and self._beyond(trace.forward.node, trace.forward.final.source, flow)

    def _listens(self, name: str, port: int) -> bool:
        if name in self.topology.services:
            return port in listening(self.topology.services[name])
        return port in host_listening(self.topology.hosts[name])

    def _beyond(self, host: str, source: int, flow: Flow) -> bool:
        """Out in the small Internet: the server, a neighbour, or another gateway's door."""
        if flow.address in self.around.server:
            return flow.port in self.around.server_ports
        for segment in self.around.lans.values():
            if flow.address in segment.neighbour:
                return host in segment.hosts and flow.port in self.around.neighbour_ports
        seen = [own for own in self.around.seen.get(host, ()) if own.version == flow.address.version]
        for node in self.interpreter.network.hosts:
            if (flow.address.version, int(flow.address)) in node.local and node.name != host:
                doors = [each.name for each in node.devices.values() if each.uplink and each.uplink.place == INTERNET]
                return any(self._asks(node.name, door, own, flow, 1) for door in doors for own in seen)
        return False


def _stands_beside(around: Surroundings, place: str, host: str, device: Device) -> bool:
    segment = around.lans.get(place)
    beside = segment is not None and host in segment.hosts
    return beside and device.uplink is not None and device.uplink.place != INTERNET


def outside_of(lab: Lab, topology: Topology, keys: dict[str, str]) -> Outside:
    """The uplinks of the lab's hosts, as its ground has them."""
    uplinks = [
        Uplink(host.name, "eth0", INTERNET, tuple(map(str, host.public)))
        for host in topology.hosts.values()
        if host.public
    ]
    for site in lab.chart().ground.sites:
        for seat in site.seats:
            own = tuple(str(each.ip) for each in seat.addresses)
            nets = tuple(str(each.network) for each in seat.addresses)
            uplinks.append(Uplink(seat.host, seat.interface, seat.neighbour, own, nets, seat.interface == "eth0"))
    return Outside(tuple(uplinks), keys)


def differences(topology: Topology) -> list[str]:
    """Apply a topology in a lab, and compare what is foretold from its hosts with what packets do."""
    with running(topology) as lab:
        hosts = {name: lab.host(name) for name in topology.hosts}
        outcome = pipeline.apply(pipeline.plan(topology, hosts), hosts)
        assert outcome.succeeded, outcome.failure
        lab.stand_ins(topology)
        observed = pipeline.plan(topology, hosts).observed
        keys = {name: seen.public_key for name, seen in observed.items() if seen.public_key}
        made = network({name: seen.state for name, seen in observed.items()}, outside_of(lab, topology, keys))
        ground = Proving(lab, topology)
        around = ground.surroundings()
        foretold = Foretold(topology, around, Interpreter.of(made))
        # Where something of ours stands, it is not a stand-in that listens.
        ours = {name for name, service in topology.services.items() if service.role is not Role.DECLARED}
        every = [flow for flow in declared(topology, around) if flow.via != LOCALHOST and flow.limit is None]
        # What is foretold, not what is declared, is asked again where it stays silent: a handshake may take its time.
        flows = [replace(flow, open=foretold.opens(flow)) for flow in every if flow.target not in ours]
        return [line for verdict in attempt(ground, flows) for line in _judged(verdict)]


def _judged(verdict: Verdict) -> Iterator[str]:
    flow = verdict.flow
    if flow.open != verdict.open:
        words = f"{flow.source} -> {flow.target} at {flow.address} {flow.port}/{flow.protocol}"
        yield f"{words}: proved {flow.open}, probed {verdict.open} ({verdict.outcome})"


def test_an_example_is_as_foretold() -> None:
    assert differences(example("nine-worlds")) == []


@settings(max_examples=5, phases=[Phase.generate], deadline=None, suppress_health_check=list(HealthCheck))
@given(topologies().filter(lambda topology: bool(topology.services)))
def test_random_networks_are_as_foretold(topology: Topology) -> None:
    assert differences(topology) == []
