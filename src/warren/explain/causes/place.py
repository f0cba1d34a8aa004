"""Namespaces of services: gone, cut off from their host, without an address or a way.

In: a scene and a service. Out: a verdict, or None. Never asks about rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from warren.desired.items.netns import INNER
from warren.explain.asking import route_key
from warren.explain.model import ANSWER, QUESTION, Verdict, first_of
from warren.explain.scene import APPLY, Scene
from warren.prove.header import shown
from warren.topology.model import Service

DEVICE = re.compile(r"\bdev (\S+)")
OFF6 = ("net.ipv6.conf.all.disable_ipv6", f"net.ipv6.conf.{INNER}.disable_ipv6")


def unreachable(scene: Scene) -> Verdict | None:
    """A host on the way that cannot be asked: what it holds is unknown."""
    for host in scene.hosts:
        if trouble := scene.seen(host).trouble:
            sentence = f"{scene.called}: {host} does not answer: {trouble}"
            return Verdict("host-unreachable", sentence, f"see that {host} runs and can be reached", host)
    return None


def gone(scene: Scene) -> Verdict | None:
    """A namespace that is not there."""
    for service in _ends(scene):
        inner = scene.inner(service)
        if inner is not None and not inner.exists:
            sentence = f"{scene.called}: the namespace of {service.name} is gone from {service.host}"
            return Verdict("namespace-gone", sentence, APPLY, service.name, service.place)
    return None


def cut_off(scene: Scene, service: Service) -> Verdict | None:
    """Everything between a service and its host."""
    return first_of(found for each in (_outer, _inner, _family, _route, _misled) for found in [each(scene, service)])


def links_down(scene: Scene, host: str) -> Verdict | None:
    """A service of this host whose link is down or gone: its routes are gone with it."""
    return first_of(_outer(scene, each) for each in _ends(scene) if each.host == host)


def _ends(scene: Scene) -> Iterator[Service]:
    yield from (each for each in (scene.source, scene.target) if each)


def _outer(scene: Scene, service: Service) -> Verdict | None:
    """The host's end of the pair."""
    links = {link.name: link for link in scene.seen(service.host).links}
    if not links:
        return None
    link = links.get(service.veth)
    if link is None:
        what, code = "is gone", "link-gone"
    elif not link.up:
        what, code = "is down", "link-down"
    else:
        return None
    sentence = f"{scene.called}: the link {service.veth} of {service.name} {what} on {service.host}"
    return Verdict(code, sentence, APPLY, service.host, service.place)


def _inner(scene: Scene, service: Service) -> Verdict | None:
    """The service's own end."""
    inner = scene.inner(service)
    link = next((each for each in inner.links if each.name == INNER), None) if inner else None
    if inner is None or not inner.links or (link and link.up):
        return None
    sentence = f"{scene.called}: {INNER} in the namespace of {service.name} is {'down' if link else 'gone'}"
    return Verdict("link-down" if link else "link-gone", sentence, APPLY, service.name, service.place)


def _family(scene: Scene, service: Service) -> Verdict | None:
    """The address of the family that is asked with."""
    inner, version = scene.inner(service), scene.flow.family
    link = next((each for each in inner.links if each.name == INNER), None) if inner else None
    if inner is None or link is None:
        return None
    own = str(service.addresses.v4 if version == 4 else service.addresses.v6)
    if any(each.partition("/")[0] == own for each in link.addresses):
        return None
    if version == 6 and any(inner.settings.get(key) == "1" for key in OFF6):
        sentence = f"{scene.called}: IPv6 is turned off in the namespace of {service.name}"
        remedy = f"take `disable_ipv6` out of what is set there, then {APPLY}"
        return Verdict("no-ipv6", sentence, remedy, service.name, service.place)
    sentence = f"{scene.called}: {service.name} has lost its address {own}"
    return Verdict("address-gone", sentence, APPLY, service.name, service.place)


def _route(scene: Scene, service: Service) -> Verdict | None:
    """The routes inside of the namespace."""
    for change in scene.changed(service.host, f"route:{service.netns}/"):
        if (":" in change.key.partition(" ")[2]) == (scene.flow.family == 6) and change.new is not None:
            sentence = f"{scene.called}: {service.name} has no route {change.key.partition(' ')[2]} in its namespace"
            return Verdict("inner-route-gone", sentence, APPLY, service.name, service.place)
    return None


def _misled(scene: Scene, service: Service) -> Verdict | None:
    """Where the kernel itself would send the packet inside of the namespace."""
    trace = scene.expected.trace
    for direction, way in ((QUESTION, trace.forward), (ANSWER, trace.answer)):
        for number, hop in enumerate(way.hops if way else ()):
            said = scene.seen(service.host).ways.get(route_key(scene.flow.family, direction, number), "")
            found = DEVICE.search(said)
            leaves = hop.node == service.name and hop.stage == "route" and f"dev {INNER}" in hop.what
            if not leaves or not said or (found and found[1] == INNER):
                continue
            target = shown(hop.packet.version, hop.packet.target)
            how = f"leads it to {found[1]}" if found else f"says: {said.splitlines()[0].rpartition(': ')[2]}"
            words = f"in the namespace of {service.name} a route of somebody else to {target} {how}"
            remedy = f"`ip -n {service.netns} route show table all` on {service.host} lists them: take it away"
            return scene.verdict("inner-route", service.name, words, remedy, service.place)
    return None
