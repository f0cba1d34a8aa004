"""The tree of names of the small Internet: a signed root, signed zones below it, one that is not, one that is forged.

In: records, and a key that signs. Out: the text of every zone. Never a zone that nobody leads to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from warren.formats.dnssec import Key, Times, delegation, signed, spoiled
from warren.formats.dnswire import labels
from warren.formats.unbound import Record, absolute

ROOT = "."
SERVERS = tuple(f"{letter}.root-servers.net." for letter in "abcdefghijklmn")
# From before every lab until after it (2020 to 2049).
TIMES = Times(1_577_836_800, 2_493_072_000)


class Trust(StrEnum):
    """What can be said of a zone's records."""

    PROVED = "proved"
    UNSIGNED = "unsigned"
    FORGED = "forged"


def zones(records: Iterable[Record], kinds: Mapping[str, Trust], key: Key) -> dict[str, str]:
    """The text of each zone by its name; `kinds` names the zones below those of one label."""
    everything = list(records)
    trusted = {absolute(name): trust for name, trust in kinds.items()}
    for name in (*(one.name for one in everything), *trusted, *SERVERS):
        trusted.setdefault(absolute(labels(name)[-1]), Trust.PROVED)
    trusted[ROOT] = Trust.PROVED
    held: dict[str, list[Record]] = defaultdict(list)
    for one in everything:
        held[_zone_of(one.name, trusted)].append(one)
    for name, trust in trusted.items():
        held[name] += _head(name)
        if name != ROOT:
            held[_zone_of(".".join(labels(name)[1:]), trusted)] += _leading(name, trust, key)
    return {name: "".join(f"{one}\n" for one in _said(name, held[name], trusted[name], key)) for name in trusted}


def _head(name: str) -> Iterator[Record]:
    yield Record(name, "SOA", f"{SERVERS[0]} nobody.invalid. 1 3600 600 86400 60")
    yield from (Record(name, "NS", server) for server in SERVERS)


def _leading(name: str, trust: Trust, key: Key) -> Iterator[Record]:
    """What the zone above says of one."""
    yield from (Record(name, "NS", server) for server in SERVERS)
    if trust is not Trust.UNSIGNED:
        yield delegation(name, key)


def _said(name: str, records: Iterable[Record], trust: Trust, key: Key) -> Iterator[Record]:
    if trust is Trust.UNSIGNED:
        yield from dict.fromkeys(records)
        return
    for one in signed(name, records, key, TIMES):
        # Its key is proved, so that it is this zone that lies, not the one above.
        forged = trust is Trust.FORGED and one.kind == "RRSIG" and one.content.startswith(("A ", "AAAA "))
        yield spoiled(one) if forged else one


def _zone_of(name: str, zones: Mapping[str, Trust]) -> str:
    """The closest zone that holds a name."""
    parts = labels(name)
    found = (absolute(".".join(parts[start:])) for start in range(len(parts)))
    return next((zone for zone in found if zone in zones), ROOT)
