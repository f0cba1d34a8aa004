"""Exposures: what the Internet and the LANs may reach.

In: the `expose` lines of every service. Out: the topology with exposures. Never exposes what is not written.
"""

from __future__ import annotations

from dataclasses import replace

from warren.basis.address import Protocol
from warren.spec.exposing import Fault, Offer, WebOffer, offers
from warren.topology.ground import Ground, refuse
from warren.topology.model import Exposure, Topology
from warren.topology.passes.hosts import rate_of
from warren.topology.passes.https import web


def expose(ground: Ground, topology: Topology) -> Topology:
    """Every line of every service."""
    found = [
        one for name, service in ground.spec.services.items() if service.expose for one in offers(ground.spec, name)
    ]
    for one in found:
        if isinstance(one, Fault):
            refuse(one.problem.code, one.problem.sentence, ground.spec.place(*one.path), one.problem.hint)
    return replace(
        topology,
        exposures=tuple(_exposure(ground, topology, one) for one in found if isinstance(one, Offer)),
        https=tuple(one for each in found if isinstance(each, WebOffer) for one in web(ground, topology, each)),
    )


def _exposure(ground: Ground, topology: Topology, offer: Offer) -> Exposure:
    host = topology.hosts[offer.at]
    # `check` knows the port that the file says; the ledger may remember another from a file of the past.
    if not offer.is_lan and offer.protocol is Protocol.UDP and host.tunnel_port in offer.ports:
        summary = (
            f"{host.tunnel_port}/udp of `{host.name}` is the port of its tunnel since the network was first applied"
        )
        refuse(
            "port-taken", summary, ground.spec.place(*offer.path), f"give `{host.name}` another `tunnel: {{port: }}`"
        )
    return Exposure(
        at=offer.at,
        addresses=host.public,
        service=offer.service,
        protocol=offer.protocol,
        ports=offer.ports,
        target=offer.target,
        sources=offer.sources,
        limit=rate_of(offer.line.limit),
        keep=offer.line.client_address == "keep",
        place=ground.spec.place(*offer.path),
    )
