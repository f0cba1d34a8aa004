"""The configuration of unbound, as values and as text (unbound.conf(5)).

In: clauses of options, values quoted where their kind needs it. Out: one text. Never a value that ends its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from typing import TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Value: TypeAlias = str | int | bool

# One word that needs no quotes; everything else is quoted, and a quote cannot be escaped.
PLAIN = re.compile(r"[A-Za-z0-9_./:@#%*-]+")
FORBIDDEN = re.compile(r'["\\\x00-\x1f\x7f]')


@dataclass(frozen=True, slots=True)
class Option:
    """`key: first second`; a text with spaces is quoted, an empty one is `""`."""

    key: str
    values: tuple[Value, ...]

    def __str__(self) -> str:
        return f"{self.key}: {' '.join(map(_written, self.values))}"


@dataclass(frozen=True, slots=True)
class Clause:
    """`server:`, `view:`, `forward-zone:` and the like, with their options in order."""

    name: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """One record of local data."""

    name: str
    kind: str
    content: str
    ttl: int = 60

    def __str__(self) -> str:
        return f"{absolute(self.name)} {self.ttl} IN {self.kind} {self.content}"


def option(key: str, *values: Value) -> Option:
    """An option."""
    return Option(key, values)


def address_record(name: str, address: Address, ttl: int = 60) -> Record:
    """The A or AAAA record of an address."""
    return Record(name, "A" if address.version == 4 else "AAAA", _text(address), ttl)


def pointer_record(address: Address, name: str, ttl: int = 60) -> Record:
    """The PTR record of an address."""
    return Record(_pointer(address), "PTR", absolute(name), ttl)


# The same address stands in the view of everybody who may know it.
@lru_cache(maxsize=1 << 15)
def _text(address: Address) -> str:
    return str(address)


@lru_cache(maxsize=1 << 15)
def _pointer(address: Address) -> str:
    return address.reverse_pointer


def local_zone(name: str, kind: str) -> Option:
    """What is answered below a name that has no data (unbound.conf(5), local-zone)."""
    return option("local-zone", absolute(name), kind)


def local_data(record: Record) -> Option:
    """One record that is answered without asking anybody."""
    return Option("local-data", (_Quoted(str(record)),))


def absolute(name: str) -> str:
    """The name with the dot of the root."""
    return name if name.endswith(".") else f"{name}."


def write(clauses: Iterable[Clause]) -> str:
    """The whole file."""
    return "".join(f"{line}\n" for clause in clauses for line in _lines(clause))


def write_options(options: Iterable[Option]) -> str:
    """What other files include within a clause."""
    return "".join(f"{each}\n" for each in options)


def _lines(clause: Clause) -> Iterator[str]:
    yield f"{clause.name}:"
    yield from (f"  {each}" for each in clause.options)


class _Quoted(str):
    """A text that is quoted although it may be one word."""


def _written(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    if FORBIDDEN.search(text):
        raise ValueError(f"unbound cannot hold {text!r}")
    single = not isinstance(value, _Quoted) and PLAIN.fullmatch(text)
    return text if single else f'"{text}"'
