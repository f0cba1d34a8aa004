"""Bytes and packets of every service, by direction and path.

In: a view. Out: a table of its own whose elements the kernel makes and counts by itself; a change of the file never
touches it, so nothing is reset. A gateway counts the services of other hosts that pass through it, too.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.basis.address import collapse
from warren.desired.items.rules import Rules
from warren.desired.parts.firewall.words import (
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
    counting = nft.Hook("filter", "forward", AFTER_THE_VERDICT)
    if not view.host.lans:
        yield _table(sets, nft.Chain("count", tuple(_at_once(words)), counting))
        return
    yield _table(
        sets,
        nft.Chain("count", tuple(_both(words)), counting),
        *(nft.Chain(family.name("outward"), tuple(_outward(family))) for family in words),
        *(nft.Chain(family.name("inward"), tuple(_inward(family))) for family in words),
    )


def _table(sets: list[nft.Set], *chains: nft.Chain) -> Rules:
    return Rules(nft.Table("inet", TABLE, tuple(sets), (), chains))


def _sets(view: HostView, family: FamilyWords) -> Iterator[nft.Set]:
    lans = [each for lan in view.host.lans for each in lan.prefixes if each.version == family.version]
    held = frozenset(nft.Element((prefix(each),)) for each in collapse(lans))
    yield nft.Set(family.name("lans"), (family.type,), None, frozenset({"interval"}), elements=held)
    for direction in ("out", "in"):
        by_link = (family.type, "ifname")
        yield nft.Set(family.name(direction), by_link, None, COUNTING, SIZE, counter=True)
        if view.host.lans:
            yield nft.Set(family.name(f"{direction}_lan"), (family.type,), None, COUNTING, SIZE, counter=True)


def _at_once(words: tuple[FamilyWords, ...]) -> Iterator[nft.Rule]:
    """A packet between two services counts for both."""
    for family in words:
        yield rule(_of_the_network(family, family.source), _sent(family))
        yield rule(_of_the_network(family, family.destination), _received(family))


def _both(words: tuple[FamilyWords, ...]) -> Iterator[nft.Rule]:
    """The same where the LAN is counted apart."""
    for family in words:
        yield rule(_of_the_network(family, family.source), nft.Jump(family.name("outward")))
        yield rule(_of_the_network(family, family.destination), nft.Jump(family.name("inward")))


def _outward(family: FamilyWords) -> Iterator[nft.Rule]:
    lan = nft.SetUpdate("update", family.name("out_lan"), family.source)
    # Most packets stay in the network, which no LAN is part of: comparing costs less than looking among ranges.
    yield rule(_beyond(family, family.destination), among(family.destination, family.name("lans")), lan, nft.Return())
    yield rule(_sent(family))


def _inward(family: FamilyWords) -> Iterator[nft.Rule]:
    lan = nft.SetUpdate("update", family.name("in_lan"), family.destination)
    yield rule(_beyond(family, family.source), among(family.source, family.name("lans")), lan, nft.Return())
    yield rule(_received(family))


def _of_the_network(family: FamilyWords, address: nft.Payload) -> nft.Match:
    return nft.Match("==", address, nft.Literal(family.network))


def _beyond(family: FamilyWords, address: nft.Payload) -> nft.Match:
    return nft.Match("!=", address, nft.Literal(family.network))


def _sent(family: FamilyWords) -> nft.SetUpdate:
    return nft.SetUpdate("update", family.name("out"), joined(family.source, OIF))


def _received(family: FamilyWords) -> nft.SetUpdate:
    return nft.SetUpdate("update", family.name("in"), joined(family.destination, IIF))
