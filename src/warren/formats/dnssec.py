"""Zones of the DNS that are signed: keys, signatures, and proofs that something is not there (RFC 4034, RFC 6605).

In: the records of a zone, and a key that signs. Out: the same records with all that proves them. Never holds a secret:
the key signs by itself.
"""

from __future__ import annotations

import hashlib
import struct
from base64 import b64encode
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from warren.formats.dnswire import KINDS, canonical, content_wire, labels, name_wire, record_wire
from warren.formats.unbound import Record, absolute

# ECDSA over P-256 with SHA-256: the signature is two numbers of 32 bytes, one behind the other.
ALGORITHM = 13
SHA256 = 2
# A key that signs everything of its zone and is the one that the zone above names.
FLAGS = 257
PROTOCOL = 3
DNSKEY = "DNSKEY"


@dataclass(frozen=True, slots=True)
class Key:
    """The public half of a key, two numbers of 32 bytes, and what signs with the other half."""

    public: bytes
    sign: Callable[[bytes], bytes]

    @property
    def content(self) -> str:
        """What the DNSKEY record of its zone says."""
        return f"{FLAGS} {PROTOCOL} {ALGORITHM} {b64encode(self.public).decode()}"

    @property
    def tag(self) -> int:
        """The short number by which signatures name it (RFC 4034, appendix B)."""
        total = sum(
            byte << (8 if place % 2 == 0 else 0) for place, byte in enumerate(content_wire(DNSKEY, self.content))
        )
        return (total + (total >> 16)) & 0xFFFF


@dataclass(frozen=True, slots=True)
class Times:
    """From when until when signatures are good, in seconds since 1970."""

    start: int
    end: int


def delegation(zone: str, key: Key) -> Record:
    """The DS record by which the zone above vouches for a signed one."""
    digest = hashlib.sha256(name_wire(zone) + content_wire(DNSKEY, key.content)).hexdigest()
    return Record(zone, "DS", f"{key.tag} {ALGORITHM} {SHA256} {digest}")


def anchor(zone: str, key: Key) -> Record:
    """The DNSKEY record of a zone: with it, who believes nobody above begins."""
    return Record(zone, DNSKEY, key.content)


def signed(zone: str, records: Iterable[Record], key: Key, times: Times) -> Iterator[Record]:
    """A zone with its key, its proofs of absence and a signature for every set of records that is its own."""
    sets = _sets([*records, anchor(zone, key)])
    cuts = {name for name, kind in sets if kind == "NS" and labels(name) != labels(zone)}
    own: dict[str, list[str]] = defaultdict(list)
    for name, kind in sets:
        if not _below(name, cuts) and (name not in cuts or kind in ("NS", "DS")):
            own[name].append(kind)
    for name, following in pairwise([*own, zone]):
        said = f"{absolute(following)} {' '.join((*own[name], 'NSEC', 'RRSIG'))}"
        sets[name, "NSEC"] = [Record(name, "NSEC", said)]
    for (name, kind), alike in sets.items():
        yield from alike
        if name in own and (name not in cuts or kind in ("DS", "NSEC")):
            yield _signature(zone, alike, key, times)


def spoiled(record: Record) -> Record:
    """A signature that proves nothing any more."""
    head, text = record.content.rsplit(" ", 1)
    return Record(record.name, record.kind, f"{head} {text[8:12]}{text[4:8]}{text[:4]}{text[12:]}", record.ttl)


def _sets(records: Iterable[Record]) -> dict[tuple[str, str], list[Record]]:
    """Records by owner and kind, in the order of names."""
    found: dict[tuple[str, str], dict[Record, None]] = defaultdict(dict)
    for record in sorted(records, key=lambda one: (canonical(one.name), KINDS[one.kind])):
        found[absolute(record.name).lower(), record.kind][record] = None
    return {key: list(alike) for key, alike in found.items()}


def _below(name: str, cuts: set[str]) -> bool:
    """Whether a name belongs to a zone further down: what is told of it here is only how to get there."""
    parts = labels(name)
    return any(absolute(".".join(parts[start:])) in cuts for start in range(1, len(parts)))


def _signature(zone: str, alike: list[Record], key: Key, times: Times) -> Record:
    first = alike[0]
    count, signer = len(labels(first.name)), absolute(zone)
    head = struct.pack("!HBBIIIH", KINDS[first.kind], ALGORITHM, count, first.ttl, times.end, times.start, key.tag)
    covered = b"".join(map(record_wire, sorted(alike, key=lambda one: content_wire(one.kind, one.content))))
    proof = b64encode(key.sign(head + name_wire(signer) + covered)).decode()
    said = f"{first.kind} {ALGORITHM} {count} {first.ttl} {times.end} {times.start} {key.tag} {signer} {proof}"
    return Record(first.name, "RRSIG", said, first.ttl)
