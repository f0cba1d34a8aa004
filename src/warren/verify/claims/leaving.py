"""How services leave the network, as claims.

In: a network and its surroundings. Out: claims about the Internet, LANs and public doors, for all services of a host
with the same way out at once. Never about what a need names.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.basis.address import Prefix, subtract
from warren.prove.claim import Claim
from warren.topology.model import Egress, EgressKind
from warren.verify.claims.around import Around, everywhere, metadata
from warren.verify.claims.doors import hairpins


def claims(around: Around) -> Iterator[Claim]:
    """Every way out, and with each the doors that it leads to."""
    groups: dict[tuple[str, Egress], list[str]] = {}
    by_exit: dict[str, list[str]] = {}
    for service in around.topology.services.values():
        groups.setdefault((service.host, service.egress), []).append(service.name)
    for (host, egress), names in groups.items():
        if egress.kind is EgressKind.LAN:
            yield from _lan(around, host, tuple(names))
        elif leads := leads_to(host, egress):
            # The doors of the service's own host are nearer, whatever the way out.
            for door in dict.fromkeys((leads, host)):
                by_exit.setdefault(door, []).extend(names)
            yield from _away(around, host, leads, tuple(names))
    for leads, names in by_exit.items():
        yield from hairpins(around, tuple(names), leads)


def leads_to(host: str, egress: Egress) -> str | None:
    """The host by whose uplink a way out leads to the Internet."""
    return {EgressKind.DIRECT: host, EgressKind.GATEWAY: egress.gateway}.get(egress.kind)


def _lan(around: Around, host: str, names: tuple[str, ...]) -> Iterator[Claim]:
    for prefix in subtract(around.lans(host), (*metadata(), *around.own[host])):
        yield Claim(names, str(prefix), hidden=True, exit=host)


def _away(around: Around, host: str, leads: str, names: tuple[str, ...]) -> Iterator[Claim]:
    closed: tuple[Prefix, ...] = (
        *around.lans(host),
        *around.lans(leads),
        *metadata(),
        *around.own[leads],
        *around.own[host],
    )
    families = around.families(leads)
    for prefix in subtract((each for each in everywhere() if each.version in families), closed):
        yield Claim(names, str(prefix), hidden=True, exit=leads)
