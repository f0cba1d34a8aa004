"""One packet, as far as rules and routes look at it.

In: addresses and ports as texts or numbers. Out: frozen packets. Never decides where one goes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv6Address, ip_address

ICMP, TCP, UDP, ICMP6 = 1, 6, 17, 58
NUMBERS = {"icmp": ICMP, "tcp": TCP, "udp": UDP, "ipv6-icmp": ICMP6, "icmpv6": ICMP6, "dccp": 33, "sctp": 132,
           "udplite": 136, "esp": 50, "ah": 51, "comp": 108}  # fmt: skip
NAMES = {ICMP: "icmp", TCP: "tcp", UDP: "udp", ICMP6: "ipv6-icmp", 33: "dccp", 132: "sctp", 136: "udplite"}
# What somebody asks and what is answered: type and code, which lie where other protocols have their source port.
ECHOES = {(ICMP, 0x0800): 0x0000, (ICMP6, 0x8000): 0x8100}
# The port of a client that nothing listens on and no rule names.
CLIENT_PORT = 40001
SYN, ACK = frozenset({"syn"}), frozenset({"ack"})
NO_FLAGS: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Packet:
    """Addresses are numbers of the family `version` (4 or 6); ports are the first four bytes after the IP header.

    Of other protocols than TCP and UDP these bytes are something else, and nftables' `th dport` reads them all the
    same.
    """

    version: int
    source: int
    target: int
    protocol: int
    sport: int
    dport: int
    flags: frozenset[str] = NO_FLAGS
    mark: int = 0

    @property
    def ends(self) -> tuple[int, int, int, int, int]:
        """What connection tracking knows a connection by."""
        return self.source, self.target, self.protocol, self.sport, self.dport

    def answer(self) -> Packet:
        """What comes back, as the receiver of this packet writes it."""
        sport = ECHOES.get((self.protocol, self.sport), self.dport)
        dport = self.dport if (self.protocol, self.sport) in ECHOES else self.sport
        flags = frozenset({"syn", "ack"}) if self.protocol == TCP else NO_FLAGS
        return Packet(self.version, self.target, self.source, self.protocol, sport, dport, flags)

    def later(self) -> Packet:
        """The next packet of the same connection in the same direction."""
        return replace(self, flags=ACK if self.protocol == TCP else NO_FLAGS, mark=0)

    def __str__(self) -> str:
        name = NAMES.get(self.protocol, f"protocol {self.protocol}")
        source, target = shown(self.version, self.source), shown(self.version, self.target)
        if self.protocol in (ICMP, ICMP6):
            return f"{name} {source} -> {target}"
        left = f"[{source}]" if self.version == 6 else source
        right = f"[{target}]" if self.version == 6 else target
        return f"{name} {left}:{self.sport} -> {right}:{self.dport}"


def packet(source: str, target: str, protocol: str, dport: int = 0, sport: int = CLIENT_PORT) -> Packet:
    """The first packet of a connection; `icmp` is an echo request of either family."""
    one, other = ip_address(source), ip_address(target)
    if protocol in ("icmp", "ipv6-icmp", "icmpv6"):
        protocol, sport = ("icmp", 0x0800) if one.version == 4 else ("ipv6-icmp", 0x8000)
    return opening(one.version, int(one), int(other), NUMBERS[protocol], sport, dport)


def opening(version: int, source: int, target: int, protocol: int, sport: int, dport: int) -> Packet:
    """The first packet of a connection, from numbers."""
    return Packet(version, source, target, protocol, sport, dport, SYN if protocol == TCP else NO_FLAGS)


def shown(version: int, number: int) -> str:
    """An address as people write it."""
    return str(IPv4Address(number) if version == 4 else IPv6Address(number))
