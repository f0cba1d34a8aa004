"""Rules that end a packet: ours, and those of others.

In: a scene and the line of a trace at which a packet ended. Out: a verdict. Never guesses whose a table is: it is told
by the names of its chains.
"""

from __future__ import annotations

import re

from warren.desired.items.rules import Rules
from warren.desired.parts.connections import PACE, TOWARDS_ONE
from warren.explain.model import Verdict
from warren.explain.progress import Break
from warren.explain.scene import APPLY, Scene
from warren.formats.nft_trace import TraceLine

OURS = "warren"
COUNTED = re.compile(r"counter packets \d+ bytes \d+")
# By which chains each of them is known, and what to do about it.
OWNERS = (
    ("ufw", ("ufw-", "ufw6-"), "`ufw route allow in on {iif} out on {oif}`, or `ufw default allow routed`"),
    ("firewalld", ("firewalld",), "`firewall-cmd --permanent --zone=trusted --add-interface={iif}`, then `--reload`"),
    ("Tailscale", ("ts-",), "Tailscale drops what comes from 100.64.0.0/10 by another link: choose another prefix"),
    ("Docker", ("DOCKER",), "`iptables -I DOCKER-USER -i {iif} -o {oif} -j ACCEPT`"),
    ("Kubernetes", ("KUBE-", "cali-", "CILIUM"), "allow the link {iif} in its network policy"),
    ("libvirt", ("LIBVIRT",), "allow the link {iif} in libvirt's rules"),
    ("fail2ban", ("f2b-",), "take the ban away: `fail2ban-client unban --all`"),
)  # fmt: skip
INPUT = {
    "ufw": "`ufw allow {port}/{protocol}`",
    "firewalld": "`firewall-cmd --permanent --add-port={port}/{protocol}`, then `--reload`",
}


def dropped(scene: Scene, stop: Break) -> Verdict | None:
    """The rule that ended it."""
    if stop.passage is None or (line := stop.passage.drop) is None:
        return None
    if line.table == OURS:
        return _ours(scene, stop, line)
    return foreign(scene, stop.host, line, stop.passage.header.iif, stop.passage.header.oif)


def foreign(scene: Scene, host: str, line: TraceLine, iif: str, oif: str) -> Verdict:
    """A table of somebody else."""
    owner, remedy = owner_of(scene, host, line)
    whose = f"{owner} drops it" if owner else "a table of somebody else drops it"
    where = f"table {line.family} {line.table}, chain {line.chain}"
    rule = f": {uncounted(line.rule)}" if line.rule else " (its policy)"
    sentence = f"{scene.called}: on {host} {whose}: {where}{rule}"
    flow = scene.flow
    port, protocol = flow.inner_port, flow.protocol
    if not oif and owner in INPUT:
        remedy = INPUT[owner]
    advice = (remedy or "accept it there, or take the rule away").format(
        iif=iif or "wrn-+", oif=oif or "wrn-+", port=port, protocol=protocol
    )
    return Verdict("foreign-rule", sentence, advice, host, scene.line(host))


def uncounted(rule: str) -> str:
    """A rule without what it has counted."""
    return " ".join(COUNTED.sub("counter", rule).split())


def owner_of(scene: Scene, host: str, line: TraceLine) -> tuple[str | None, str | None]:
    """Who made a table: by the chain that dropped, else by the other chains of the table."""
    names = [line.chain, line.table]
    others = [each.name for each in scene.seen(host).chains if (each.family, each.table) == (line.family, line.table)]
    for known in (names, others):
        for owner, starts, remedy in OWNERS:
            if any(name.startswith(starts) for name in known):
                return owner, remedy
    return None, None


def _ours(scene: Scene, stop: Break, line: TraceLine) -> Verdict:
    """Our own rules let it pass if they are as the file has them: they are not, or a limit is reached."""
    if "limited_" in line.rule or "meter_" in line.rule:
        limit = scene.flow.exposure.limit if scene.flow.exposure else None
        rate = f": {limit.count} new connections in {limit.seconds} s for each source" if limit else ""
        sentence = f"{scene.called}: {stop.host} drops it because the rate limit is reached{rate}"
        where = scene.flow.exposure.place if scene.flow.exposure else scene.line(stop.host)
        return Verdict("rate-limit", sentence, "wait, or raise `limit:`", stop.host, where)
    if found := _too_many(scene, stop, line.rule) or changed(scene, stop.host):
        return found
    why = f" ({uncounted(line.rule)})" if line.rule else ""
    sentence = f"{scene.called}: on {stop.host} our chain {line.chain} drops it{why}"
    return Verdict("own-rule", sentence, "`warren plan` shows what differs", stop.host, scene.line(stop.host))


def _too_many(scene: Scene, stop: Break, rule: str) -> Verdict | None:
    """The asking service has more connections than it may have, or opens them faster."""
    asking = scene.topology.services.get(scene.flow.place)
    most = asking.connections if asking else None
    if asking is None or most is None:
        return None
    if "@towards" in rule:
        what = f"has too many connections to this server: {TOWARDS_ONE} at once"
    elif "@open_" in rule:
        what = f"has too many connections open: {most} at once"
    elif "@pace_" in rule:
        what = f"opens too many: {PACE} in a second, after {most} at one go"
    else:
        return None
    sentence = f"{scene.called}: {stop.host} drops it because {asking.name} {what}"
    remedy = f"`warren exec {asking.name} -- ss -tun` shows them; else raise `connections:` of {asking.name}"
    return Verdict("too-many-connections", sentence, remedy, stop.host, asking.place)


def changed(scene: Scene, host: str) -> Verdict | None:
    """The rules of a host that are not those of the file."""
    for change in scene.changed(host, f"nft:{OURS}"):
        if change.key != f"nft:{OURS}":
            continue
        if change.old is None:
            sentence = f"{scene.called}: our rules are gone from {host}"
            return Verdict("rules-gone", sentence, f"find who flushes nftables; {APPLY}", host, scene.line(host))
        if isinstance(change.old, Rules):
            sentence = f"{scene.called}: our rules on {host} are not those of the file: {change.reason}"
            return Verdict("rules-changed", sentence, APPLY, host, scene.line(host))
    return None
