"""What a word of `needs` or `expect` refers to.

In: a spec and a word such as `db.sql`, `apps`, `*.metrics`, `home.lan` or `198.51.100.0/24`. Out: the ports, programs,
LANs and prefixes that it means, or the sentence why it means nothing. Never decides whether it is allowed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from warren.basis import address
from warren.basis.diagnostic import did_you_mean
from warren.spec.fields import shorten
from warren.spec.model import Host, Spec

EVERY = "*"
MANY_NAMES = 300
LOOKS_LIKE_PREFIX = re.compile(r"[0-9.]+\Z|.*[/:]")


@dataclass(frozen=True, slots=True)
class ServicePort:
    """A named port of a service."""

    service: str
    port: str


@dataclass(frozen=True, slots=True)
class Program:
    """A program of a host."""

    host: str
    program: str


@dataclass(frozen=True, slots=True)
class LanOf:
    """The LANs beside a host, or the one that is named."""

    host: str
    lan: str | None


@dataclass(frozen=True, slots=True)
class Outside:
    """A prefix, written as such."""

    prefix: address.Prefix


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a word means nothing."""

    code: str
    sentence: str
    hint: str | None = None


Target: TypeAlias = ServicePort | Program | LanOf | Outside


class Directory:
    """All names of a spec. One is made for each spec, as its groups and port names are collected once."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.groups = expanded(spec)
        self.owners: dict[str, list[str]] = {}
        for name, service in spec.services.items():
            for port in service.ports:
                self.owners.setdefault(port, []).append(name)

    def members(self, word: str) -> tuple[str, ...] | None:
        """The services that a service's name, a group's name or `*` stands for."""
        if word in self.spec.services:
            return (word,)
        return tuple(self.spec.services) if word == EVERY else self.groups.get(word)

    def find(self, word: str, seeker: str | None = None) -> tuple[Target, ...] | Problem:
        """What `word` means to service `seeker`, which is never a part of the answer itself."""
        head, _, rest = word.partition(".")
        if head in self.spec.services or head in self.groups or head == EVERY:
            return self._ports(head, rest, seeker)
        if head in self.spec.hosts:
            return self._of_host(head, rest)
        if LOOKS_LIKE_PREFIX.match(word):
            return _prefix(word)
        return self.unknown(head)

    def unknown(self, word: str) -> Problem:
        """The sentence for a name that nothing has."""
        spec = self.spec
        sentence = f"there is no service, group or host {shorten(word)}"
        return Problem("unknown-name", sentence, _known(word, (*spec.services, *spec.groups, *spec.hosts), "there is"))

    def _ports(self, head: str, port: str, seeker: str | None) -> tuple[Target, ...] | Problem:
        if head == seeker:
            return ()
        if head in self.spec.services:
            return self._service_ports(head, port)
        found: tuple[Target, ...] = tuple(
            ServicePort(name, one)
            for name in self._having(head, port)
            if name != seeker
            for one in ([port] if port else self.spec.services[name].ports)
        )
        return found or self._nothing(head, port)

    def _having(self, head: str, port: str) -> Iterable[str]:
        if head == EVERY:
            return self.owners.get(port, ()) if port else self.spec.services
        services = self.spec.services
        return (name for name in self.groups[head] if not port or port in services[name].ports)

    def _service_ports(self, name: str, port: str) -> tuple[Target, ...] | Problem:
        ports = self.spec.services[name].ports
        if not ports:
            return Problem(
                "no-ports", f"the service `{name}` has no ports", f"give it some: `ports: {{{port or 'web'}: 80}}`"
            )
        if not port:
            return tuple(ServicePort(name, one) for one in ports)
        if port in ports:
            return (ServicePort(name, port),)
        return Problem("unknown-port", f"the service `{name}` has no port {shorten(port)}", _known(port, ports))

    def _nothing(self, head: str, port: str) -> Problem:
        who = "other service" if head == EVERY else f"other service of the group `{head}`"
        if port:
            return Problem("unknown-port", f"no {who} has a port {shorten(port)}", closest(port, self.owners))
        return Problem("no-ports", f"no {who} has a port")

    def _of_host(self, name: str, rest: str) -> tuple[Target, ...] | Problem:
        host = self.spec.hosts[name]
        if rest in host.programs:
            return (Program(name, rest),)
        word, _, lan = rest.partition(".")
        if word == "lan":
            return self._lan(name, lan)
        if not rest:
            return Problem("host-alone", f"`{name}` is a host, which cannot be needed as a whole", _of(name, host))
        return Problem(
            "unknown-program", f"the host `{name}` has no program {shorten(rest)}", _known(rest, host.programs)
        )

    def _lan(self, name: str, lan: str) -> tuple[Target, ...] | Problem:
        lans = self.spec.hosts[name].lan
        if not lans:
            return Problem(
                "no-lan", f"the host `{name}` has no LAN", f"say where it stands: `{name}: {{lan: 192.168.2.0/24}}`"
            )
        if lan and lan not in lans:
            return Problem("unknown-lan", f"the host `{name}` has no LAN {shorten(lan)}", _known(lan, lans))
        return (LanOf(name, lan or None),)


def expanded(spec: Spec) -> dict[str, tuple[str, ...]]:
    """Every group with the services in it and in the groups in it; a cycle ends where it closes."""
    done: dict[str, tuple[str, ...]] = {}
    for name in spec.groups:
        for group in _inmost_first(spec, name, done):
            members = dict.fromkeys(
                service
                for word in spec.groups[group]
                for service in done.get(word, (word,))
                if service in spec.services
            )
            done[group] = tuple(members)
    return done


def _inmost_first(spec: Spec, start: str, done: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """The groups inside `start` that are not done, each after those inside it. No recursion: a chain may be long."""
    seen, stack = {start}, [(start, iter(spec.groups[start]))]
    if start in done:
        return
    while stack:
        name, words = stack[-1]
        inner = next((word for word in words if word in spec.groups and word not in done and word not in seen), None)
        if inner is None:
            stack.pop()
            yield name
        else:
            seen.add(inner)
            stack.append((inner, iter(spec.groups[inner])))


def closest(word: str, known: Iterable[str]) -> str | None:
    """A hint that names the closest known word; among many, only those that begin alike are looked at."""
    names = list(known)
    if len(names) > MANY_NAMES:
        names = [name for name in names if name[:1] == word[:1] and abs(len(name) - len(word)) < 3][:MANY_NAMES]
    return did_you_mean(word[:80], names)


def _known(word: str, known: Iterable[str], has: str = "it has") -> str | None:
    names = list(known)
    listed = f"{has} {', '.join(f'`{name}`' for name in names[:8])}" if names else None
    return closest(word, names) or listed


def _of(name: str, host: Host) -> str:
    program = next(iter(host.programs), None)
    return (
        f"name a program of it, `{name}.{program}`"
        if program
        else f"declare a program: `{name}: {{programs: {{mysql: 3306}}}}`"
    )


def _prefix(word: str) -> tuple[Target, ...] | Problem:
    try:
        return (Outside(address.parse_prefix(word)),)
    except ValueError as found:
        return Problem("bad-prefix", str(found))


def as_prefix(word: str) -> address.Prefix | None:
    """The prefix that a word is, or None for a name."""
    found = _prefix(word) if LOOKS_LIKE_PREFIX.match(word) else ()
    return next((one.prefix for one in found if isinstance(one, Outside)), None) if isinstance(found, tuple) else None
