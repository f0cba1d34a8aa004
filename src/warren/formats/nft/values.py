"""The constants of nftables as values: addresses, spans, verdicts, and the elements of sets and maps.

In: what addresses, ports and chains a rule speaks of. Out: small frozen values that are equal when they mean the same.
Never: text that nft reads, or anything about a packet.
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import Literal as OneOf
from typing import TypeAlias

Addressable: TypeAlias = str | IPv4Address | IPv6Address | IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Prefix:
    """An IP prefix; one of full length is a single address. Bits beyond `length` are zero."""

    version: OneOf[4, 6]
    value: int
    length: int

    @classmethod
    def of(cls, place: Addressable) -> "Prefix":
        """The prefix that a text, address or network of `ipaddress` names (host bits must be zero)."""
        net = place if isinstance(place, IPv4Network | IPv6Network) else ip_network(place)
        return cls(4 if net.version == 4 else 6, int(net.network_address), net.prefixlen)

    @property
    def bits(self) -> int:
        return 32 if self.version == 4 else 128

    @property
    def single(self) -> bool:
        return self.length == self.bits

    @property
    def first(self) -> int:
        return self.value

    @property
    def last(self) -> int:
        return self.value | ((1 << (self.bits - self.length)) - 1)

    def __str__(self) -> str:
        text = str(IPv4Address(self.value) if self.version == 4 else IPv6Address(self.value))
        return text if self.single else f"{text}/{self.length}"


@dataclass(frozen=True, slots=True)
class Span:
    """From first to last, both included: of numbers (version 0) or of addresses (4, 6).

    A span of one number is an int, and a span that is a prefix is a `Prefix`: use `span()`, which knows.
    """

    first: int
    last: int
    version: OneOf[0, 4, 6] = 0


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something the kernel holds that this language has no word for: canonical JSON text. Reading never fails."""

    text: str


# Ports, marks and numbers are int; addresses are Prefix; the rest is str, by the name that nft lists: interfaces ("v-*"
# matches a beginning), protocols (tcp, ipv6-icmp), icmp types (echo-request, nd-neighbor-solicit), link addresses.
Value: TypeAlias = int | str | Prefix | Span | Unknown
Key: TypeAlias = tuple[Value, ...]


def span(first: int, last: int, version: OneOf[0, 4, 6] = 0) -> int | Prefix | Span:
    """The one way to write a range, so that equal ranges are equal values."""
    if version == 0:
        return first if first == last else Span(first, last)
    size = last - first + 1
    bits = 32 if version == 4 else 128
    if size & (size - 1) == 0 and first % size == 0:
        return Prefix(version, first, bits - size.bit_length() + 1)
    return Span(first, last, version)


@dataclass(frozen=True, slots=True)
class Accept:
    """The packet leaves this hook; later base chains of the same hook still see it."""


@dataclass(frozen=True, slots=True)
class Drop:
    """The packet is gone."""


@dataclass(frozen=True, slots=True)
class Return:
    """Back to the caller, or to the policy in a base chain."""


@dataclass(frozen=True, slots=True)
class Continue:
    """On with the next rule."""


@dataclass(frozen=True, slots=True)
class Jump:
    """Into another chain of the table, and back after it."""

    chain: str


@dataclass(frozen=True, slots=True)
class Goto:
    """Into another chain of the table, not back."""

    chain: str


Verdict: TypeAlias = Accept | Drop | Return | Continue | Jump | Goto


def clean(text: str | None, limit: int = 128) -> str | None:
    """What nft can quote: it has no escapes, and takes 128 bytes of a comment."""
    if text is None:
        return None
    if text.isascii() and text.isprintable() and '"' not in text:
        return text[:limit] or None
    printable = "".join("'" if letter == '"' else letter if letter.isprintable() else " " for letter in text)
    return printable.encode(errors="replace")[:limit].decode(errors="ignore") or None


@dataclass(frozen=True, slots=True)
class Element:
    """One member of a set (`data` None) or one pair of a map: a key and what it leads to."""

    key: Key
    data: Key | Verdict | None = None
    comment: str | None = None

    def __post_init__(self) -> None:
        if self.comment is not None:
            object.__setattr__(self, "comment", clean(self.comment))
