"""A flow, the way that it should take, and what hosts showed of it: what causes are looked for in.

In: everything that was gathered. Out: questions that several causes ask. Never a judgement.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from warren.basis.diagnostic import Place
from warren.desired.items.tunnel import Tunnel as TunnelItem
from warren.desired.model import HostState, of_kind
from warren.evidence.model import Evidence, Inner, Knock, Peer, Seen
from warren.explain.flow import Flow
from warren.explain.model import Verdict
from warren.explain.origin import Origin
from warren.explain.permitted import called
from warren.explain.progress import Break, Passages, broken, passages
from warren.explain.static import Expected
from warren.formats.sockets import Listener
from warren.plan.diff import diff_host
from warren.plan.model import Change
from warren.topology.model import Host, Service, Topology, Tunnel

APPLY = "`warren apply` puts it back"


@dataclass(frozen=True, slots=True)
class Scene:
    """`desired` are the states with the hosts' real keys; `passed` what was seen on the way, `stop` where it ended."""

    topology: Topology
    expected: Expected
    evidence: Evidence
    desired: Mapping[str, HostState]
    passed: Passages
    stop: Break | None

    @classmethod
    def of(cls, topology: Topology, expected: Expected, evidence: Evidence, desired: Mapping[str, HostState]) -> Scene:
        seen = passages(evidence, expected, frozenset(each.port for each in topology.tunnels))
        return cls(topology, expected, evidence, desired, seen, broken(topology, expected, evidence, seen))

    @property
    def flow(self) -> Flow:
        return self.expected.flow

    @property
    def called(self) -> str:
        """The flow in a few words."""
        return called(self.flow)

    @property
    def origin(self) -> Origin:
        return Origin(self.topology, self.flow)

    @property
    def knock(self) -> Knock:
        """What a real connection got."""
        return self.evidence.knocks.get(self.flow.family, Knock("untried"))

    @property
    def source(self) -> Service | None:
        """The service that asks."""
        return self.topology.services.get(self.flow.place)

    @property
    def target(self) -> Service | None:
        """The service that is meant."""
        return self.topology.services.get(self.meant)

    @property
    def meant(self) -> str:
        """The place that is meant: what is exposed where a door of a host is asked."""
        return self.flow.exposure.service if self.flow.exposure else self.flow.name

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts on the way of the question, in their order, and that of whom is meant."""
        names = [node for node in self.expected.nodes if node in self.topology.hosts]
        end = self.target.host if self.target else self.meant
        first = [self.source.host] if self.source else []
        return tuple(dict.fromkeys((*first, *names, *([end] if end in self.topology.hosts else ()))))

    def seen(self, host: str) -> Seen:
        """What a host showed."""
        return self.evidence.seen.get(host, Seen(host, "was not asked"))

    def inner(self, service: Service) -> Inner | None:
        """The inside of a service's namespace; None where nobody looked."""
        return self.seen(service.host).inner.get(service.name)

    def changes(self, host: str) -> tuple[Change, ...]:
        """What differs on a host from what it should hold."""
        observed = self.seen(host).observed
        if observed is None:
            return ()
        return tuple(diff_host(host, self.desired.get(host, HostState()), observed.state))

    def changed(self, host: str, *starts: str) -> Iterator[Change]:
        """Of these, those whose keys begin so."""
        return (each for each in self.changes(host) if each.key.startswith(starts))

    def verdict(self, code: str, at: str, words: str, remedy: str = APPLY, line: Place | None = None) -> Verdict:
        """What is broken at a place, with the line of the place where no other is better."""
        return Verdict(code, f"{self.called}: {words}", remedy, at, line or self.line(at))

    def line(self, name: str) -> Place | None:
        """The line of a host or service."""
        return self.origin.host(name)

    def tunnel(self, one: str, other: str) -> Tunnel | None:
        """The tunnel between two hosts."""
        ends = {one, other}
        return next((each for each in self.topology.tunnels if {each.dialer, each.gateway} == ends), None)

    def peers(self, host: str, interface: str) -> tuple[Peer, ...]:
        """The peers of one interface as they are."""
        return tuple(each for each in self.seen(host).peers if each.interface == interface)

    def wanted_tunnel(self, host: str, interface: str) -> TunnelItem | None:
        """The interface as it should be."""
        items = of_kind(self.desired.get(host, HostState()), TunnelItem)
        return next((each for each in items if each.name == interface), None)

    def key(self, host: str) -> str | None:
        """The public key that a host's key file has."""
        observed = self.seen(host).observed
        return observed.public_key if observed else None

    def listeners(self) -> tuple[Listener, ...] | None:
        """Who listens where it is meant to arrive; None where nobody looked."""
        if self.target:
            inner = self.inner(self.target)
            return inner.listeners if inner and inner.exists else None
        if self.meant in self.topology.hosts:
            return self.seen(self.meant).listeners
        return None

    @property
    def host(self) -> Host | None:
        """The host that is meant, where it is none of its services."""
        return self.topology.hosts.get(self.meant)
