"""What reaches the host itself, and what the host sends.

In: a view. Out: the input and output chains. From our own links only what services need gets in, on every host; the
guard judges the rest where the file turns it on. Never in the way of a host's traffic where no guard stands.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.desired.parts.firewall.prerouting import NEIGHBOURS
from warren.desired.parts.firewall.words import (
    ACCEPT,
    ANSWER,
    BY_TUNNEL,
    COUNTED,
    DPORT,
    DROP,
    ERRORS,
    ESTABLISHED,
    IIF,
    INVALID,
    NEW,
    OIF,
    PROTOCOL,
    RELATED,
    FamilyWords,
    among,
    equal,
    families,
    joined,
    not_among,
    rule,
)
from warren.desired.parts.limits import limit_statement
from warren.desired.view import HostView
from warren.formats.nft import model as nft
from warren.topology.model import Guard

PINGS = nft.Limit(50, "second", burst=50)
ECHO4 = equal(nft.Payload("icmp", "type"), "echo-request")
ECHO6 = equal(nft.Payload("icmpv6", "type"), "echo-request")
# What a host on an IPv6 link cannot live without (RFC 4890).
LINK6 = nft.Match(
    "==",
    nft.Payload("icmpv6", "type"),
    nft.AnonymousSet(
        frozenset(
            (name,)
            for name in (
                "nd-neighbor-solicit",
                "nd-neighbor-advert",
                "nd-router-advert",
                "mld-listener-query",
                "packet-too-big",
            )
        )
    ),
)


def local(view: HostView) -> Iterator[nft.Chain]:
    """The chains of the input and output hooks."""
    words = families(view.topology)
    yield nft.Chain("input", tuple(_input(view)), nft.Hook("filter", "input", 0))
    yield nft.Chain("input_inside", tuple(_inside(words)))
    if view.host.guard:
        yield nft.Chain("guard", tuple(_guard(view, view.host.guard, words)))
    yield nft.Chain("output", tuple(_output()), nft.Hook("filter", "output", 0))


def _input(view: HostView) -> Iterator[nft.Rule]:
    yield rule(among(IIF, "links"), nft.Goto("input_inside"))
    if view.host.guard:
        yield rule(nft.Goto("guard"))


def _inside(words: tuple[FamilyWords, ...]) -> Iterator[nft.Rule]:
    yield rule(INVALID, COUNTED, DROP)
    yield rule(NEIGHBOURS, ACCEPT)
    yield rule(RELATED, ERRORS, ACCEPT)
    yield rule(ANSWER, ACCEPT, why="the host's own connections")
    for family in words:
        yield rule(among(family.flow, family.name("permit")), ACCEPT)
        yield rule(among(family.flow, family.name("permit_range")), ACCEPT)
        ours = nft.Match("==", family.destination, nft.Literal(family.network))
        yield rule(ours, ECHO4 if family.version == 4 else ECHO6, PINGS, ACCEPT)
    yield rule(nft.Goto("refuse"))


def _guard(view: HostView, guard: Guard, words: tuple[FamilyWords, ...]) -> Iterator[nft.Rule]:
    yield rule(equal(IIF, "lo"), ACCEPT)
    yield rule(ESTABLISHED, ACCEPT)
    yield rule(INVALID, COUNTED, DROP)
    yield rule(RELATED, ERRORS, ACCEPT)
    yield rule(LINK6, ACCEPT)
    yield rule(ECHO4, PINGS, ACCEPT)
    yield rule(ECHO6, PINGS, ACCEPT)
    if view.served:
        yield rule(equal(nft.Payload("udp", "dport"), view.host.tunnel_port), ACCEPT, why="the tunnel")
    yield from _ssh(guard, words)
    yield rule(among(joined(PROTOCOL, DPORT), "allowed"), ACCEPT)
    yield rule(equal(nft.Payload("udp", "sport"), 67), equal(nft.Payload("udp", "dport"), 68), ACCEPT, why="DHCP")
    yield rule(equal(nft.Payload("udp", "sport"), 547), equal(nft.Payload("udp", "dport"), 546), ACCEPT, why="DHCP")
    yield rule(COUNTED, DROP)


def _ssh(guard: Guard, words: tuple[FamilyWords, ...]) -> Iterator[nft.Rule]:
    port = equal(nft.Payload("tcp", "dport"), guard.ssh_port)
    for family in words:
        known = (among(family.source, family.name("operators")),) if guard.ssh_from else ()
        if guard.ssh_limit:
            meter = nft.SetUpdate(
                "update", family.name("ssh_meter"), family.client, (limit_statement(guard.ssh_limit),)
            )
            yield rule(port, *known, NEW, meter, COUNTED, DROP, why="too many ssh connections")
        family_only = equal(nft.Meta("nfproto"), f"ipv{family.version}")
        yield rule(family_only, port, *known, ACCEPT, why="ssh")


def _output() -> Iterator[nft.Rule]:
    redirect = equal(nft.Payload("icmp", "type"), "redirect")
    redirect6 = equal(nft.Payload("icmpv6", "type"), "nd-redirect")
    yield rule(among(OIF, "links"), redirect, DROP)
    yield rule(among(OIF, "links"), redirect6, DROP)
    # An ICMP error of ours about a connection that came by a tunnel would leave by the uplink and tell where it is. The
    # kernel gives every such error the connection of its packet, also of a first one that gets no further.
    yield rule(not_among(OIF, "links"), RELATED, BY_TUNNEL, COUNTED, DROP, why="tells where the network is")
