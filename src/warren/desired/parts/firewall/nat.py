"""Translation: public ports to services, services to the outside.

In: a view. Out: the nat chains. A gateway rewrites only the destination, so the client's address is kept; what leaves
gets the uplink's address and a port above every port that listens (CVE-2021-3773). These chains see the first packet of
a connection and never another, so that what is asked of new connections alone is asked here and costs the rest nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.desired.parts import marks
from warren.desired.parts.connections import Connections
from warren.desired.parts.firewall.words import (
    CAME,
    DPORT,
    IIF,
    OIF,
    PORTED,
    PROTOCOL,
    TRANSLATED,
    FamilyWords,
    among,
    equal,
    families,
    joined,
    not_among,
    rule,
)
from warren.desired.view import HostView
from warren.formats.nft import model as nft

HIDE = nft.MarkSet("ct", marks.KEEP, marks.HIDDEN)
TRANSPORTS = nft.AnonymousSet(frozenset({("tcp",), ("udp",)}))
# A server that has not answered in this time is asked again, from another port, or another one is.
QUESTIONS, QUESTION_KEPT = "questions", 5
MASQUERADE_PORTS = nft.Span(61000, 65535)


def nat(view: HostView, connections: Connections) -> Iterator[nft.Chain]:
    """The chains of translation."""
    words = families(view.topology)
    rules = tuple(_destinations(words))
    own = equal(nft.Fib("type", frozenset({"daddr"})), "local")
    lan = rule(not_among(IIF, "links"), own, nft.Jump("translate_lan"))
    yield nft.Chain("translate", (*rules, lan), nft.Hook("nat", "prerouting", -100))
    yield nft.Chain("translate_lan", tuple(_lan_destinations(words)))
    yield nft.Chain("translate_own", rules, nft.Hook("nat", "output", -100))
    # Whoever has more than enough is stopped before the connection is remembered, and gets no port of others.
    asked = tuple(connections.of_own(words))
    # What the host asks of itself stays as it is: a program of it shall see who asks.
    loop = rule(equal(OIF, "lo"), nft.Return())
    inside = rule(among(OIF, "links"), nft.Goto("led_on"))
    leaving = (loop, *asked, inside, *connections.of_others(words), *_questions(view), *_sources(words))
    yield nft.Chain("leaving", leaving, nft.Hook("nat", "postrouting", 100))
    yield nft.Chain("led_on", tuple(_sources_of_translated(words)))
    if asked:
        yield nft.Chain("entering", asked, nft.Hook("nat", "input", 100))
    yield from connections.chains(words)


def timeouts(view: HostView) -> Iterator[nft.Timeout]:
    """How long questions are remembered at a gateway."""
    if plain_ports(view):
        yield nft.Timeout(QUESTIONS, "udp", (("unreplied", QUESTION_KEPT), ("replied", QUESTION_KEPT)))


def plain_ports(view: HostView) -> tuple[int, ...]:
    """The ports of servers for names that are asked in plain text through this gateway."""
    plain = view.topology.dns.plain if view.topology.dns and view.host.is_gateway else ()
    return tuple(sorted({one.port for one in plain}))


def _questions(view: HostView) -> Iterator[nft.Rule]:
    """Each question has a port of its own, and few are left for one server: the next shall soon have it."""
    for port in plain_ports(view):
        yield rule(equal(nft.Payload("udp", "dport"), port), nft.CtTimeout(QUESTIONS))


def _destinations(words: tuple[FamilyWords, ...]) -> Iterator[nft.Rule]:
    # Nobody who means it well puts a routing header or options before a connection (RFC 5095); no service sees them.
    yield rule(nft.Match("!=", nft.Payload("ip6", "nexthdr"), TRANSPORTS), nft.Return())
    for family in words:
        # What is for a place of the network knocks at no door.
        yield rule(nft.Match("==", family.destination, nft.Literal(family.network)), nft.Return())
    for family in words:
        # By what was asked, not by the service: it can be exposed twice, hidden and not.
        yield rule(among(family.asked, family.name("hidden")), HIDE)
        for stem in ("expose", "expose_range"):
            lookup = nft.MapLookup(family.asked, nft.SetReference(family.name(stem)))
            yield rule(nft.Dnat(_header(family), lookup))


def _lan_destinations(words: tuple[FamilyWords, ...]) -> Iterator[nft.Rule]:
    key = joined(PROTOCOL, DPORT)
    for family in words:
        neighbour = among(joined(PROTOCOL, DPORT, family.source), family.name("lan_sources"))
        hidden = among(joined(PROTOCOL, DPORT, family.source), family.name("hidden_lan"))
        yield rule(hidden, HIDE)
        for stem in ("expose_lan", "expose_lan_range"):
            lookup = nft.MapLookup(key, nft.SetReference(family.name(stem)))
            yield rule(neighbour, nft.Dnat(_header(family), lookup))


def _sources(words: tuple[FamilyWords, ...]) -> Iterator[nft.Rule]:
    for family in words:
        inside = nft.Match("==", family.source, nft.Literal(family.network))
        yield rule(inside, PORTED, nft.Masquerade(MASQUERADE_PORTS))
        yield rule(inside, nft.Masquerade())
    yield rule(nft.Goto("led_on"))


def _sources_of_translated(words: tuple[FamilyWords, ...]) -> Iterator[nft.Rule]:
    for family in words:
        inside = nft.Match("==", family.source, nft.Literal(family.network))
        # Who asks for an exposure from inside the network is answered by the way of the question: from a gateway's own
        # address, because the direct way back may be another one. The client's address is kept for those outside.
        yield rule(TRANSLATED, inside, nft.Masquerade())
        # A gateway would take its own public address, which comes back to it by a tunnel, for forged.
        returning = among(joined(family.source, family.destination), family.name("returning"))
        yield rule(TRANSLATED, returning, nft.Masquerade())
    yield rule(TRANSLATED, equal(CAME, marks.HIDDEN), nft.Masquerade())


def _header(family: FamilyWords) -> nft.Family:
    return "ip" if family.version == 4 else "ip6"
