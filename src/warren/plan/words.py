"""What a plan means for the network: who can now reach what, and who no longer can.

In: a plan and the topology that it leads to. Out: sentences, read from the rules that come and go, not from what was
declared. Never a word about commands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from warren.basis.names import chain_safe
from warren.desired.items.rules import Rules
from warren.desired.model import Item
from warren.formats.nft.model import Element, Goto, Prefix, Span, Table, Value
from warren.plan.model import Plan
from warren.topology.model import Topology

TABLE = "nft:warren"
INTERNET = "Internet"
EVERY_PORT = Span(0, 65535)
Sets: TypeAlias = Mapping[str, frozenset[Element]]


@dataclass(frozen=True, slots=True, order=True)
class Reach:
    """`who` may connect to `what`, in words."""

    who: str
    what: str


@dataclass(frozen=True, slots=True)
class Names:
    """What people call an address, an interface, a chain."""

    addresses: Mapping[Prefix, str]
    interfaces: Mapping[str, str]
    chains: Mapping[str, str]

    @classmethod
    def of(cls, topology: Topology) -> Names:
        """The names of a network."""
        pairs = [(each.name, each.addresses) for each in topology.hosts.values()]
        pairs += [(each.name, each.addresses) for each in topology.services.values()]
        return cls(
            {Prefix.of(address): name for name, pair in pairs for address in pair},
            {service.veth: service.name for service in topology.services.values()},
            {f"leave_{chain_safe(name)}": f"the Internet by {name}" for name in topology.hosts}
            | {"leave_direct": "the Internet directly"},
        )


def words(plan: Plan, topology: Topology) -> tuple[str, ...]:
    """Each change of who reaches what, once, however many hosts and families it takes; the Internet first."""
    names = Names.of(topology)
    before: set[Reach] = set()
    after: set[Reach] = set()
    for host, changes in plan.hosts.items():
        for change in changes:
            if change.key == TABLE:
                before |= _reaches(change.old, host, names)
                after |= _reaches(change.new, host, names)
    opened = [f"{each.who} can now reach {each.what}" for each in sorted(after - before, key=_order)]
    closed = [f"{each.who} can no longer reach {each.what}" for each in sorted(before - after, key=_order)]
    return (*opened, *closed)


def _order(each: Reach) -> tuple[bool, Reach]:
    return each.who != INTERNET, each


def _reaches(item: Item | None, host: str, names: Names) -> set[Reach]:
    if not isinstance(item, Rules):
        return set()
    return set(_of_table(item.table, host, names))


def _of_table(table: Table, host: str, names: Names) -> Iterator[Reach]:
    held = {name: each.elements for name, each in table.lookups().items()}
    for version in ("4", "6"):
        yield from _permitted(held, version, names)
        yield from _exposed(held, version, host, names)
        yield from _outside(held, version, names)
    yield from _leaving(held, names)
    for allowed in held.get("allowed", ()):
        yield Reach(INTERNET, f"{_ports(*allowed.key)} of {host} itself")


def _permitted(held: Sets, version: str, names: Names) -> Iterator[Reach]:
    for stem in ("permit", "permit_range"):
        for element in held.get(stem + version, ()):
            source, target, protocol, ports = element.key
            said = (element.comment or "").split(" -> ")
            known = said if len(said) == 2 else ["", ""]
            who, what = _name(source, names, known[0]), _name(target, names, known[1])
            yield Reach(who, f"{what}:{_ports(protocol, ports)}")


def _exposed(held: Sets, version: str, host: str, names: Names) -> Iterator[Reach]:
    sources = _sources(held, version)
    for stem in ("expose", "expose_range"):
        for element in held.get(stem + version, ()):
            public, protocol, ports = element.key
            what = f"{_leads(element, names)}:{_ports(protocol, ports)} at {host}"
            for who in sources.get((public, protocol, _first(ports)), (INTERNET,)):
                yield Reach(who, what)
    for stem in ("expose_lan", "expose_lan_range"):
        for element in held.get(stem + version, ()):
            yield Reach(f"the LAN of {host}", f"{_leads(element, names)}:{_ports(*element.key)}")


def _sources(held: Sets, version: str) -> dict[tuple[Value, Value, int], list[str]]:
    """Who alone may use an exposure, where not everyone may; by address, protocol and each port."""
    found: dict[tuple[Value, Value, int], list[str]] = {}
    for element in held.get(f"guarded{version}", ()):
        public, protocol, ports = element.key
        for port in range(_first(ports), _last(ports) + 1):
            found.setdefault((public, protocol, port), [])
    for element in held.get(f"sources{version}", ()):
        public, protocol, ports, source = element.key
        for port in range(_first(ports), _last(ports) + 1):
            found.setdefault((public, protocol, port), []).append(text(source))
    return found


def _outside(held: Sets, version: str, names: Names) -> Iterator[Reach]:
    """Prefixes beyond the network."""
    for element in held.get(f"reach{version}", ()):
        source, prefix, protocol, ports = element.key
        every = ports == EVERY_PORT
        yield Reach(_name(source, names, ""), text(prefix) if every else f"{text(prefix)} at {_ports(protocol, ports)}")


def _leaving(held: Sets, names: Names) -> Iterator[Reach]:
    for element in held.get("leaves_by", ()):
        interface = element.key[0]
        if isinstance(interface, str) and isinstance(element.data, Goto) and interface.startswith("v-"):
            who = names.interfaces.get(interface, interface.removeprefix("v-"))
            yield Reach(who, names.chains.get(element.data.chain, element.data.chain))


def _leads(element: Element, names: Names) -> str:
    if not isinstance(element.data, tuple):
        return "a service"
    return _name(element.data[0], names, (element.comment or "").removeprefix("to "))


def _name(address: Value, names: Names, known: str) -> str:
    """What left the file has no name there any more: the element's own comment remembers it."""
    found = names.addresses.get(address) if isinstance(address, Prefix) else None
    return found or known or text(address)


def _ports(protocol: Value, ports: Value) -> str:
    return f"{text(ports)}/{text(protocol)}"


def _first(ports: Value) -> int:
    return ports.first if isinstance(ports, Span) else ports if isinstance(ports, int) else 0


def _last(ports: Value) -> int:
    return ports.last if isinstance(ports, Span) else ports if isinstance(ports, int) else 0


def text(value: Value) -> str:
    """A constant of the rules, for people."""
    if isinstance(value, Span):
        if value.version:
            bits = 32 if value.version == 4 else 128
            return f"{Prefix(value.version, value.first, bits)}-{Prefix(value.version, value.last, bits)}"
        return f"{value.first}-{value.last}"
    return str(value)
