"""Where a host sends a packet, and why not where it should.

In: a scene and the host at which a packet went astray or vanished. Out: a verdict, or None. Never reads nftables but
for marks that somebody else takes away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_network

from warren.desired.items.sysctl import FORWARD6
from warren.explain.asking import route_key
from warren.explain.model import ANSWER, Verdict
from warren.explain.progress import Break
from warren.explain.scene import APPLY, Scene

FORWARD4 = "net.ipv4.ip_forward"
# Rules that the kernel itself has, and the first of ours.
LOCAL, OURS, MAIN = 0, 8600, 32766
# Who made a route or a rule (rtnetlink(7), rtm_protocol): ours, by number or name.
WARREN = ("86", "warren")
NOT_UPLINKS = ("v-", "wrn-")
DEVICE = re.compile(r"\bdev (\S+)")
MARK = re.compile(r"meta mark set|\bmark set\b")
# What `ip route get` says where the source would not be believed (fib_validate_source: EXDEV).
DISBELIEVED = "Invalid cross-device link"


def astray(scene: Scene, stop: Break) -> Verdict | None:
    """All that can lead a packet another way, the nearest first."""
    host = stop.host
    return (
        forwarding(scene, host)
        or overlap(scene, host)
        or taken(scene, host)
        or rule_missing(scene, host)
        or route_missing(scene, host)
        or mark_lost(scene, stop)
        or (hijacked(scene, host) if _misled(scene, stop) else None)
        or reverse_path(scene, stop)
    )


def forwarding(scene: Scene, host: str) -> Verdict | None:
    """Forwarding that somebody turned off."""
    wanted = FORWARD4 if scene.flow.family == 4 else FORWARD6
    if any(wanted in change.key for change in scene.changed(host, "sysctl:")):
        words = f"forwarding of IPv{scene.flow.family} is off on {host}"
        return scene.verdict("forwarding-off", host, words, f"find who sets {wanted}; {APPLY}")
    return None


def taken(scene: Scene, host: str) -> Verdict | None:
    """An address of a service that the host itself has, and therefore keeps for itself."""
    wanted = {str(each): service for service in (scene.source, scene.target) if service for each in service.addresses}
    for link in scene.seen(host).links:
        for text in sorted(link.addresses):
            if service := wanted.get(text.partition("/")[0]):
                words = f"{host} itself has the address {text.partition('/')[0]} of {service.name}, on {link.name}"
                return scene.verdict("address-taken", host, words, f"`ip addr del {text} dev {link.name}` on {host}")
    return None


def overlap(scene: Scene, host: str) -> Verdict | None:
    """An address of the network on a link that is none of ours."""
    network = (scene.topology.prefix4, scene.topology.prefix6)
    for link in scene.seen(host).links:
        if link.name == "lo" or link.name.startswith(NOT_UPLINKS):
            continue
        for text in sorted(link.addresses):
            prefix = ip_network(text, strict=False)
            if any(prefix.version == each.version and prefix.overlaps(each) for each in network):
                words = f"the LAN of {host} at {link.name} ({text}) overlaps the file's own prefix"
                remedy = "choose another prefix for the network, or for the LAN"
                return scene.verdict("lan-overlap", host, words, remedy)
    return None


def rule_missing(scene: Scene, host: str) -> Verdict | None:
    """A routing rule of ours that is gone."""
    for change in scene.changed(host, f"rule:{scene.flow.family}/"):
        if change.new is not None:
            words = f"the routing rule `{change.key.partition('/')[2]}` is gone from {host}"
            remedy = f"systemd-networkd removes such rules unless ManageForeignRoutingPolicyRules=no; {APPLY}"
            return scene.verdict("ip-rule-gone", host, words, remedy)
    return None


def route_missing(scene: Scene, host: str) -> Verdict | None:
    """A route of ours that is gone."""
    for change in scene.changed(host, "route:86"):
        if _is_version6(change.key) == (scene.flow.family == 6) and change.new is not None:
            words = f"the route `{change.key.removeprefix('route:')}` is gone from {host}"
            return scene.verdict("route-gone", host, words)
    return None


def _is_version6(key: str) -> bool:
    """The family of a route, by its prefix."""
    return ":" in key.partition(" ")[2]


def mark_lost(scene: Scene, stop: Break) -> Verdict | None:
    """Somebody else's rule that sets the packet's mark."""
    for line in stop.passage.rules if stop.passage else ():
        if not line.table.startswith("warren") and line.kind == "rule" and MARK.search(line.rule):
            where = f"table {line.family} {line.table}, chain {line.chain}"
            words = f"on {stop.host} {where} takes our mark away: {line.rule}"
            remedy = "let that rule keep the highest byte of the mark, or leave our links alone"
            return scene.verdict("mark-lost", stop.host, words, remedy)
    return None


def hijacked(scene: Scene, host: str) -> Verdict | None:
    """A rule of somebody else that is asked before ours."""
    for rule in scene.seen(host).rules:
        if LOCAL < rule.priority < OURS and rule.protocol not in WARREN:
            said = f"`{rule.priority}: {rule.selector or 'from all'} {rule.action}`"
            words = f"on {host} another routing rule comes before ours: {said}"
            remedy = f"give it a priority between 8700 and {MAIN - 1}, or take it away"
            return scene.verdict("rule-before-ours", host, words, remedy)
    return None


def reverse_path(scene: Scene, stop: Break) -> Verdict | None:
    """A source that the kernel does not believe."""
    host = stop.host
    for change in scene.changed(host, "link:", "sysctl:"):
        if "rp_filter 1 " in change.reason or "src_valid_mark" in change.key:
            what = change.key.partition(":")[2]
            words = f"strict reverse-path filtering on {host} drops it ({what}: {change.reason})"
            return scene.verdict("rp-filter", host, words, f"find who sets rp_filter; {APPLY}")
    if any(DISBELIEVED in said for said in _said(scene, stop)):
        words = f"{host} does not believe the source: reverse-path filtering drops it"
        return scene.verdict("rp-filter", host, words, "set rp_filter to 2 on the link")
    return None


def _misled(scene: Scene, stop: Break) -> bool:
    """Whether the kernel itself says that the packet goes elsewhere than it should; where it was not asked, perhaps."""
    trace = scene.expected.trace
    way = trace.answer if stop.direction == ANSWER else trace.forward
    asked = False
    for number, hop in enumerate(way.hops if way else ()):
        said = scene.seen(stop.host).ways.get(route_key(scene.flow.family, stop.direction, number))
        wanted = DEVICE.search(hop.what)
        if said is None or hop.node != stop.host or wanted is None or not wanted[1].startswith(NOT_UPLINKS):
            continue
        asked, found = True, DEVICE.search(said)
        if found is None or found[1] != wanted[1]:
            return True
    return not asked


def _said(scene: Scene, stop: Break) -> Iterator[str]:
    """What the kernel itself answers about the way of this packet."""
    start = route_key(scene.flow.family, stop.direction, 0).rpartition(".")[0]
    return (said for key, said in scene.seen(stop.host).ways.items() if key.startswith(f"{start}."))
