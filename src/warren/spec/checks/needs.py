"""Needs: each means something, and can be fulfilled.

In: a spec. Out: diagnostics. Never makes a permission.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from warren.basis.address import METADATA4, METADATA6, Prefix, Protocol, host_prefix, subtract
from warren.basis.diagnostic import Diagnostic, error
from warren.spec.fields import shorten
from warren.spec.gateways import are_joined, dials
from warren.spec.model import Service, Spec, To
from warren.spec.notation import Listening
from warren.spec.reference import Directory, LanOf, Outside, Problem, Program, ServicePort, Target
from warren.spec.tree import Path

MOST = 1_000_000
METADATA: tuple[Prefix, ...] = (*map(host_prefix, METADATA4), *map(host_prefix, METADATA6))


@dataclass(frozen=True, slots=True)
class _Word:
    """One word of one need of a service."""

    name: str
    service: Service
    need: To
    text: str
    path: Path


def needs(spec: Spec, directory: Directory) -> Iterator[Diagnostic]:
    """Everything that is wrong with needs."""
    dialled = {name: frozenset(dials(spec, name)) for name in spec.hosts}
    total = 0
    for word in _words(spec):
        found = directory.find(word.text, word.name)
        if isinstance(found, Problem):
            yield error(found.code, found.sentence, spec.place(*word.path), found.hint)
            continue
        total += len(found)
        if total > MOST:
            summary = f"the needs up to here are more than {MOST:,} permissions"
            yield error("too-many", summary, spec.place(*word.path))
            return
        yield from _itself(spec, word)
        yield from _reachable(spec, dialled, word, found)
        yield from _localhost(spec, word, found)
        yield from _outside(spec, word, found)
    for name, service in spec.services.items():
        if any(need.localhost is not None for need in service.needs):
            yield from _localhost_twice(spec, name, service)


def _words(spec: Spec) -> Iterator[_Word]:
    for name, service in spec.services.items():
        if service.host not in spec.hosts:
            continue
        for index, need in enumerate(service.needs):
            for number, text in enumerate(need.to):
                yield _Word(name, service, need, text, ("services", name, "needs", index, "to", number))


def _itself(spec: Spec, word: _Word) -> Iterator[Diagnostic]:
    # A need that every service has by default is not meant for the one that it names.
    if word.text.partition(".")[0] == word.name and word.service.needs is not spec.defaults.service.needs:
        summary = f"the service `{word.name}` needs itself, which it always reaches"
        yield error("need-itself", summary, spec.place(*word.path), "delete the need")


def _reachable(
    spec: Spec, dialled: Mapping[str, frozenset[str]], word: _Word, found: tuple[Target, ...]
) -> Iterator[Diagnostic]:
    own = word.service.host
    for host in dict.fromkeys(filter(None, (_host_of(spec, target) for target in found))):
        if not are_joined(dialled, own, host):
            summary = f"`{word.name}` on `{own}` cannot reach {shorten(word.text)} on `{host}`: no gateway joins them"
            yield error("no-way", summary, spec.place(*word.path), "let both dial the same gateway")
    for target in found:
        if isinstance(target, LanOf) and target.host != own:
            summary = f"`{word.name}` runs on `{own}` and cannot need the LAN of `{target.host}`"
            hint = f"run it on `{target.host}`, or need a program of that host"
            yield error("lan-elsewhere", summary, spec.place(*word.path), hint)


def _host_of(spec: Spec, target: Target) -> str | None:
    match target:
        case ServicePort(service, _):
            host = spec.services[service].host
            return host if host in spec.hosts else None
        case Program(host, _):
            return host
    return None


def _localhost(spec: Spec, word: _Word, found: tuple[Target, ...]) -> Iterator[Diagnostic]:
    if word.need.localhost is None or not found:
        return
    place = spec.place(*word.path[:4], "localhost")
    listening = _listening(spec, found[0]) if len(found) == 1 and len(word.need.to) == 1 else None
    if listening is None:
        summary = f"{shorten(word.text)} is not one port, so it cannot answer at one port of localhost"
        yield error("bad-localhost", summary, place, "name one port for each `localhost`")
    elif Protocol.TCP not in listening.protocols:
        yield error("bad-localhost", f"{shorten(word.text)} is {listening}, and localhost answers for TCP only", place)
    elif len(listening.ports) != 1:
        yield error(
            "bad-localhost", f"{shorten(word.text)} is a range of ports, and localhost answers for one port", place
        )


def _listening(spec: Spec, target: Target) -> Listening | None:
    match target:
        case ServicePort(service, port):
            return spec.services[service].ports[port]
        case Program(host, program):
            return spec.hosts[host].programs[program]
    return None


def _localhost_twice(spec: Spec, name: str, service: Service) -> Iterator[Diagnostic]:
    taken: dict[int, Path] = {
        number: ("services", name, "ports", port)
        for port, listening in service.ports.items()
        if Protocol.TCP in listening.protocols
        for number in (listening.ports if len(listening.ports) <= MOST_LISTENING else (listening.ports.first,))
    }
    for index, need in enumerate(service.needs):
        path: Path = ("services", name, "needs", index, "localhost")
        # A default need of every service means nothing for the one that it names.
        if need.localhost is None or all(word.partition(".")[0] == name for word in need.to):
            continue
        if need.localhost in taken:
            related = spec.place(*taken[need.localhost], key=True)
            summary = f"port {need.localhost} of localhost is taken twice in the service `{name}`"
            yield error("localhost-twice", summary, spec.place(*path), None, *filter(None, [related]))
        taken[need.localhost] = path


# Ranges longer than this are compared by their first port alone, which keeps hostile files cheap.
MOST_LISTENING = 4096


def _outside(spec: Spec, word: _Word, found: tuple[Target, ...]) -> Iterator[Diagnostic]:
    """What only prefixes may have, and whether anything is left of one."""
    is_outside = all(isinstance(target, Outside | LanOf) for target in found)
    for key, said in (("except", word.need.except_), ("ports", word.need.ports)):
        if said and not is_outside:
            hint = "its ports are named: `service.port`" if key == "ports" else None
            summary = f"`{key}` goes with prefixes and LANs, and {shorten(word.text)} is neither"
            yield error("not-a-prefix", summary, spec.place(*word.path[:4], key, key=True), hint)
    for target in found:
        if isinstance(target, Outside | LanOf):
            yield from _left(spec, word, _prefixes(spec, target))


def _prefixes(spec: Spec, target: Outside | LanOf) -> tuple[Prefix, ...]:
    if isinstance(target, Outside):
        return (target.prefix,)
    return tuple(
        p for lan, prefixes in spec.hosts[target.host].lan.items() if target.lan in (None, lan) for p in prefixes
    )


def _left(spec: Spec, word: _Word, prefixes: tuple[Prefix, ...]) -> Iterator[Diagnostic]:
    place, network = spec.place(*word.path), (spec.network.ipv4, spec.network.ipv6)
    if not subtract(prefixes, network):
        hint = "services and programs are needed by their names"
        yield error("need-inside", f"{shorten(word.text)} is a part of the network itself", place, hint)
    elif not subtract(prefixes, METADATA):
        yield error(
            "need-metadata", f"{shorten(word.text)} is where clouds hand out credentials, which is always denied", place
        )
    elif not subtract(prefixes, (*word.need.except_, *network, *METADATA)):
        yield error(
            "empty-need", f"nothing is left of the need {shorten(word.text)}: everything in it is excepted", place
        )
