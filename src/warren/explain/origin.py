"""Which line of the file a rule, route or tunnel comes from.

In: a topology, a flow, and a hop in its own language. Out: the place in the file. Never guesses: a rule is found back
by the sets that it looks into, a tunnel by its interface.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from warren.basis.diagnostic import Place
from warren.explain.flow import Flow
from warren.topology.model import Service, Topology

SET = re.compile(r"@(\w+?)[46]?\b")
# What the sets of the table hold (desired/parts/firewall/table.py).
NEEDS = {"permit", "permit_range", "visitors", "visited", "reach", "reach_by"}
EXPOSURES = {
    "exposed", "exposed_range", "arrive", "arrive_range", "expose", "expose_range", "expose_lan", "expose_lan_range",
    "guarded", "sources", "hidden", "hidden_lan", "lan_sources",
}  # fmt: skip
LIMITS = ("limited_", "meter_")
COUNTS = ("pace_", "open_", "towards")
EGRESS = {"leaves_here", "leaves_through", "leaves_by", "outgoing"}
GUARD = {"allowed", "operators", "ssh_meter", "public", "bogons", "returning"}
SERVICES = {"pins", "services", "links", "special", "metadata"}


@dataclass(frozen=True, slots=True)
class Origin:
    """The lines that a flow hangs on."""

    topology: Topology
    flow: Flow

    def of_rule(self, host: str, rule: str | None) -> Place | None:
        """The line of a rule, by what it looks into; a rule of the guard is the host's."""
        for name in sets(rule):
            if found := self._of_set(host, name):
                return found
        return self.host(host) if rule else None

    def _of_set(self, host: str, name: str) -> Place | None:
        if name in NEEDS:
            return self.need or self.egress
        if name in EXPOSURES or name.startswith(LIMITS):
            return self.exposure
        if name.startswith(COUNTS):
            return self.service
        if name in EGRESS:
            return self.egress
        if name in GUARD:
            return self.host(host)
        return self.service if name in SERVICES else None

    @property
    def need(self) -> Place | None:
        """The need that allows the flow."""
        return self.flow.need.place if self.flow.need else None

    @property
    def exposure(self) -> Place | None:
        """The exposure through which it goes."""
        return self.flow.exposure.place if self.flow.exposure else None

    @property
    def egress(self) -> Place | None:
        """What says how the asking service leaves: the service."""
        return self.service or self.host(self.flow.place)

    @property
    def service(self) -> Place | None:
        """The asking service."""
        asking = self.topology.services.get(self.flow.place)
        return asking.place if asking else None

    def host(self, name: str) -> Place | None:
        """A host; of a service its own line."""
        of = self.topology.hosts.get(name) or self.topology.services.get(name)
        return of.place if of else None

    def tunnel(self, interface: str, one: str, other: str) -> Place | None:
        """The host that dials: its line is why there is a tunnel."""
        for tunnel in self.topology.tunnels:
            if tunnel.interface == interface and {tunnel.dialer, tunnel.gateway} == {one, other}:
                return self.host(tunnel.dialer)
        return None

    def route(self, host: str, route: str) -> Place | None:
        """Why a route leads where it does: what is asked for, or the way out of who asks."""
        found = re.search(r"dev (v-\S+)", route)
        if found:
            target = self._behind(found[1])
            return target.place if target else None
        if "wrn-" in route:
            return self.egress if self.flow.name not in self.topology.services else self.host(host)
        return self.egress if host == self.flow.place else self.host(host)

    def _behind(self, veth: str) -> Service | None:
        return next((each for each in self.topology.services.values() if each.veth == veth), None)

    def listener(self, name: str, port: int) -> Place | None:
        """The line that declares a port of a service or host."""
        service, host = self.topology.services.get(name), self.topology.hosts.get(name)
        ports = service.ports if service else host.programs if host else ()
        found = next((each.place for each in ports if port in each.ports), None)
        return found or self.host(name)


def sets(rule: str | None) -> tuple[str, ...]:
    """The sets that a rule looks into, without the family at their end."""
    return tuple(dict.fromkeys(SET.findall(rule or "")))
