"""One packet through one node: its hooks in their order, and the route between them.

In: a packet that a device brought or the node itself sends. Out: where it goes next, or how it ended; hops are noted on
the way. Never looks at another node but for who has an address on a shared link.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from warren.prove import routing
from warren.prove.connection import Conntrack, Tracked
from warren.prove.header import Packet, shown
from warren.prove.judge import DENIED, Ruling, judge
from warren.prove.look import View
from warren.prove.network import Kind, Network, Node
from warren.prove.routing import LO, Fate, Found
from warren.prove.trace import Disposition, Hop
from warren.prove.translate import translated
from warren.prove.tunnels import End, Tunnels

# What a hook may translate: the target before the route is chosen, the source after it.
KINDS = {"prerouting": "dnat", "output": "dnat", "input": "snat", "postrouting": "snat"}


@dataclass(frozen=True, slots=True)
class Ended:
    """What a node did with a packet: handed it to `next` (node, device), or an end."""

    disposition: Disposition
    packet: Packet
    device: str | None = None
    next: End | None = None


@dataclass(slots=True)
class Passing:
    """A packet on a node."""

    network: Network
    tunnels: Tunnels
    node: Node
    conntrack: Conntrack
    hops: list[Hop]

    def receive(self, packet: Packet, iif: str) -> Ended:
        """A packet that arrives by a device."""
        packet = replace(packet, mark=0)
        if packet.version == 6 and iif != LO and _is_stillborn(packet):
            return self._end(Disposition.MARTIAN, packet, "arrive", str(packet))
        tracked, view = self._track(packet, iif)
        view, ended = self._hook("prerouting", view, tracked)
        return ended or self._route(view, tracked)

    def send(self, packet: Packet) -> Ended:
        """A packet of the node's own."""
        found = self._lookup(packet, LO)
        if ended := self._no_way(found, packet):
            return ended
        tracked, view = self._track(packet, "")
        view = replace(view, oif=LO if found.fate is Fate.LOCAL else _device(found))
        before = view.packet
        view, ended = self._hook("output", view, tracked)
        if ended:
            return ended
        if (view.packet.target, view.packet.mark) != (before.target, before.mark):
            found = self._lookup(view.packet, LO)
            if ended := self._no_way(found, view.packet):
                return ended
        return self._out(view, tracked, found)

    def _track(self, packet: Packet, iif: str) -> tuple[Tracked, View]:
        tracked = self.conntrack.track(self.node.name, packet)
        view = View(packet, iif, "", tracked.state, tracked.direction, tracked.mark, tracked.status, self.node.local)
        return tracked, view

    def _route(self, view: View, tracked: Tracked) -> Ended:
        """After prerouting: to the node itself, or on."""
        packet = view.packet
        if self._is_martian(packet, view.iif):
            return self._end(Disposition.MARTIAN, packet, "route", "an address that is never routed")
        found = self._lookup(packet, view.iif)
        if ended := self._no_way(found, packet):
            return ended
        out = _device(found)
        if not routing.believes(
            self.node, packet.version, packet.source, packet.target, packet.mark, view.iif, out or None
        ):
            source = shown(packet.version, packet.source)
            return self._end(Disposition.SPOOFED, packet, "route", f"no way back to {source} by {view.iif}")
        if found.fate is Fate.LOCAL:
            return self._in(view, tracked)
        if not self.node.forwards(packet.version):
            return self._end(Disposition.NOT_FORWARDING, packet, "route", "forwarding is off")
        view, ended = self._hook("forward", replace(view, oif=out), tracked)
        return ended or self._out(view, tracked, found)

    def _in(self, view: View, tracked: Tracked) -> Ended:
        view, ended = self._hook("input", view, tracked)
        return ended or self._end(Disposition.ACCEPTED, view.packet, "arrive", f"at {self.node.name} itself")

    def _out(self, view: View, tracked: Tracked, found: Found) -> Ended:
        """After the decision about the way: translate the source, and leave."""
        if found.fate is Fate.LOCAL:
            view, ended = self._hook("postrouting", replace(view, oif=LO), tracked)
            return ended or self.receive(view.packet, LO)
        view, ended = self._hook("postrouting", replace(view, oif=_device(found)), tracked)
        return ended or self._leave(view.packet, found)

    def _leave(self, packet: Packet, found: Found) -> Ended:
        entry = found.entry
        assert entry is not None and entry.device is not None
        device = self.node.devices[entry.device]
        if device.kind is Kind.UPLINK:
            what = f"leaves by {device.name}"
            return replace(self._end(Disposition.EXITS_NETWORK, packet, "leave", what), device=device.name)
        if device.kind is Kind.TUNNEL:
            return self._through(packet, (self.node.name, device.name))
        return self._across(packet, device.node or "", entry.via if entry.via is not None else packet.target)

    def _across(self, packet: Packet, other: str, following: int) -> Ended:
        """Over a pair: the other end must have the next address (ARP speaks for the whole node, NDP for the link)."""
        far = self.network.nodes.get(other)
        device = next((each for each in far.devices.values() if _joins(each.node, self.node)), None) if far else None
        if far is None or device is None:
            return self._end(Disposition.NO_NEIGHBOUR, packet, "leave", f"nothing at the other end of {other}")
        have = far.local if packet.version == 4 else frozenset(device.addresses)
        if (packet.version, following) not in have:
            address = shown(packet.version, following)
            return self._end(Disposition.NO_NEIGHBOUR, packet, "leave", f"{far.name} does not have {address}")
        return Ended(Disposition.ACCEPTED, packet, next=(far.name, device.name))

    def _through(self, packet: Packet, end: End) -> Ended:
        """Into a tunnel: the target chooses the peer, and the peer must believe the source."""
        peer = self.tunnels.choose(end, packet.version, packet.target)
        if peer is None:
            return self._end(
                Disposition.NOT_A_PEER, packet, "tunnel", f"{end[1]}: {shown(packet.version, packet.target)}"
            )
        if peer.far is None:
            return self._end(Disposition.NO_TUNNEL, packet, "tunnel", f"{end[1]}: peer {peer.key[:8]}")
        if not self.tunnels.trusts(peer.far, end, packet.version, packet.source):
            what = f"{peer.far[0]} does not take {shown(packet.version, packet.source)} from {end[0]}"
            return self._end(Disposition.SPOOFED, packet, "tunnel", what)
        self.hops.append(Hop(self.node.name, "tunnel", f"by {end[1]} to {peer.far[0]}", packet))
        return Ended(Disposition.ACCEPTED, packet, next=peer.far)

    def _hook(self, hook: str, view: View, tracked: Tracked) -> tuple[View, Ended | None]:
        """The chains of a hook, and the translation in their midst."""
        view, ended = self._filter(hook, view, tracked, after=False)
        if ended is None and self.node.hooks.nats:
            view, ended = self._translate(hook, view, tracked)
        if ended is None:
            view, ended = self._filter(hook, view, tracked, after=True)
        return view, ended

    def _filter(self, hook: str, view: View, tracked: Tracked, after: bool) -> tuple[View, Ended | None]:
        bases = self.node.hooks.after(hook) if after else self.node.hooks.before(hook)
        for base in bases:
            for ruling in judge((base,), view):
                self._note(hook, base.table, view, ruling)
                view = ruling.view
                if tracked.connection:
                    tracked.connection.mark = view.ct_mark
                if ruling.verdict == DENIED:
                    return view, Ended(Disposition.DENIED, view.packet)
        return view, None

    def _translate(self, hook: str, view: View, tracked: Tracked) -> tuple[View, Ended | None]:
        # On `lo` nothing is translated here: whichever of its addresses a node takes for itself, it is its own.
        on_loopback = view.iif == LO or (hook == "postrouting" and view.oif == LO)
        if hook == "forward" or tracked.connection is None or on_loopback:
            return view, None
        if tracked.binds(kind := KINDS[hook]):
            for ruling in judge(self.node.hooks.nats.get(hook, ()), view):
                view = ruling.view
                tracked.connection.mark = view.ct_mark
                if ruling.verdict == DENIED:
                    self._note(hook, "", view, ruling)
                    return view, Ended(Disposition.DENIED, view.packet)
                if ruling.translation:
                    return self._new_ends(hook, view, tracked, ruling, kind)
        changes = tracked.target if hook in ("prerouting", "output") else tracked.source
        packet = changes(view.packet)
        if packet != view.packet:
            self.hops.append(Hop(self.node.name, hook, "translated as before", packet))
        return replace(view, packet=packet), None

    def _new_ends(
        self, hook: str, view: View, tracked: Tracked, ruling: Ruling, kind: str
    ) -> tuple[View, Ended | None]:
        packet = translated(self.node, hook, view, ruling)
        if packet is None or tracked.connection is None:
            return view, self._end(Disposition.NAT_FAILED, view.packet, hook, ruling.words or "")
        self.conntrack.translate(self.node.name, tracked.connection, packet, kind)
        self.hops.append(Hop(self.node.name, hook, f"translated to {packet}", packet, ruling.words, ruling.comment))
        return replace(view, packet=packet, status=tracked.connection.status), None

    def _note(self, hook: str, table: str, before: View, ruling: Ruling) -> None:
        changed = (before.packet.mark, before.ct_mark) != (ruling.view.packet.mark, ruling.view.ct_mark)
        if ruling.rule is None and ruling.verdict != DENIED and not changed:
            return
        at = f" {ruling.chain}[{ruling.index}]" if ruling.rule else f" policy of {ruling.chain}"
        mark = f", mark {ruling.view.packet.mark:#010x}" if changed else ""
        what = f"{ruling.verdict} by {table}{at}{mark}"
        self.hops.append(Hop(self.node.name, hook, what, ruling.view.packet, ruling.words, ruling.comment))

    def _lookup(self, packet: Packet, iif: str) -> Found:
        return routing.lookup(self.node, packet.version, packet.source, packet.target, packet.mark, iif)

    def _no_way(self, found: Found, packet: Packet) -> Ended | None:
        """The end of a packet without a route; else the route is noted."""
        if found.fate is Fate.REFUSED:
            return self._end(Disposition.UNREACHABLE, packet, "route", str(found))
        if found.fate is Fate.NOTHING:
            return self._end(Disposition.NO_ROUTE, packet, "route", shown(packet.version, packet.target))
        self.hops.append(Hop(self.node.name, "route", str(found), packet))
        return None

    def _is_martian(self, packet: Packet, iif: str) -> bool:
        if iif == LO:
            return False
        sources, targets = routing.MARTIAN_SOURCES[packet.version], routing.MARTIAN_TARGETS[packet.version]
        return routing.held(sources, packet.source) or routing.held(targets, packet.target)

    def _end(self, disposition: Disposition, packet: Packet, stage: str, what: str) -> Ended:
        self.hops.append(Hop(self.node.name, stage, what, packet))
        return Ended(disposition, packet)


def _is_stillborn(packet: Packet) -> bool:
    return routing.held(routing.EARLY_SOURCES, packet.source) or routing.held(routing.EARLY_TARGETS, packet.target)


def _joins(other: str | None, node: Node) -> bool:
    return other == node.name


def _device(found: Found) -> str:
    return (found.entry.device if found.entry else None) or ""
