"""Desired things as an engineer reads them.

In: a topology, steps, elements, a table. Out: one line each, without comments of elements. Never compares anything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from warren.desired.parts.firewall.elements import Entry
from warren.desired.parts.firewall.table import firewall
from warren.desired.steps import Ctl, Feed, Ip, Nft, Remove, SetSysctl, Sh, Start, Step, Write
from warren.desired.view import HostView, views
from warren.formats.nft.model import Element, Goto, Jump, Key, Prefix, Span, Table, Value
from warren.formats.nft.write_rule import rule
from warren.topology.model import Topology


def view_of(topology: Topology, host: str) -> HostView:
    """What concerns a host, whose key is its name."""
    return views(topology, {name: name for name in topology.hosts})[host]


def table_of(topology: Topology, host: str) -> Table:
    """The host's firewall."""
    return next(firewall(view_of(topology, host))).table


def spoken(steps: Iterable[Step]) -> list[str]:
    """A line for each step."""
    return [_spoken(step) for step in steps]


def _spoken(step: Step) -> str:
    match step:
        case Ip(line, netns, family):
            return f"ip{f' -{family}' if family else ''}{f' -n {netns}' if netns else ''} {line}"
        case SetSysctl(key, value, netns):
            return f"sysctl {f'{netns}: ' if netns else ''}{key}={value}"
        case Write(path, _, mode):
            return f"write {path} {mode:o}"
        case Nft():
            return f"nft {step.text}"
        case Remove(path):
            return f"remove {path}"
        case Start(user, _, unit):
            return f"start {unit} of {user}"
        case Sh(line) | Ctl(line) | Feed(_, line):
            return line


def sorted_in(found: Iterable[Entry]) -> dict[str, list[str]]:
    """The elements of each set."""
    held: dict[str, set[str]] = defaultdict(set)
    for name, each in found:
        held[name].add(element(each))
    return {name: sorted(texts) for name, texts in sorted(held.items())}


def members(table: Table, name: str) -> list[str]:
    """The elements of one set or map of a table."""
    return sorted(element(each) for each in table.lookups()[name].elements)


def element(given: Element) -> str:
    """A key, and where it leads."""
    match given.data:
        case None:
            return key(given.key)
        case Goto(chain) | Jump(chain):
            return f"{key(given.key)} : {chain}"
        case tuple():
            return f"{key(given.key)} : {key(given.data)}"
        case _:
            return f"{key(given.key)} : {given.data}"


def key(values: Key) -> str:
    """The values of a key."""
    return " . ".join(map(text, values))


def lines(table: Table, chain: str) -> list[str]:
    """The rules of a chain; none where there is no such chain."""
    found = table.chain(chain)
    return [rule(each) for each in found.rules] if found else []


def at(given: list[str], *words: str) -> int:
    """The place of the only rule that holds all the words."""
    found = [number for number, line in enumerate(given) if all(word in line for word in words)]
    assert len(found) == 1, f"{len(found)} rules hold {words}: " + "\n".join(given)
    return found[0]


def text(value: Value) -> str:
    """A constant of the rules, for people."""
    if isinstance(value, Span):
        if value.version:
            bits = 32 if value.version == 4 else 128
            return f"{Prefix(value.version, value.first, bits)}-{Prefix(value.version, value.last, bits)}"
        return f"{value.first}-{value.last}"
    return str(value)
