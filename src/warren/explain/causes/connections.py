"""The table of connections: full, or holding on to what is no longer so.

In: a scene. Out: a verdict, or None. Never deletes an entry.
"""

from __future__ import annotations

from warren.explain.model import Verdict
from warren.explain.scene import Scene

NEARLY = 0.98


def full(scene: Scene) -> Verdict | None:
    """No room for a new connection on a host on the way."""
    for host in scene.hosts:
        count, most = scene.seen(host).tracked
        if most and count >= NEARLY * most:
            sentence = f"{scene.called}: the table of connections of {host} is full: {count} of {most}"
            remedy = "raise net.netfilter.nf_conntrack_max, and see who opens so many"
            return Verdict("conntrack-full", sentence, remedy, host, scene.line(host))
    return None


def stale(scene: Scene) -> Verdict | None:
    """An old connection of the same client is still led to where the service no longer is."""
    flow, target = scene.flow, scene.target
    if flow.exposure is None or target is None:
        return None
    wanted = {str(each) for each in target.addresses}
    for host in scene.hosts:
        for each in scene.seen(host).connections:
            if each.question.target != str(flow.target) or each.question.dport != flow.port:
                continue
            # Elsewhere than at the exposure's host nothing is translated yet, or any more.
            if host != flow.exposure.at and each.answer.source == each.question.target:
                continue
            if each.protocol == flow.protocol and each.answer.source not in wanted:
                sentence = (
                    f"{scene.called}: {host} still leads a connection of {each.question.source} to "
                    f"{each.answer.source}, where {target.name} is not"
                )
                remedy = f"`conntrack -D -p {flow.protocol} --orig-port-dst {flow.port}` on {host}"
                return Verdict("conntrack-stale", sentence, remedy, host, scene.line(host))
    return None
