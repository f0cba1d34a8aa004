"""What carries connections from a service's own loopback to what it needs.

In: a scene. Out: a verdict, or None. Never asks about the way behind it.
"""

from __future__ import annotations

from warren.explain.model import Verdict
from warren.explain.scene import Scene

LOOPBACK = {4: "127.0.0.1", 6: "::1"}


def gone(scene: Scene) -> Verdict | None:
    """Nobody listens at the port of the loopback that was asked."""
    flow, source = scene.flow, scene.source
    inner = scene.inner(source) if source else None
    if flow.through is None or source is None or inner is None:
        return None
    own = LOOPBACK[flow.family]
    if any(each.port == flow.through and each.answers(flow.family, own) for each in inner.listeners):
        return None
    at = f"[{own}]" if flow.family == 6 else own
    words = f"nothing listens at {at}:{flow.through} in {source.name}, to carry it to {scene.meant}"
    line = flow.need.place if flow.need else source.place
    return scene.verdict("carrier-gone", source.name, words, line=line)
