"""Where packets come in: who they say they are, and by which way they will leave.

In: a view. Out: the chains before routing. Two base chains: `arriving` sees a packet before its destination is
translated and refuses forged sources and closed doors; `steering` sees it afterwards and marks its way. A packet that
nothing marks has no route.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.basis.names import chain_safe
from warren.desired.parts import marks
from warren.desired.parts.firewall.words import (
    ACCEPT,
    ANSWER,
    ASKING,
    BY_TUNNEL,
    CAME,
    COUNTED,
    DROP,
    ESTABLISHED,
    IIF,
    INVALID,
    NEW,
    TRANSLATED,
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
from warren.topology.model import EgressKind, Host, PrefixPermission

BEFORE_TRANSLATION = -150
AFTER_TRANSLATION = -90
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
WAY = nft.Masked(nft.Meta("mark"), marks.MASK)
OWN_SOURCE = equal(nft.Fib("type", frozenset({"saddr"})), "local")


def prerouting(view: HostView, limits: Limits) -> Iterator[nft.Chain]:
    """All chains before routing."""
    words = families(view.topology)
    yield nft.Chain("arriving", tuple(_arriving(view, words)), nft.Hook("filter", "prerouting", BEFORE_TRANSLATION))
    for family in words:
        yield nft.Chain(family.name("going_on"), tuple(_going_on(view, family)))
    if view.host.public:
        yield nft.Chain("visiting", (rule(nft.MarkSet("meta", marks.KEEP, _mark_of_translated(view))),))
    yield nft.Chain("from_service", tuple(_from_service(words)))
    yield nft.Chain("from_tunnel", tuple(_from_tunnel(words)))
    yield nft.Chain("opening", tuple(_opening(words)))
    yield nft.Chain("from_outside", tuple(_from_outside(view, words)))
    if view.host.public:
        yield nft.Chain("edge", tuple(_edge(words, limits)))
    yield nft.Chain("steering", tuple(_steering(view, words)), nft.Hook("filter", "prerouting", AFTER_TRANSLATION))
    yield nft.Chain("to_network", tuple(_to_network(view)))
    if by_own_tunnel(view):
        # The host's own questions to what is exposed at it: before routing they are not seen.
        own = nft.MarkSet("meta", marks.KEEP, marks.gateway_mark(view.host))
        hook = nft.Hook("route", "output", AFTER_TRANSLATION)
        yield nft.Chain("steering_own", (rule(ASKING, TRANSLATED, own),), hook)
    yield from _ways(view)


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
    """What stays in the network, and came by no way of its own, has its mark at once."""
    inside = nft.Match("==", family.destination, nft.Literal(family.network))
    yield rule(inside, CAME_FROM_INSIDE, nft.MarkSet("meta", marks.KEEP, marks.INTERNAL), ACCEPT)
    if view.host.public:
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
        yield rule(among(family.destination, family.name("metadata")), COUNTED, DROP, why="cloud metadata")


def _from_tunnel(words: tuple[FamilyWords, ...]) -> Iterator[nft.Rule]:
    yield rule(INVALID, COUNTED, DROP)
    yield rule(OPTIONS, COUNTED, DROP, why="IP options")
    yield rule(NEW, nft.VerdictMap(IIF, nft.SetReference("came_by")))
    for family in words:
        yield rule(among(joined(IIF, family.source), family.name("tunnel_pins")), nft.Return())
        yield rule(among(family.source, family.name("special")), COUNTED, DROP, why="forged source")
    yield rule(not_among(IIF, "dialled"), COUNTED, DROP, why="forged source")
    # The answer would not go out again, but to a port of this host (the kernel itself drops this in IPv4 only).
    yield rule(NEW, OWN_SOURCE, COUNTED, DROP, why="our own address as source")


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


def _steering(view: HostView, words: tuple[FamilyWords, ...]) -> Iterator[nft.Rule]:
    # What has its mark already. Any other mark in these bits is not ours.
    yield rule(equal(WAY, marks.INTERNAL), ACCEPT)
    if by_own_tunnel(view):
        yield rule(equal(WAY, _mark_of_translated(view)), ACCEPT)
    yield rule(equal(IIF, "lo"), ACCEPT)
    for family in words:
        yield rule(nft.Match("==", family.destination, nft.Literal(family.network)), nft.Goto("to_network"))
    yield rule(not_among(IIF, "links"), ACCEPT)
    yield rule(ANSWER, nft.VerdictMap(CAME, nft.SetReference("answers_by")))
    yield rule(ANSWER, ACCEPT)
    for family in words if reaches_out(view) else ():
        yield rule(nft.VerdictMap(family.flow, nft.SetReference(family.name("reach_by"))))
    yield rule(nft.VerdictMap(IIF, nft.SetReference("leaves_by")))


def _to_network(view: HostView) -> Iterator[nft.Rule]:
    outside = not_among(IIF, "links")
    not_hidden = nft.Match("!=", CAME, nft.Literal(marks.HIDDEN))
    yield rule(NEW, outside, not_hidden, nft.MarkSet("ct", marks.KEEP, marks.DIRECT))
    yield rule(ANSWER, BY_TUNNEL, nft.VerdictMap(CAME, nft.SetReference("answers_by")))
    if by_own_tunnel(view):
        own = nft.MarkSet("meta", marks.KEEP, _mark_of_translated(view))
        yield rule(ASKING, TRANSLATED, own, ACCEPT)
    yield rule(nft.MarkSet("meta", marks.KEEP, marks.INTERNAL))


def _mark_of_translated(view: HostView) -> int:
    """The way of a question whose destination was translated here."""
    return marks.gateway_mark(view.host) if by_own_tunnel(view) else marks.INTERNAL


def _ways(view: HostView) -> Iterator[nft.Chain]:
    yield nft.Chain("leave_direct", (rule(nft.MarkSet("meta", marks.KEEP, marks.DIRECT)),))
    if by_own_tunnel(view):
        yield from _served(marks.gateway_mark(view.host), leave_chain(view.host.name))
    for gateway in dialled_gateways(view):
        mark = marks.gateway_mark(gateway)
        yield nft.Chain(leave_chain(gateway.name), (rule(nft.MarkSet("meta", marks.KEEP, mark)),))
        yield nft.Chain(came_chain(gateway.name), (rule(nft.MarkSet("ct", marks.KEEP, mark)),))


def _served(mark: int, leave: str) -> Iterator[nft.Chain]:
    """What leaves for others is answered by the own interface: there alone its far end believes strangers."""
    yield nft.Chain(leave, (rule(nft.MarkSet("meta", marks.KEEP, mark)),))
    remembered = rule(NEW, nft.MarkSet("ct", marks.KEEP, mark))
    yield nft.Chain("leave_for_others", (remembered, rule(nft.MarkSet("meta", marks.KEEP, marks.DIRECT))))


def by_own_tunnel(view: HostView) -> bool:
    """Whether this is a gateway that hosts dial: what is exposed at it goes to them by its own interface."""
    return view.host.is_gateway and bool(view.served)


def reaches_out(view: HostView) -> bool:
    """Whether a service here may reach prefixes outside the network that are not simply its way out."""
    here = {service.name for service in view.services}
    permitted = any(isinstance(each, PrefixPermission) and each.source in here for each in view.permissions)
    return permitted or any(service.egress.kind is EgressKind.LAN for service in view.services)


def dialled_gateways(view: HostView) -> list[Host]:
    """The gateways whose tunnels this host dials."""
    return [view.topology.hosts[tunnel.gateway] for tunnel in view.dialled]


def leave_chain(gateway: str) -> str:
    """The chain that marks a packet for a gateway's tunnel."""
    return f"leave_{chain_safe(gateway)}"


def came_chain(gateway: str) -> str:
    """The chain that remembers by which tunnel a connection came."""
    return f"came_{chain_safe(gateway)}"
