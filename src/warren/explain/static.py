"""What the file says of a flow: every hop of the question and of the answer, and whether it may pass.

In: a topology, its desired states and what stands around. Out: an expected way for each flow, with a verdict. Never
looks at a host.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address

from warren.desired.lower import lower
from warren.desired.model import HostState
from warren.explain import words
from warren.explain.flow import Flow, flows
from warren.explain.ground import outside
from warren.explain.model import ANSWER, QUESTION, Asked, Explanation, Hop, Verdict
from warren.explain.origin import Origin
from warren.explain.permitted import verdict
from warren.explain.question import Question
from warren.probe.ground import Surroundings
from warren.prove.header import shown
from warren.prove.interpret import Interpreter
from warren.prove.network import network
from warren.prove.outside import INTERNET, Outside
from warren.prove.trace import Trace
from warren.topology.model import Topology


@dataclass(frozen=True, slots=True)
class Expected:
    """A flow as the file has it: its trace, its hops, and what the file says of it."""

    flow: Flow
    trace: Trace
    hops: tuple[Hop, ...]
    verdict: Verdict

    @property
    def nodes(self) -> tuple[str, ...]:
        """The places on the way of the question, in their order."""
        return tuple(dict.fromkeys((self.flow.node, *(hop.node for hop in self.trace.forward.hops))))


@dataclass(frozen=True, slots=True)
class Declared:
    """A network as its file has it, ready to be asked."""

    topology: Topology
    around: Surroundings
    interpreter: Interpreter

    @classmethod
    def of(cls, topology: Topology, around: Surroundings, states: Mapping[str, HostState] | None = None) -> Declared:
        """Where no states are given, those that the file asks for; a host's name then stands for its key."""
        names = {name: name for name in topology.hosts}
        known = outside(topology, around)
        made = network(states or lower(topology, names), Outside(known.uplinks, {}))
        return cls(topology, around, Interpreter.of(made))

    def expected(self, question: Question) -> tuple[Expected, ...]:
        """What the file says of every flow of a question."""
        return tuple(self.of_flow(flow) for flow in flows(self.topology, self.around, question))

    def of_flow(self, flow: Flow) -> Expected:
        """What the file says of one flow."""
        found = self.interpreter.trace(flow.node, flow.packet, self.device(flow))
        beyond = self._beyond(found)
        origin = Origin(self.topology, flow)
        made = list(words.hops(self.topology, origin, found.forward, QUESTION))
        if beyond is not None:
            made += words.hops(self.topology, origin, beyond.forward, QUESTION)
        if found.answer is not None:
            made += words.hops(self.topology, origin, found.answer, ANSWER)
        return Expected(flow, found, tuple(made), verdict(self.topology, flow, beyond or found, tuple(made)))

    def _beyond(self, found: Trace) -> Trace | None:
        """What leaves by one host's uplink for the public address of another gateway comes in there."""
        way = found.forward
        if not found.works or way.device is None:
            return None
        target = ip_address(shown(way.final.version, way.final.target))
        for host in self.topology.gateways:
            if target in host.public and host.name != way.node:
                devices = self.interpreter.network.nodes[host.name].devices.values()
                door = next((each.name for each in devices if each.uplink and each.uplink.place == INTERNET), None)
                return self.interpreter.trace(host.name, way.final, door) if door else None
        return None

    def device(self, flow: Flow) -> str | None:
        """The device by which a flow comes from outside."""
        if flow.by is None:
            return None
        devices = self.interpreter.network.nodes[flow.node].devices.values()
        found = [each for each in devices if each.uplink and each.uplink.place == flow.by]
        others = [each for each in devices if each.uplink]
        return (found or others)[0].name


def explain(topology: Topology, around: Surroundings, question: Question) -> Explanation:
    """The whole answer from the file alone."""
    found = Declared.of(topology, around).expected(question)
    return Explanation(question.source.name, question.target.name, tuple(_asked(each) for each in found))


def _asked(expected: Expected) -> Asked:
    flow = expected.flow
    return Asked(
        flow.family, str(flow.source), str(flow.target), flow.port, flow.protocol, expected.verdict, expected.hops
    )
