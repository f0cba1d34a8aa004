"""Bytes and packets of every service, by direction and path.

In: a view. Out: a table of its own whose elements the kernel makes and counts by itself; a change of the file never
touches it, so nothing is reset. A gateway counts the services of other hosts that pass through it, too.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.basis.address import collapse
from warren.desired.items.rules import Rules
from warren.desired.parts.firewall.words import (
    ACCEPT,
    IIF,
    OIF,
    FamilyWords,
    among,
    families,
    joined,
    prefix,
    rule,
)
from warren.desired.view import HostView
from warren.formats.nft import model as nft

TABLE = "warren_count"
AFTER_THE_VERDICT = 10
SIZE = 65535
COUNTING = frozenset({"dynamic"})


def accounting(view: HostView) -> Iterator[Rules]:
    """The host's counters."""
    words = families(view.topology)
    sets = [each for family in words for each in _sets(view, family)]
    outward = tuple(each for family in words for each in _outward(family))
    inward = tuple(each for family in words for each in _inward(family))
    chains = (
        nft.Chain("outward", outward, nft.Hook("filter", "forward", AFTER_THE_VERDICT)),
        nft.Chain("inward", inward, nft.Hook("filter", "forward", AFTER_THE_VERDICT + 1)),
    )
    yield Rules(nft.Table("inet", TABLE, tuple(sets), (), chains))


def _sets(view: HostView, family: FamilyWords) -> Iterator[nft.Set]:
    lans = [each for lan in view.host.lans for each in lan.prefixes if each.version == family.version]
    held = frozenset(nft.Element((prefix(each),)) for each in collapse(lans))
    yield nft.Set(family.name("lans"), (family.type,), None, frozenset({"interval"}), elements=held)
    for direction in ("out", "in"):
        by_link = (family.type, "ifname")
        yield nft.Set(family.name(direction), by_link, None, COUNTING, SIZE, counter=True)
        yield nft.Set(family.name(f"{direction}_lan"), (family.type,), None, COUNTING, SIZE, counter=True)


def _outward(family: FamilyWords) -> Iterator[nft.Rule]:
    own = nft.Match("==", family.source, nft.Literal(family.network))
    lan = nft.SetUpdate("update", family.name("out_lan"), family.source)
    yield rule(own, among(family.destination, family.name("lans")), lan, ACCEPT)
    yield rule(own, nft.SetUpdate("update", family.name("out"), joined(family.source, OIF)))


def _inward(family: FamilyWords) -> Iterator[nft.Rule]:
    own = nft.Match("==", family.destination, nft.Literal(family.network))
    lan = nft.SetUpdate("update", family.name("in_lan"), family.destination)
    yield rule(own, among(family.source, family.name("lans")), lan, ACCEPT)
    yield rule(own, nft.SetUpdate("update", family.name("in"), joined(family.destination, IIF)))
