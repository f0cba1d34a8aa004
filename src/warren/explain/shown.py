"""The hops as they were seen: how many packets came by, and where they ended.

In: a scene and its verdict. Out: the expected hops as far as packets came, and the one that ended them. Never judges.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from warren.explain.followed import why
from warren.explain.model import ANSWER, QUESTION, Hop, Kind, Verdict
from warren.explain.progress import ASTRAY, DROPPED, LOST, SILENT, UNSEEN, Break, Passage
from warren.explain.scene import Scene
from warren.explain.words import host_of

DISPOSITIONS = {
    UNSEEN: "NOT_SEEN", DROPPED: "DENIED_BY", LOST: "NO_ROUTE", ASTRAY: "OTHER_WAY", SILENT: "NO_ANSWER",
}  # fmt: skip


def hops(scene: Scene, verdict: Verdict) -> tuple[Hop, ...]:
    """Everything up to the break."""
    made: list[Hop] = []
    stop = None if verdict.works else scene.stop
    expected = [_counted(scene, hop) for hop in scene.expected.hops]
    for hop in expected:
        if stop and (hop.direction, hop.host) == (stop.direction, stop.host) and hop.place == hop.host:
            break
        if stop and stop.direction == QUESTION and hop.direction == ANSWER:
            break
        made.append(hop)
    if stop is None:
        return tuple(_with_listener(scene, made))
    return (*made, *_until(scene, stop, expected), _ended(scene, stop, verdict))


def _until(scene: Scene, stop: Break, expected: list[Hop]) -> Iterator[Hop]:
    """What still happened on the host where it ended."""
    passage = stop.passage
    if passage is None:
        return
    for hop in expected:
        if (hop.direction, hop.place) == (stop.direction, stop.host) and _happened(hop, passage):
            yield hop


def _happened(hop: Hop, passage: Passage) -> bool:
    """Before routing all of it, if the packet came so far; the route, if it had one; behind it nothing."""
    if hop.disposition is not None or "prerouting" not in passage.hooks:
        return False
    return hop.kind in (Kind.TRANSLATION, Kind.MARK) or (hop.kind is Kind.ROUTE and bool(passage.oif))


def _ended(scene: Scene, stop: Break, verdict: Verdict) -> Hop:
    words, count = verdict.sentence.removeprefix(f"{scene.called}: "), stop.passage.packets if stop.passage else 0
    drop = stop.passage.drop if stop.passage else None
    if drop is not None:
        rule = f"{drop.family} {drop.table} {drop.chain}: {drop.rule or 'policy'}"
        line = scene.origin.of_rule(stop.host, drop.rule) or verdict.file_line
        said = why(drop)
        return Hop(stop.host, stop.host, Kind.RULE, said, stop.direction, rule, line, DISPOSITIONS[DROPPED], count)
    kind = Kind.LISTEN if stop.how == SILENT else Kind.ROUTE
    at = verdict.at or stop.host
    host = host_of(scene.topology, at)
    return Hop(host, at, kind, words, stop.direction, None, verdict.file_line, DISPOSITIONS[stop.how], count)


def _counted(scene: Scene, hop: Hop) -> Hop:
    if hop.host not in scene.evidence.traced or hop.place != hop.host:
        return hop
    passage = scene.passed.get((hop.host, hop.direction))
    words = hop.words
    if hop.kind is Kind.TUNNEL and hop.disposition is None:
        words = f"{words}{_handshake(scene, hop)}"
    return replace(hop, words=words, packets=passage.packets if passage else 0)


def _handshake(scene: Scene, hop: Hop) -> str:
    """The age of the tunnel's last handshake, as this end has it."""
    parts = hop.words.split()
    interface, far = parts[-3], parts[-1]
    key, seen = scene.key(far), scene.seen(hop.host)
    for peer in scene.peers(hop.host, interface):
        if peer.key == key and peer.handshake:
            return f", handshake {max(0, seen.now - peer.handshake)} s ago"
    return ""


def _with_listener(scene: Scene, made: list[Hop]) -> Iterator[Hop]:
    """Behind the arrival: who takes it."""
    flow = scene.flow
    for hop in made:
        yield hop
        if hop.direction == QUESTION and hop.kind is Kind.ARRIVE:
            right = [
                each
                for each in scene.listeners() or ()
                if (each.protocol, each.port) == (flow.protocol, flow.inner_port)
            ]
            if right:
                words = f"listens: {right[0]}"
                yield Hop(hop.host, hop.place, Kind.LISTEN, words, QUESTION, None, hop.file_line)
