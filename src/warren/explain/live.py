"""What is broken first, from what hosts showed.

In: a scene. Out: a verdict for its flow, and its hops with what was seen. Never asks a host.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from warren.desired.model import HostState
from warren.evidence.model import Evidence
from warren.explain.causes import (
    account,
    carrier,
    connections,
    line,
    listener,
    meddling,
    names,
    place,
    routing,
    rules,
    tunnel,
    upstream,
)
from warren.explain.model import OPEN, QUESTION, Asked, Explanation, Verdict, first_of
from warren.explain.progress import ASTRAY, DROPPED, LOST, SILENT, UNSEEN, Break, next_host
from warren.explain.question import Question
from warren.explain.scene import Scene
from warren.explain.shown import hops
from warren.explain.static import Expected
from warren.topology.model import Topology


def explain(
    topology: Topology,
    question: Question,
    expected: tuple[Expected, ...],
    evidence: Evidence,
    desired: Mapping[str, HostState],
) -> Explanation:
    """The whole answer, from the file and from what was gathered."""
    scenes = [Scene.of(topology, each, evidence, desired) for each in expected]
    return Explanation(question.source.name, question.target.name, tuple(asked(scene) for scene in scenes))


def asked(scene: Scene) -> Asked:
    """One flow, judged."""
    flow, found = scene.flow, judge(scene)
    outcome = scene.knock.outcome if scene.flow.family in scene.evidence.knocks else None
    shown = hops(scene, found)
    return Asked(flow.family, str(flow.source), str(flow.target), flow.port, flow.protocol, found, shown, outcome)


def judge(scene: Scene) -> Verdict:
    """What is broken first, in the order of the way."""
    declared = scene.expected.verdict
    if not declared.works:
        # What works in the file, and ends elsewhere than was meant, is somebody else's door.
        strange = scene.knock.arrived and not scene.expected.trace.works
        return _undeclared(scene) if strange else declared
    if found := place.unreachable(scene) or place.gone(scene):
        return found
    if scene.knock.arrived or _delivered(scene) or carrier.nearby(scene):
        found = _elsewhere(scene) or names.wrong(scene) or line.black_hole(scene) or connections.stale(scene)
        return found or carrier.gone(scene) or account.silent(scene) or _works(scene)
    found = connections.full(scene) or upstream.lost_address(scene) or (_at(scene, scene.stop) if scene.stop else None)
    return found or _refused(scene) or _anything(scene) or _unknown(scene)


def _undeclared(scene: Scene) -> Verdict:
    words = "it answers, although the file does not allow it"
    return scene.verdict("open-undeclared", scene.meant, words, "`warren plan` shows what differs from the file")


def _elsewhere(scene: Scene) -> Verdict | None:
    """It answers, but somebody else than was asked."""
    return first_of(meddling.led_elsewhere(scene, host) for host in scene.hosts) if scene.target else None


def _delivered(scene: Scene) -> bool:
    """A datagram that arrived where somebody listens; what a stranger's line is answered is nobody's business."""
    if scene.flow.protocol != "udp" or scene.knock.outcome != "timeout" or listener.nobody(scene):
        return False
    return scene.stop is not None and scene.stop.how == SILENT and bool(scene.listeners())


def _works(scene: Scene) -> Verdict:
    said = "answers" if scene.knock.arrived else "arrives, and somebody listens"
    return replace(scene.expected.verdict, code=OPEN, sentence=f"{scene.called} {said}")


def _at(scene: Scene, stop: Break) -> Verdict | None:
    """By how the way ends."""
    if stop.how == UNSEEN:
        return _unseen(scene, stop)
    led = meddling.led_elsewhere(scene, stop.host) or _stale(scene, stop)
    if stop.how == DROPPED:
        return led or _dropped(scene, stop)
    if stop.how in (LOST, ASTRAY):
        return led or _lost(scene, stop)
    assert stop.how == SILENT
    return led or _silent(scene)


def _stale(scene: Scene, stop: Break) -> Verdict | None:
    """What came past the host that translates was led right there."""
    door = scene.flow.exposure.at if scene.flow.exposure else None
    return connections.stale(scene) if stop.host == door else None


def _lost(scene: Scene, stop: Break) -> Verdict:
    """A link that is gone takes its routes with it, and is named before them."""
    following = next_host(scene.topology, scene.expected, stop)
    return (
        meddling.untracked(scene, stop.host)
        or place.links_down(scene, stop.host)
        or (tunnel.ends(scene, stop.host, following) if following else None)
        or routing.astray(scene, stop)
        or rules.changed(scene, stop.host)
        or _vanished(scene, stop)
    )


def _dropped(scene: Scene, stop: Break) -> Verdict | None:
    """Our own rules drop what was marked wrongly, or led to another link: that is what is broken first."""
    found = rules.dropped(scene, stop)
    if found is not None and found.code == "own-rule":
        return meddling.untracked(scene, stop.host) or routing.astray(scene, stop) or found
    return found


def _unseen(scene: Scene, stop: Break) -> Verdict | None:
    if found := upstream.before(scene, stop) or upstream.beyond(scene, stop):
        return found
    service = scene.topology.services.get(stop.before or "")
    if service is not None:
        return place.cut_off(scene, service)
    if stop.before in scene.topology.hosts and stop.before != stop.host:
        return _in_tunnel(scene, stop.before or "", stop.host)
    return routing.astray(scene, stop)


def _in_tunnel(scene: Scene, one: str, other: str) -> Verdict | None:
    between = scene.tunnel(one, other)
    return tunnel.broken(scene, one, other) or (line.woken(scene, between) if between else None)


def _silent(scene: Scene) -> Verdict | None:
    if scene.target and (found := place.cut_off(scene, scene.target)):
        return found
    if found := listener.nobody(scene) or account.unwell(scene):
        return found
    words = f"{scene.meant} gets the packets and says nothing"
    return scene.verdict("target-silent", scene.meant, words, f"see whether {scene.meant} hangs, and read its log")


def _refused(scene: Scene) -> Verdict | None:
    if scene.knock.outcome != "refused" and scene.stop is not None:
        return None
    return listener.nobody(scene)


def _vanished(scene: Scene, stop: Break) -> Verdict:
    seen = stop.passage
    if stop.how == ASTRAY and seen is not None:
        words = f"{stop.host} sends it out by {seen.oif}, where it should not go"
        return scene.verdict("astray", stop.host, words, "`ip route get` there tells by which route")
    words = f"the kernel of {stop.host} drops it while it chooses a route"
    remedy = (
        "`warren plan` shows what differs from the file, "
        f"`sysctl -ar 'forwarding|rp_filter'` on {stop.host} what somebody has set for single links"
    )
    return scene.verdict("lost", stop.host, words, remedy)


def _anything(scene: Scene) -> Verdict | None:
    """Where nobody watched, or nothing was found where it ended: everything along the way, in its order."""
    return first_of(_all(scene))


def _all(scene: Scene) -> Iterator[Verdict | None]:
    source, target = scene.source, scene.target
    yield place.cut_off(scene, source) if source else None
    before: str | None = None
    for host in scene.hosts:
        yield tunnel.broken(scene, before, host) if before else None
        yield routing.astray(scene, Break(host, QUESTION, LOST, before))
        yield rules.changed(scene, host)
        before = host
    yield place.cut_off(scene, target) if target else None
    yield listener.nobody(scene)


def _unknown(scene: Scene) -> Verdict:
    if not scene.evidence.knocks:
        return replace(_works(scene), sentence=f"{scene.called}: nothing is broken as far as can be seen from here")
    stop, asking = scene.stop, scene.source
    if asking and stop and (stop.how, stop.direction, stop.before) == (UNSEEN, QUESTION, asking.name):
        words = f"nothing leaves the namespace of {asking.name}: something in it ends the packets"
        remedy = f"`ip netns exec {asking.netns} nft list ruleset` on {asking.host} shows rules of its own"
        return scene.verdict("source-silent", asking.name, words, remedy, asking.place)
    words = f"a connection from {scene.flow.place} got no further ({scene.knock.outcome})"
    return scene.verdict("unknown", scene.flow.place, words, "the hops below show how far it came")
