"""What carries connections from a service's own loopback to what it needs.

In: a scene. Out: a verdict, or None. Never asks about the way behind it.
"""

from __future__ import annotations

from warren.basis.diagnostic import Place
from warren.desired.model import HostState
from warren.explain.model import Verdict
from warren.explain.scene import APPLY, Scene
from warren.prove.header import shown
from warren.prove.relays import Relay, relays
from warren.topology.model import Service

# The socket is systemd's own until somebody connects.
OURS = "systemd"
LOOPBACK = {4: "127.0.0.1", 6: "::1"}


def gone(scene: Scene) -> Verdict | None:
    """Nobody listens at the port of the loopback that was asked, or somebody else does."""
    flow, source = scene.flow, scene.source
    inner = scene.inner(source) if source else None
    if flow.through is None or source is None or inner is None:
        return None
    own = LOOPBACK[flow.family]
    at = f"[{own}]:{flow.through}" if flow.family == 6 else f"{own}:{flow.through}"
    line = flow.need.place if flow.need else source.place
    found = [each for each in inner.listeners if each.port == flow.through and each.answers(flow.family, own)]
    others = [each for each in found if each.program and not each.program.startswith(OURS)]
    if others:
        words = f"{at} in {source.name} is taken by another program: {others[0]}"
        remedy = f"end that program, or give the need another `localhost`; {APPLY}"
        return scene.verdict("port-taken", source.name, words, remedy, line)
    if found:
        return _elsewhere(scene, source, at, line)
    words = f"nothing listens at {at} in {source.name}, to carry it to {scene.meant}"
    return scene.verdict("carrier-gone", source.name, words, line=line)


def nearby(scene: Scene) -> bool:
    """Whether the program is one of the asker's own host, and listens at its loopback: the proxy asks for it there."""
    flow, source = scene.flow, scene.source
    if flow.through is None or source is None or flow.name != source.host:
        return False
    return any(
        (each.protocol, each.port) == (flow.protocol, flow.inner_port) and each.answers(4, LOOPBACK[4])
        for each in scene.listeners() or ()
    )


def _elsewhere(scene: Scene, source: Service, at: str, line: Place | None) -> Verdict | None:
    """The proxy behind the socket is not the one of the file."""
    host, observed = source.host, scene.seen(source.host).observed
    wanted = {each.unit: each for each in relays({host: scene.desired.get(host, HostState())})}
    for each in relays({host: observed.state}) if observed else ():
        right = wanted.get(each.unit)
        is_asked = each.place == source.name and any(port == scene.flow.through for _, _, port in each.doors)
        if right and is_asked and (each.target, each.dials) != (right.target, right.dials):
            leads = f"leads to {_shown(each)}, not to {_shown(right)}"
            return scene.verdict("carrier-elsewhere", source.name, f"{at} in {source.name} {leads}", line=line)
    return None


def _shown(relay: Relay) -> str:
    """Where a proxy connects to, and in whose name where that is not the place's own."""
    if relay.target is None:
        return f"what is not known ({relay.unclear})"
    version, number, port = relay.target
    address = shown(version, number)
    where = f"[{address}]:{port}" if version == 6 else f"{address}:{port}"
    return where if relay.dials == relay.place else f"{where} on {relay.dials}"
