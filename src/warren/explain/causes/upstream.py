"""What lies before a host, or behind it: addresses that it lost, firewalls of providers.

In: a scene and where its way ended. Out: a verdict, or None. Never asks a provider.
"""

from __future__ import annotations

from warren.explain.model import QUESTION, Verdict
from warren.explain.progress import UNSEEN, Break
from warren.explain.scene import Scene


def lost_address(scene: Scene) -> Verdict | None:
    """An address of a gateway that its own links do not have any more."""
    asked = {scene.flow.target, *(each.endpoint for each in scene.topology.tunnels)}
    for name in scene.hosts:
        held = {text.partition("/")[0] for link in scene.seen(name).links for text in link.addresses}
        for address in scene.topology.hosts[name].public:
            if held and address in asked and str(address) not in held:
                remedy = f"give {name} the address again, or write its new one under `public:`"
                return scene.verdict("address-gone", name, f"{name} does not have the address {address}", remedy)
    return None


def before(scene: Scene, stop: Break) -> Verdict | None:
    """A packet from outside that the first host never saw."""
    flow = scene.flow
    if stop.how != UNSEEN or stop.direction != QUESTION or flow.by is None or stop.host != flow.node:
        return None
    host = scene.topology.hosts[stop.host]
    sentence = (
        f"{scene.called}: nothing arrives at {stop.host} on port {flow.port}/{flow.protocol}: "
        "something before it drops the packets"
    )
    remedy = f"open {flow.port}/{flow.protocol} in the provider's firewall before {stop.host}"
    return Verdict("upstream-drop", sentence, remedy, stop.host, flow.exposure.place if flow.exposure else host.place)


def beyond(scene: Scene, stop: Break) -> Verdict | None:
    """Everything left as it should, and nobody outside answers."""
    forward = scene.expected.trace.forward
    if forward.device is None or stop.direction == QUESTION or stop.host != forward.node or stop.how != UNSEEN:
        return None
    sentence = f"{scene.called}: it leaves {stop.host} as it should, and nobody answers from outside"
    remedy = f"try another address than {scene.flow.target}; else ask the provider of {stop.host}"
    return Verdict("outside-silent", sentence, remedy, stop.host, scene.line(stop.host))
