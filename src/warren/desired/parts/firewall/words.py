"""Short words for the rules of this room.

In: nothing. Out: expressions of nftables that several rules share, for each family. Never a rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Literal

from warren.desired.parts import marks
from warren.formats.nft import model as nft
from warren.topology.model import Topology

Version = Literal[4, 6]

IIF = nft.Meta("iifname")
OIF = nft.Meta("oifname")
PROTOCOL = nft.Meta("l4proto")
SPORT = nft.Payload("th", "sport")
DPORT = nft.Payload("th", "dport")
NEW = nft.Match("in", nft.Ct("state"), nft.Flags(frozenset({"new"})))
INVALID = nft.Match("in", nft.Ct("state"), nft.Flags(frozenset({"invalid"})))
RELATED = nft.Match("in", nft.Ct("state"), nft.Flags(frozenset({"related"})))
ESTABLISHED = nft.Match("in", nft.Ct("state"), nft.Flags(frozenset({"established"})))
TRANSLATED = nft.Match("in", nft.Ct("status"), nft.Flags(frozenset({"dnat"})))
ANSWER = nft.Match("==", nft.Ct("direction"), nft.Literal("reply"))
ASKING = nft.Match("==", nft.Ct("direction"), nft.Literal("original"))
ERRORS = nft.Match("==", PROTOCOL, nft.AnonymousSet(frozenset({("icmp",), ("ipv6-icmp",)})))
PORTED = nft.Match("==", PROTOCOL, nft.AnonymousSet(frozenset({("tcp",), ("udp",)})))
# What the connection's mark remembers: the way by which it came.
CAME = nft.Masked(nft.Ct("mark"), marks.MASK)
BY_TUNNEL = nft.Match("!=", nft.Masked(nft.Ct("mark"), marks.GATEWAY_BITS), nft.Literal(0))
ONE_LINK = (1 << 128) - (1 << 64)
COUNTED = nft.Counter()
DROP = nft.Drop()
ACCEPT = nft.Accept()


def rule(*statements: nft.Statement, why: str | None = None) -> nft.Rule:
    """A rule; `why` becomes its comment."""
    return nft.Rule(statements, why)


def among(expression: nft.Expression, name: str) -> nft.Match:
    """Membership in a named set."""
    return nft.Match("==", expression, nft.SetReference(name))


def not_among(expression: nft.Expression, name: str) -> nft.Match:
    """No membership in a named set."""
    return nft.Match("!=", expression, nft.SetReference(name))


def equal(expression: nft.Expression, value: nft.Value) -> nft.Match:
    """Equality with a constant."""
    return nft.Match("==", expression, nft.Literal(value))


def joined(*parts: nft.Expression) -> nft.Concat:
    """Several expressions as one key."""
    return nft.Concat(parts)


def prefix(network: IPv4Network | IPv6Network) -> nft.Prefix:
    """A network as an element's value."""
    return nft.Prefix(4 if network.version == 4 else 6, int(network.network_address), network.prefixlen)


@lru_cache(maxsize=1 << 15)
def single(address: IPv4Address | IPv6Address) -> nft.Prefix:
    """An address as an element's value: the same object for all elements, which are many."""
    return nft.Prefix(4, int(address), 32) if address.version == 4 else nft.Prefix(6, int(address), 128)


@dataclass(frozen=True, slots=True)
class FamilyWords:
    """The words of one family: its addresses' expressions, and names of sets, which end in its version."""

    version: Version
    network: nft.Prefix

    @property
    def header(self) -> str:
        """`ip` or `ip6`."""
        return "ip" if self.version == 4 else "ip6"

    @property
    def source(self) -> nft.Payload:
        """The packet's source address."""
        return nft.Payload(self.header, "saddr")

    @property
    def client(self) -> nft.Expression:
        """The source as one customer of a provider: with IPv6 everybody has 2^64 addresses (RFC 4291, 2.5.4)."""
        return self.source if self.version == 4 else nft.Masked(self.source, ONE_LINK)

    @property
    def destination(self) -> nft.Payload:
        """The packet's destination address."""
        return nft.Payload(self.header, "daddr")

    @property
    def type(self) -> str:
        """The type of an address in a set."""
        return f"ipv{self.version}_addr"

    def name(self, stem: str) -> str:
        """The name of a set of this family."""
        return f"{stem}{self.version}"

    @property
    def asked(self) -> nft.Concat:
        """What a connection asks for: destination, protocol, port."""
        return joined(self.destination, PROTOCOL, DPORT)

    @property
    def flow(self) -> nft.Concat:
        """Who asks for what: source, destination, protocol, port."""
        return joined(self.source, self.destination, PROTOCOL, DPORT)

    @property
    def flow_back(self) -> nft.Concat:
        """The same key from a packet of the answer."""
        return joined(self.destination, self.source, PROTOCOL, SPORT)

    @property
    def asked_back(self) -> nft.Concat:
        """What the connection asked for, from a packet of the answer."""
        return joined(self.source, PROTOCOL, SPORT)


def families(topology: Topology) -> tuple[FamilyWords, FamilyWords]:
    """The words of both families."""
    return FamilyWords(4, prefix(topology.prefix4)), FamilyWords(6, prefix(topology.prefix6))
