"""Needed ports at 127.0.0.1: whether each leads where the file says, and no other leads anywhere.

In: a topology and its hosts, ready to be asked. Out: what speaks against them. Never trusts the words of a unit: each
is followed to its end.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address
from typing import TypeAlias

from warren.basis.diagnostic import Diagnostic, Place, error
from warren.prove.carried import Carried, carried
from warren.prove.header import shown
from warren.prove.interpret import Interpreter
from warren.topology.model import LocalPort, PrefixPermission, Topology

LOOPBACKS = ((4, int(IPv4Address("127.0.0.1"))), (6, int(IPv6Address("::1"))))
Key: TypeAlias = tuple[str, int, int, int]
Ending: TypeAlias = tuple[str, int]


def misled(topology: Topology, interpreter: Interpreter, fault: str) -> Iterator[Diagnostic]:
    """Every port at 127.0.0.1 that lacks, leads elsewhere, or is nobody's; `fault` is the hint to each."""
    wanted, found = _wanted(topology), _found(interpreter)
    owners = {address: name for name, one in topology.services.items() for address in one.addresses}
    for key in dict.fromkeys((*wanted, *found)):
        local = wanted.get(key)
        end = (local.program_host or owners[local.target.v4], local.port) if local else None
        line = _line(topology, key[0], local)
        for code, sentence in _against(topology, key, local, end, found.get(key, ())):
            yield error(code, sentence, line, fault)


def _against(
    topology: Topology, key: Key, local: LocalPort | None, wanted: Ending | None, found: tuple[Carried, ...]
) -> Iterator[tuple[str, str]]:
    """What is wrong at one address and port of a place."""
    door = f"{_door(key)} of {key[0]}"
    if local and not found:
        yield "proved-closed", f"{door} is declared as `{local.need}`, and nothing listens there"
    if len(found) > 1:
        yield "proved-open", f"{door} is listened at by several sockets, and which of them answers is not known"
    for each in found:
        if local and each.end is None:
            yield "proved-closed", f"{door} is declared as `{local.need}`, and leads nowhere: {each.why}"
        elif each.end is None:
            yield "proved-open", f"a socket listens at {door}, and nothing declares it: {each.why}"
        elif each.end != wanted or each.dials != _dialling(topology, key[0], local):
            (name, port), whose = each.end, "" if each.dials == key[0] else f" in the name of {each.dials}"
            yield "proved-open", f"{door} leads to port {port}/tcp of {name}{whose}, and nothing declares it"


def _dialling(topology: Topology, name: str, local: LocalPort | None) -> str:
    """Who connects: the service itself, or its host where a program of that host is behind the port."""
    service = topology.services.get(name)
    return service.host if service and local and local.program_host == service.host else name


def _door(key: Key) -> str:
    _, version, address, port = key
    return f"[{shown(version, address)}]:{port}" if version == 6 else f"{shown(version, address)}:{port}"


def _line(topology: Topology, name: str, local: LocalPort | None) -> Place | None:
    """The line of the need, or else of the place."""
    for need in topology.permissions if local else ():
        if local and (need.source, need.need) == (name, local.need) and not isinstance(need, PrefixPermission):
            return need.place
    held = topology.services.get(name) or topology.hosts.get(name)
    return held.place if held else None


def _found(interpreter: Interpreter) -> dict[Key, tuple[Carried, ...]]:
    found: dict[Key, tuple[Carried, ...]] = {}
    for each in carried(interpreter):
        key = (each.place, each.version, each.address, each.port)
        found[key] = (*found.get(key, ()), each)
    return found


def _wanted(topology: Topology) -> dict[Key, LocalPort]:
    return {
        (service.name, version, address, local.listen): local
        for service in topology.services.values()
        for local in service.localhost
        for version, address in LOOPBACKS
    }
