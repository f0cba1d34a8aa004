"""What may pass between links: services, tunnels and the outside.

In: a view. Out: the forward chains. Every packet is judged, not only the first of a connection: what a change of the
file no longer allows ends with the next packet, in either direction. Packets that touch none of our links are left to
others.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.desired.parts.firewall.words import (
    ACCEPT,
    ANSWER,
    COUNTED,
    DROP,
    ERRORS,
    IIF,
    INVALID,
    OIF,
    RELATED,
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

MSS_OVERHEAD = {4: 40, 6: 60}
SYN = nft.Match(
    "==",
    nft.Masked(nft.Payload("tcp", "flags"), nft.Flags(frozenset({"syn", "rst"}))),
    nft.Flags(frozenset({"syn"})),
)
REFUSED = nft.Reject("icmpx", "admin-prohibited")


def forward(view: HostView) -> Iterator[nft.Chain]:
    """All chains of the forward hook."""
    words = families(view.topology)
    yield nft.Chain("forward", tuple(_forward(view, words)), nft.Hook("filter", "forward", 0))
    yield nft.Chain("back", tuple(_back(words)))
    yield nft.Chain("passing", tuple(_passing(view, words)))
    yield nft.Chain("answers", tuple(_answers(view, words)))
    yield nft.Chain("refuse", tuple(_refuse()))
    if view.tunnels:
        yield nft.Chain("segments", tuple(_segments(view)))


def _forward(view: HostView, words: tuple[FamilyWords, ...]) -> Iterator[nft.Rule]:
    # Most packets have an exact permission, which names places of the network: before they are asked which link they
    # came by, they are told by one look-up. What comes from none of our links has not got here with such an address.
    if view.tunnels:
        yield rule(SYN, nft.Jump("segments"))
    yield rule(ANSWER, nft.Goto("back"))
    for family in words:
        yield rule(among(family.flow, family.name("permit")), ACCEPT)
        yield rule(TRANSLATED, among(family.asked, family.name("exposed")), ACCEPT)
        yield rule(among(joined(IIF, *family.asked.parts), family.name("arrive")), ACCEPT)
    yield from _of_our_links("passing")


def _back(words: tuple[FamilyWords, ...]) -> Iterator[nft.Rule]:
    for family in words:
        yield rule(among(family.flow_back, family.name("permit")), ACCEPT)
        yield rule(TRANSLATED, among(family.asked_back, family.name("exposed")), ACCEPT)
        yield rule(among(joined(OIF, *family.asked_back.parts), family.name("arrive")), ACCEPT)
    yield from _of_our_links("answers")


def _of_our_links(chain: str) -> Iterator[nft.Rule]:
    for interface in (IIF, OIF):
        yield rule(among(interface, "links"), nft.Goto(chain))


def _passing(view: HostView, words: tuple[FamilyWords, ...]) -> Iterator[nft.Rule]:
    yield rule(INVALID, COUNTED, DROP)
    yield rule(RELATED, ERRORS, ACCEPT)
    for family in words:
        global_only = not_among(family.destination, family.name("special"))
        yield rule(not_among(OIF, "links"), among(family.source, family.name("leaves_here")), global_only, ACCEPT)
        yield rule(among(joined(OIF, family.source), family.name("leaves_through")), global_only, ACCEPT)
        yield rule(among(family.flow, family.name("permit_range")), ACCEPT)
        if view.visits:
            visitor = among(family.source, family.name("visitors"))
            yield rule(visitor, among(family.flow, family.name("visited")), ACCEPT)
        yield rule(among(family.flow, family.name("reach")), ACCEPT)
        yield rule(TRANSLATED, among(family.asked, family.name("exposed_range")), ACCEPT)
        yield rule(among(joined(IIF, *family.asked.parts), family.name("arrive_range")), ACCEPT)
    yield rule(nft.Goto("refuse"))


def _answers(view: HostView, words: tuple[FamilyWords, ...]) -> Iterator[nft.Rule]:
    yield rule(INVALID, COUNTED, DROP)
    yield rule(RELATED, ERRORS, ACCEPT)
    for family in words:
        yield rule(not_among(IIF, "links"), among(family.destination, family.name("leaves_here")), ACCEPT)
        yield rule(among(joined(IIF, family.destination), family.name("leaves_through")), ACCEPT)
        yield rule(among(family.flow_back, family.name("permit_range")), ACCEPT)
        if view.visits:
            visitor = among(family.destination, family.name("visitors"))
            yield rule(visitor, among(family.flow_back, family.name("visited")), ACCEPT)
        yield rule(among(family.flow_back, family.name("reach")), ACCEPT)
        yield rule(TRANSLATED, among(family.asked_back, family.name("exposed_range")), ACCEPT)
        yield rule(among(joined(OIF, *family.asked_back.parts), family.name("arrive_range")), ACCEPT)
    yield rule(COUNTED, DROP)


def _refuse() -> Iterator[nft.Rule]:
    # A service of ours is told at once; everybody else learns nothing.
    yield rule(among(IIF, "services"), COUNTED, REFUSED)
    yield rule(COUNTED, DROP)


def _segments(view: HostView) -> Iterator[nft.Rule]:
    """TCP segments fit the tunnel in both directions, also where ICMP is lost (RFC 4821 tells how often it is)."""
    mtu = min(tunnel.mtu for tunnel in view.tunnels)
    for version, family in ((4, "ipv4"), (6, "ipv6")):
        for interface in (IIF, OIF):
            protocol = equal(nft.Meta("nfproto"), family)
            yield rule(protocol, among(interface, "tunnels"), SYN, nft.SetMss(mtu - MSS_OVERHEAD[version]))
