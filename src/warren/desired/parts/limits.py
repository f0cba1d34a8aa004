"""Rate limits of exposures: new connections per source address.

In: exposures at a host. Out: for each different rate one rule and one meter a family, and elements that say which
exposure has which rate. Never a rule per exposure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from warren.desired.parts.firewall.words import COUNTED, DPORT, DROP, NEW, PROTOCOL, FamilyWords, among, joined, rule
from warren.desired.view import HostView
from warren.formats.nft import model as nft
from warren.topology.model import Exposure, Rate

Per = Literal["second", "minute", "hour", "day"]
PERIODS: tuple[tuple[int, Per], ...] = ((1, "second"), (60, "minute"), (3600, "hour"), (86400, "day"))
METER_SIZE = 65535
METER_TIMEOUT = 60


def limit_statement(limit: Rate) -> nft.Limit:
    """A token bucket of `count` tokens that refills at the stated rate: nft has rates per unit only."""
    for seconds, per in PERIODS:
        tokens, rest = divmod(limit.count * seconds, limit.seconds)
        if rest == 0 and tokens:
            return nft.Limit(tokens, per, burst=limit.count, over=True)
    return nft.Limit(max(1, limit.count * 86400 // limit.seconds), "day", burst=limit.count, over=True)


def meter_timeout(limit: Rate) -> int:
    """Seconds after which a silent source is forgotten: no sooner than its bucket is full again."""
    return max(METER_TIMEOUT, limit.seconds)


@dataclass(frozen=True, slots=True)
class Limits:
    """The different rates of the exposures at one host."""

    rates: tuple[Rate, ...]

    @classmethod
    def of(cls, view: HostView) -> Limits:
        """The rates of the exposures that this host offers."""
        given = {e.limit for e in view.exposures if e.limit and e.at == view.host.name and not e.is_lan}
        return cls(tuple(sorted(given, key=lambda rate: (rate.count, rate.seconds))))

    def rules(self, words: tuple[FamilyWords, ...]) -> Iterator[nft.Rule]:
        """One rule a rate and family."""
        for limit in self.rates:
            for family in words:
                key = joined(family.client, PROTOCOL, DPORT)
                meter = nft.SetUpdate("update", family.name(meter_stem(limit)), key, (limit_statement(limit),))
                yield rule(NEW, among(family.asked, family.name(limited_stem(limit))), meter, COUNTED, DROP)

    def sets(self, words: tuple[FamilyWords, ...]) -> Iterator[tuple[str, tuple[str, ...], frozenset[str], int | None]]:
        """Name, key type, flags and time-out of each rate's sets."""
        for limit in self.rates:
            for family in words:
                key = (family.type, "inet_proto", "inet_service")
                yield family.name(limited_stem(limit)), key, frozenset({"interval"}), None
                yield family.name(meter_stem(limit)), key, frozenset({"dynamic", "timeout"}), meter_timeout(limit)


def limited_stem(limit: Rate) -> str:
    """The stem of the set of exposures with this rate."""
    return f"limited_{limit.count}_{limit.seconds}_v"


def meter_stem(limit: Rate) -> str:
    """The stem of the set that counts sources at this rate."""
    return f"meter_{limit.count}_{limit.seconds}_v"


def limit_of(exposure: Exposure) -> str | None:
    """The stem of the set that an exposure belongs to."""
    return limited_stem(exposure.limit) if exposure.limit else None
