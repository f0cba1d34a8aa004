"""Names and records of the DNS as they are signed: their canonical wire form (RFC 1035, RFC 4034 section 6).

In: records as text. Out: bytes, and an order of names. Never compresses, as nothing signed is.
"""

from __future__ import annotations

import struct
from base64 import b64decode
from collections.abc import Callable, Mapping
from ipaddress import IPv4Address, IPv6Address

from warren.formats.unbound import Record

# Numbers of the kinds that are written here (IANA, DNS parameters).
KINDS: Mapping[str, int] = {
    "A": 1, "NS": 2, "SOA": 6, "MX": 15, "TXT": 16, "AAAA": 28, "DS": 43, "RRSIG": 46, "NSEC": 47, "DNSKEY": 48,
    "CAA": 257,
}  # fmt: skip
INTERNET = 1


def labels(name: str) -> tuple[str, ...]:
    """The labels of a name from the left, in lower case; none for the root."""
    return tuple(part for part in name.lower().split(".") if part)


def canonical(name: str) -> tuple[bytes, ...]:
    """What names are sorted by: their labels from the right, as bytes."""
    return tuple(part.encode("ascii") for part in reversed(labels(name)))


def name_wire(name: str) -> bytes:
    """A name: each label behind its length, and the root's empty one."""
    return b"".join(bytes([len(part)]) + part.encode("ascii") for part in labels(name)) + b"\0"


def record_wire(record: Record) -> bytes:
    """A whole record."""
    content = content_wire(record.kind, record.content)
    head = struct.pack("!HHIH", KINDS[record.kind], INTERNET, record.ttl, len(content))
    return name_wire(record.name) + head + content


def content_wire(kind: str, content: str) -> bytes:
    """What a record says."""
    return _CONTENT[kind](content)


def kinds_wire(kinds: Mapping[str, object] | set[str]) -> bytes:
    """A set of kinds as NSEC lists them: a map of bits for each block of 256 (RFC 4034, 4.1.2)."""
    blocks: dict[int, bytearray] = {}
    for number in sorted(KINDS[kind] for kind in kinds):
        bits = blocks.setdefault(number // 256, bytearray())
        place = number % 256
        bits.extend(bytes(place // 8 + 1 - len(bits)))
        bits[place // 8] |= 0x80 >> place % 8
    return b"".join(bytes([block, len(bits)]) + bits for block, bits in blocks.items())


def _soa(content: str) -> bytes:
    server, person, *numbers = content.split()
    return name_wire(server) + name_wire(person) + struct.pack("!5I", *map(int, numbers))


def _mx(content: str) -> bytes:
    rank, name = content.split()
    return struct.pack("!H", int(rank)) + name_wire(name)


def _txt(content: str) -> bytes:
    text = content.strip('"').encode()
    return bytes([len(text)]) + text


def _caa(content: str) -> bytes:
    flags, tag, value = content.split(maxsplit=2)
    return bytes([int(flags), len(tag)]) + tag.encode() + value.strip('"').encode()


def _ds(content: str) -> bytes:
    tag, algorithm, digest, text = content.split()
    return struct.pack("!HBB", int(tag), int(algorithm), int(digest)) + bytes.fromhex(text)


def _dnskey(content: str) -> bytes:
    flags, protocol, algorithm, text = content.split()
    return struct.pack("!HBB", int(flags), int(protocol), int(algorithm)) + b64decode(text)


def _nsec(content: str) -> bytes:
    following, *kinds = content.split()
    return name_wire(following) + kinds_wire(set(kinds))


_CONTENT: Mapping[str, Callable[[str], bytes]] = {
    "A": lambda content: IPv4Address(content).packed,
    "AAAA": lambda content: IPv6Address(content).packed,
    "NS": name_wire,
    "SOA": _soa,
    "MX": _mx,
    "TXT": _txt,
    "CAA": _caa,
    "DS": _ds,
    "DNSKEY": _dnskey,
    "NSEC": _nsec,
}
