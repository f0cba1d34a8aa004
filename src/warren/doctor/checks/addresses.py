"""Addresses of the file against those on the interfaces.

In: a patient. Out: findings. Never takes an interface of ours for somebody else's.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_interface, ip_network

from warren.basis.address import Address, Prefix, is_bogon, overlaps
from warren.doctor.model import Finding, Mend, Patient, block, error, note, ok, warning

OURS = ("v-", "wrn-", "lo")
BRIDGES = ("docker", "br-", "podman", "virbr")


@dataclass(frozen=True, slots=True)
class Seat:
    """An address of an interface, with the prefix that lies beside it."""

    device: str
    address: Address
    prefix: Prefix


def seats(patient: Patient) -> Iterator[Seat]:
    """Every address but those of link scope."""
    for link in documents(patient.survey.text("addresses")):
        for each in link.get("addr_info", []):
            if isinstance(each, dict) and each.get("scope") != "link" and "local" in each:
                found = ip_interface(f"{each['local']}/{each['prefixlen']}")
                yield Seat(str(link["ifname"]), found.ip, found.network)


def documents(text: str) -> list[dict[str, list[object]]]:
    """The objects of all lists in a text of several JSON documents, or nothing where a tool said something else."""
    found: list[dict[str, list[object]]] = []
    decoder, at = json.JSONDecoder(), 0
    while at < len(text):
        try:
            held, at = decoder.raw_decode(text, at)
        except json.JSONDecodeError:
            return found
        found.extend(each for each in held if isinstance(each, dict) and each)
        at += len(text[at:]) - len(text[at:].lstrip())
    return found


def uplinks(patient: Patient) -> list[str]:
    """Devices of default routes."""
    found = (
        str(route.get("dev"))
        for route in documents(patient.survey.text("routes"))
        if str(route.get("dst")) == "default"
    )
    return list(dict.fromkeys(each for each in found if not each.startswith(OURS)))


def addresses(patient: Patient) -> Iterator[Finding]:
    """Public addresses, collisions, LANs."""
    there = list(seats(patient))
    if there:
        found = [*_public(patient, there), *_collisions(patient, there), *_lans(patient, there)]
        yield from found
        if not found:
            yield ok("addresses", "its addresses are those of the file, and no prefix is taken")
    yield from _pools(patient)


def _public(patient: Patient, there: list[Seat]) -> Iterator[Finding]:
    own = {seat.address for seat in there}
    for address in patient.host.public:
        if address not in own:
            yield _foreign(patient, there, address)


def _foreign(patient: Patient, there: list[Seat], address: Address) -> Finding:
    """CVE-2020-8554: who names an address that is not his would be sent what is meant for another."""
    private = [seat.address for seat in there if seat.address.version == address.version and _is_inner(seat.address)]
    if private:
        why = f"the provider seems to translate it to {private[0]}, and what it exposes would wait in vain"
        mend = Mend("ask the provider for an address that is routed to the machine itself")
    else:
        why = "it is somebody else's, or not set up yet"
        mend = Mend(f"ip addr add {address}/{address.max_prefixlen} dev {_first_uplink(patient)}")
    summary = f"{address} is on none of its interfaces: {why}"
    exposed = any(address in each.addresses for each in patient.topology.exposures if each.at == patient.name)
    kind = block if exposed or any(each.at == patient.name for each in patient.topology.https) else warning
    return kind("not-its-address", summary, mend, patient.host.place)


def _is_inner(address: Address) -> bool:
    return is_bogon(address) and not address.is_loopback


def _first_uplink(patient: Patient) -> str:
    return next(iter(uplinks(patient)), "eth0")


def _collisions(patient: Patient, there: list[Seat]) -> Iterator[Finding]:
    for own in (patient.topology.prefix4, patient.topology.prefix6):
        for seat in there:
            if not seat.device.startswith(OURS) and overlaps(own, seat.prefix):
                summary = f"the network's {own} collides with {seat.prefix} at its interface `{seat.device}`"
                yield block(
                    "prefix-taken",
                    summary,
                    Mend(f"write another prefix in the file: `network: {{ipv{own.version}: ...}}`"),
                )


def _lans(patient: Patient, there: list[Seat]) -> Iterator[Finding]:
    for lan in patient.host.lans:
        for prefix in lan.prefixes:
            if not any(overlaps(prefix, seat.prefix) for seat in there if not seat.device.startswith(OURS)):
                absent = f"the file says that {prefix} lies beside it, and none of its interfaces is there"
                yield warning("lan-not-there", absent, Mend("correct `lan:` in the file"), lan.place)
            for seat in there:
                if seat.device.startswith(BRIDGES) and overlaps(prefix, seat.prefix):
                    summary = (
                        f"its LAN {prefix} collides with {seat.prefix} of `{seat.device}`: one of them is out of reach"
                    )
                    yield error("lan-taken", summary, _pool_mend(seat.device), lan.place)


def _pool_mend(device: str) -> Mend:
    if device.startswith(("docker", "br-")):
        return Mend("set `default-address-pools` in /etc/docker/daemon.json to a free prefix and make the network anew")
    return Mend(f"give the network of `{device}` another prefix")


def _pools(patient: Patient) -> Iterator[Finding]:
    """Docker takes its next network from here."""
    try:
        held = json.loads(patient.survey.text("pools") or "{}")
    except json.JSONDecodeError:
        yield note("docker-file", "/etc/docker/daemon.json is no JSON, and Docker will not start with it")
        return
    pools = held.get("default-address-pools", []) if isinstance(held, dict) else []
    for pool in pools if isinstance(pools, list) else []:
        base = ip_network(str(pool.get("base")), strict=False) if isinstance(pool, dict) and pool.get("base") else None
        if base and any(overlaps(own, base) for own in (patient.topology.prefix4, patient.topology.prefix6)):
            summary = f"Docker makes networks from {base}, which collides with this network"
            yield error("docker-pool", summary, Mend("change `default-address-pools` in /etc/docker/daemon.json"))
