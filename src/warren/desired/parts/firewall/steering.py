"""By which way packets leave: each is marked, and a packet that nothing marks has no route.

In: a view. Out: the chain before routing that sees a packet after its destination was translated, those that mark ways,
and those that remember them. Never judges whether a packet may pass.
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
    IIF,
    NEW,
    TRANSLATED,
    FamilyWords,
    equal,
    families,
    not_among,
    rule,
)
from warren.desired.view import HostView
from warren.formats.nft import model as nft
from warren.topology.model import EgressKind, Host, PrefixPermission

AFTER_TRANSLATION = -90
WAY = nft.Masked(nft.Meta("mark"), marks.MASK)


def steering(view: HostView) -> Iterator[nft.Chain]:
    """The chains that mark ways."""
    hook = nft.Hook("filter", "prerouting", AFTER_TRANSLATION)
    yield nft.Chain("steering", tuple(_steering(view, families(view.topology))), hook)
    yield nft.Chain("to_network", tuple(_to_network(view)))
    if by_own_tunnel(view):
        # The host's own questions to what is exposed at it: before routing they are not seen.
        own = nft.MarkSet("meta", marks.KEEP, mark_of_translated(view))
        hook = nft.Hook("route", "output", AFTER_TRANSLATION)
        yield nft.Chain("steering_own", (rule(ASKING, TRANSLATED, own),), hook)
    yield from _ways(view)


def _steering(view: HostView, words: tuple[FamilyWords, ...]) -> Iterator[nft.Rule]:
    # What has its mark already. Any other mark in these bits is not ours.
    known = [marks.INTERNAL, *([mark_of_translated(view), marks.DIRECT] if view.host.public else [])]
    for mark in dict.fromkeys(known):
        yield rule(equal(WAY, mark), ACCEPT)
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
        own = nft.MarkSet("meta", marks.KEEP, mark_of_translated(view))
        yield rule(ASKING, TRANSLATED, own, ACCEPT)
    yield rule(nft.MarkSet("meta", marks.KEEP, marks.INTERNAL))


def mark_of_translated(view: HostView) -> int:
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
