"""Services: the address, ports and way out of each.

In: the spec's services, or those that it implies, and their numbers. Out: the topology with services. Never decides who
may reach them.
"""

from __future__ import annotations

from dataclasses import replace

from warren.topology.ground import Ground, refuse
from warren.topology.implied import Implied, egress_of_service
from warren.topology.model import Port, Service, Topology
from warren.topology.passes.hosts import address_in, ports_of
from warren.topology.workload import PlainUnit, Workload


def services(ground: Ground, topology: Topology) -> Topology:
    """Every service and every group of the file."""
    made = {name: _service(ground, topology, name) for name in ground.spec.services}
    return replace(topology, services=made, groups=ground.directory.groups)


def _service(ground: Ground, topology: Topology, name: str) -> Service:
    written, place = ground.spec.services[name], ground.spec.place("services", name, key=True)
    host = topology.hosts.get(written.host)
    if host is None:
        refuse("unknown-host", f"there is no host `{written.host}`", place)
    entry = ground.ledger.services[name]
    return Service(
        name=name,
        host=host.name,
        addresses=address_in(host.prefixes4, host.prefix6, entry.numbers[host.name]),
        ports=tuple(ports_of(written.ports, ground, ("services", name, "ports"))),
        egress=egress_of_service(ground.spec, name),
        place=place,
        uid=entry.uid,
        connections=written.connections or None,
    )


def implied_service(
    ground: Ground, topology: Topology, one: Implied, ports: tuple[Port, ...], unit: PlainUnit
) -> Service:
    """A service that nobody declared, with its ports and what runs in it."""
    host, entry = topology.hosts[one.host], ground.ledger.services[one.name]
    return Service(
        name=one.name,
        host=one.host,
        addresses=address_in(host.prefixes4, host.prefix6, entry.numbers[one.host]),
        ports=ports,
        egress=one.egress,
        uid=entry.uid,
        workload=Workload(unit=unit),
        role=one.role,
    )
