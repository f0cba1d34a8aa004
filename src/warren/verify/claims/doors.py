"""Exposures, as claims.

In: a network and its surroundings. Out: claims about public addresses and ports: from outside, and by services that
come back to a gateway's own doors. Never about what needs allow.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from warren.basis.address import Prefix, subtract
from warren.prove.claim import Claim
from warren.prove.outside import INTERNET
from warren.topology.model import Exposure
from warren.verify.claims.around import LOOPBACKS, Around, disguised, everywhere


def claims(around: Around) -> Iterator[Claim]:
    """Every exposure."""
    for exposure in around.topology.exposures:
        if exposure.is_lan:
            yield from _on_lan(around, exposure)
        else:
            yield from _doors(around, (INTERNET,), exposure)
            yield from _strange(around, exposure)
        yield from _straight(around, exposure)


def hairpins(around: Around, names: tuple[str, ...], leads: str, anyone: bool = False) -> Iterator[Claim]:
    """The public ports of the way out: open as far as anybody may use them, but seen with which address is not said."""
    for exposure in around.doors.get(leads, ()):
        given = replace(exposure, sources=()) if anyone else exposure
        for claim in _doors(around, names, given):
            for hidden in (False, True):
                yield replace(claim, open=None, sources=(), hidden=hidden)


def _on_lan(around: Around, exposure: Exposure) -> Iterator[Claim]:
    for uplink in around.uplinks[exposure.at]:
        for prefix in around.own[exposure.at]:
            yield from _door(around, (uplink.place,), exposure, str(prefix.network_address))
        # The kernel looks at 127.0.0.1 from outside only after the translation.
        for claim in _door(around, (uplink.place,), exposure, LOOPBACKS[0]):
            yield replace(claim, open=None, sources=())


def _strange(around: Around, exposure: Exposure) -> Iterator[Claim]:
    """Of senders in disguise, or with the address of a gateway, nothing is said."""
    for claim in _doors(around, (INTERNET,), exposure):
        for hidden in (False, True):
            yield replace(claim, open=None, sources=_odd(around.gateways, claim.version), hidden=hidden)


def _doors(around: Around, places: tuple[str, ...], exposure: Exposure) -> Iterator[Claim]:
    for address in exposure.addresses:
        yield from _door(around, places, exposure, str(address))


def _door(around: Around, places: tuple[str, ...], exposure: Exposure, public: str) -> Iterator[Claim]:
    version = 6 if ":" in public else 4
    service = around.topology.services[exposure.service]
    own = service.addresses.v4 if version == 4 else service.addresses.v6
    hidden = not exposure.keep or (exposure.is_lan and service.host != exposure.at)
    ports = (exposure.ports.first, exposure.ports.last)
    sources = _senders(exposure.sources, around.gateways, version)
    if sources:
        becomes = (str(own), exposure.target.first)
        yield Claim(places, public, exposure.protocol.value, ports, True, sources, becomes, hidden)


@cache
def _senders(limits: tuple[Prefix, ...], gateways: tuple[Prefix, ...], version: int) -> tuple[str, ...]:
    mine = (each for each in limits or everywhere() if each.version == version)
    return tuple(str(each) for each in subtract(mine, gateways))


@cache
def _odd(gateways: tuple[Prefix, ...], version: int) -> tuple[str, ...]:
    return tuple(str(each) for each in (*disguised(), *gateways) if each.version == version)


def _straight(around: Around, exposure: Exposure) -> Iterator[Claim]:
    """What a gateway passes on it may ask for itself as well: it could not be told apart."""
    ports = (exposure.target.first, exposure.target.last)
    for address in around.topology.services[exposure.service].addresses:
        yield Claim((exposure.at,), str(address), exposure.protocol.value, ports, None)
