"""Where packets come in: who they say they are.

In: a view. Out: the chain that sees a packet before its destination is translated, and those that it leads to. Forged
sources and closed doors end there; most packets go on by the first look-up, and have their mark where it is sure.
Never lets through what the slow way would not: whether a connection is still allowed is asked where it is forwarded.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.basis.names import chain_safe
from warren.desired.parts import marks
from warren.desired.parts.firewall.steering import mark_of_translated
from warren.desired.parts.firewall.words import (
    ACCEPT,
    ANSWER,
    ASKING,
    CAME,
    COUNTED,
    DROP,
    ESTABLISHED,
    IIF,
    INVALID,
    NEW,
    FamilyWords,
    among,
    equal,
    families,
    joined,
    not_among,
    rule,
)
from warren.desired.parts.limits import Limits
from warren.desired.view import HostView
from warren.formats.nft import model as nft
from warren.topology.model import Tunnel

BEFORE_TRANSLATION = -150
SYN_ONLY = nft.Match(
    "!=",
    nft.Masked(nft.Payload("tcp", "flags"), nft.Flags(frozenset({"fin", "syn", "rst", "ack"}))),
    nft.Flags(frozenset({"syn"})),
)
NEIGHBOURS = nft.Match(
    "==",
    nft.Payload("icmpv6", "type"),
    nft.AnonymousSet(frozenset({("nd-neighbor-solicit",), ("nd-neighbor-advert",)})),
)
LINK_LOCAL = nft.Match(
    "==",
    nft.Payload("ip6", "saddr"),
    nft.AnonymousSet(frozenset({(nft.Prefix.of("::"),), (nft.Prefix.of("fe80::/10"),)})),
)
CAME_FROM_INSIDE = equal(CAME, 0)
CAME_DIRECTLY = equal(CAME, marks.DIRECT)
NOT_ESTABLISHED = nft.Match("!=", nft.Ct("state"), nft.Flags(frozenset({"established"})))
# Options collect the addresses of the network on the way and carry them outside (record route), or choose the way.
OPTIONS = nft.Match("!=", nft.Payload("ip", "hdrlength"), nft.Literal(5))
# Nothing between the first header and the transport's own.
WITHOUT_OPTIONS = {
    4: nft.Match("==", nft.Payload("ip", "hdrlength"), nft.Literal(5)),
    6: nft.Match("==", nft.Payload("ip6", "nexthdr"), nft.AnonymousSet(frozenset({("tcp",), ("udp",)}))),
}
OWN_SOURCE = equal(nft.Fib("type", frozenset({"saddr"})), "local")


def prerouting(view: HostView, limits: Limits) -> Iterator[nft.Chain]:
    """All chains before routing."""
    words = families(view.topology)
    yield nft.Chain("arriving", tuple(_arriving(view, words)), nft.Hook("filter", "prerouting", BEFORE_TRANSLATION))
    for family in words:
        yield nft.Chain(family.name("going_on"), tuple(_going_on(view, family)))
    if view.host.public:
        yield nft.Chain("visiting", (rule(nft.MarkSet("meta", marks.KEEP, mark_of_translated(view))),))
    yield nft.Chain("from_service", tuple(_from_service(words)))
    yield nft.Chain("from_tunnel", tuple(_from_tunnel(words)))
    yield nft.Chain("from_inside", tuple(_from_inside(words)))
    for tunnel in known_ways(view):
        yield nft.Chain(known_chain(tunnel.gateway), tuple(_known(tunnel, words)))
    yield nft.Chain("opening", tuple(_opening(words)))
    yield nft.Chain("from_outside", tuple(_from_outside(view, words)))
    if view.host.public:
        yield nft.Chain("edge", tuple(_edge(words, limits)))


def _arriving(view: HostView, words: tuple[FamilyWords, ...]) -> Iterator[nft.Rule]:
    yield rule(equal(IIF, "lo"), ACCEPT)
    for family in words:
        yield rule(*_of_a_service(family), nft.Goto(family.name("going_on")), why="a service goes on")
    for family in words if view.host.public else ():
        yield rule(*_of_a_visitor(family), nft.Goto("visiting"), why="a visitor goes on")
    yield rule(nft.VerdictMap(IIF, nft.SetReference("ingress")))
    yield rule(not_among(IIF, "links"), nft.Jump("from_outside"))
    if view.host.public:
        for family in words:
            yield rule(among(family.destination, family.name("public")), nft.Goto("edge"))


def _of_a_service(family: FamilyWords) -> Iterator[nft.Statement]:
    """A packet of a service that all of `from_service` would let pass, told by one look-up: most packets are such.

    Whether the connection is still allowed is asked where it is forwarded.
    """
    yield among(joined(IIF, family.source), family.name("pins"))
    yield ESTABLISHED
    yield WITHOUT_OPTIONS[family.version]


def _of_a_visitor(family: FamilyWords) -> Iterator[nft.Statement]:
    """The same from outside, of a connection that came from there: where it began, its source was judged.

    Whom a door lets in may have changed since: `doors` are those that let in everybody.
    """
    yield among(family.asked, family.name("doors"))
    yield ESTABLISHED
    yield CAME_DIRECTLY
    yield WITHOUT_OPTIONS[family.version]
    yield not_among(IIF, "links")


def _going_on(view: HostView, family: FamilyWords) -> Iterator[nft.Rule]:
    """What stays in the network, and came by no way of its own, has its mark at once; so have answers to visitors."""
    network = nft.Literal(family.network)
    inside, outside = (nft.Match(op, family.destination, network) for op in ("==", "!="))
    yield rule(inside, CAME_FROM_INSIDE, nft.MarkSet("meta", marks.KEEP, marks.INTERNAL), ACCEPT)
    if view.host.public:
        yield rule(CAME_DIRECTLY, ANSWER, outside, nft.MarkSet("meta", marks.KEEP, marks.DIRECT), ACCEPT)
        yield rule(among(family.destination, family.name("public")), nft.Goto("edge"))


def _edge(words: tuple[FamilyWords, ...], limits: Limits) -> Iterator[nft.Rule]:
    """Whoever asks for a public address, services of ours included: the answer is the same from everywhere."""
    # Otherwise the host itself would answer with a reset, which ends a connection of the service behind it.
    yield rule(INVALID, COUNTED, DROP, why="no packet of a connection")
    yield rule(OPTIONS, COUNTED, DROP, why="IP options")
    yield rule(NEW, OWN_SOURCE, COUNTED, DROP, why="our own address as source")
    for family in words:
        # A service without a way to the Internet has none to what is exposed there, although the gateway is its host.
        stays = not_among(family.source, family.name("outgoing"))
        yield rule(ASKING, among(IIF, "services"), stays, not_among(family.flow, family.name("reach")), COUNTED, DROP)
    for family in words:
        guarded = among(family.asked, family.name("guarded"))
        stranger = not_among(joined(*family.asked.parts, family.source), family.name("sources"))
        yield rule(ASKING, guarded, stranger, COUNTED, DROP, why="exposed to other sources only")
    yield from limits.rules(words)


def _from_service(words: tuple[FamilyWords, ...]) -> Iterator[nft.Rule]:
    # Never forwarded, because the kernel forwards neither of these sources (RFC 4291, 2.5.2 and 2.5.6).
    yield rule(NEIGHBOURS, LINK_LOCAL, nft.Return())
    yield rule(LINK_LOCAL, COUNTED, DROP, why="no link-local talk")
    yield rule(OPTIONS, COUNTED, DROP, why="IP options")
    for family in words:
        yield rule(not_among(joined(IIF, family.source), family.name("pins")), COUNTED, DROP, why="forged source")
    yield rule(INVALID, COUNTED, DROP)
    yield rule(NEW, nft.Jump("opening"))


def _opening(words: tuple[FamilyWords, ...]) -> Iterator[nft.Rule]:
    """What a service may not even begin."""
    yield rule(SYN_ONLY, COUNTED, DROP, why="no connection begins in the middle")
    for family in words:
        # Comparing first costs less than looking among ranges: most connections stay in the network.
        beyond = nft.Match("!=", family.destination, nft.Literal(family.network))
        yield rule(beyond, among(family.destination, family.name("metadata")), COUNTED, DROP, why="cloud metadata")


def _known(tunnel: Tunnel, words: tuple[FamilyWords, ...]) -> Iterator[nft.Rule]:
    """Of a connection that came by this very tunnel: its source was judged when it began."""
    for family in words:
        inside = nft.Match("==", family.destination, nft.Literal(family.network))
        yield rule(inside, equal(IIF, tunnel.interface), nft.MarkSet("meta", marks.KEEP, marks.INTERNAL), ACCEPT)


def _from_tunnel(words: tuple[FamilyWords, ...]) -> Iterator[nft.Rule]:
    for plain in WITHOUT_OPTIONS.values():
        yield rule(ASKING, ESTABLISHED, plain, nft.VerdictMap(CAME, nft.SetReference("known_by")), why="goes on")
    for family in words:
        yield rule(among(joined(IIF, family.source), family.name("tunnel_pins")), nft.Goto("from_inside"))
    yield from _of_a_tunnel()
    for family in words:
        yield rule(among(family.source, family.name("special")), COUNTED, DROP, why="forged source")
    yield rule(not_among(IIF, "dialled"), COUNTED, DROP, why="forged source")
    # The answer would not go out again, but to a port of this host (the kernel itself drops this in IPv4 only).
    yield rule(NEW, OWN_SOURCE, COUNTED, DROP, why="our own address as source")


def _from_inside(words: tuple[FamilyWords, ...]) -> Iterator[nft.Rule]:
    """What comes by a tunnel from where that tunnel leads."""
    for family in words:
        yield rule(ESTABLISHED, WITHOUT_OPTIONS[family.version], nft.Goto(family.name("going_on")), why="goes on")
    yield from _of_a_tunnel()


def _of_a_tunnel() -> Iterator[nft.Rule]:
    yield rule(INVALID, COUNTED, DROP)
    yield rule(OPTIONS, COUNTED, DROP, why="IP options")
    yield rule(NEW, nft.VerdictMap(IIF, nft.SetReference("came_by")))


def _from_outside(view: HostView, words: tuple[FamilyWords, ...]) -> Iterator[nft.Rule]:
    # A router answers for itself from its link-local address (RFC 4861), which is a bogon everywhere else.
    yield rule(NEIGHBOURS, LINK_LOCAL, nft.Return())
    for family in words:
        network = nft.Literal(family.network)
        yield rule(nft.Match("==", family.source, network), COUNTED, DROP, why="our address from outside")
        yield rule(nft.Match("==", family.destination, network), COUNTED, DROP, why="routed at us from outside")
        if view.host.public:
            # An answer from a private prefix that somebody here may reach is none.
            bogon = among(family.source, family.name("bogons"))
            asked = among(family.destination, family.name("public"))
            yield rule(asked, bogon, NOT_ESTABLISHED, COUNTED, DROP, why="bogon")


def known_ways(view: HostView) -> tuple[Tunnel, ...]:
    """The tunnels by which visitors come who need not be judged twice: not where there are doors of its own."""
    return () if view.host.public else tuple(view.dialled)


def known_chain(gateway: str) -> str:
    """The chain by which a visitor through a gateway goes on."""
    return f"known_{chain_safe(gateway)}"
