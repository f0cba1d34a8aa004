"""Who listens where a connection arrives, and why nobody does.

In: a scene. Out: a verdict, or None. Never asks how the packet came there.
"""

from __future__ import annotations

from collections.abc import Iterable

from warren.explain.causes import account
from warren.explain.model import Verdict
from warren.explain.scene import Scene
from warren.formats.sockets import Listener
from warren.topology.model import Host, Service

SSH = "sshd"


def nobody(scene: Scene) -> Verdict | None:
    """What is wrong with the listener: the one that should be there, in the family that was asked."""
    found = scene.listeners()
    if found is None:
        return None
    flow = scene.flow
    right = [each for each in found if (each.protocol, each.port) == (flow.protocol, flow.inner_port)]
    if not right:
        return account.unwell(scene) or _elsewhere(scene, found) or _absent(scene)
    address = _address(scene)
    if any(each.answers(flow.family, address) for each in right):
        return None
    return _bound_wrong(scene, right)


def _address(scene: Scene) -> str:
    """The address at which it arrives."""
    end: Service | Host | None = scene.target or scene.host
    if end is None or (isinstance(end, Host) and scene.flow.target in end.public):
        return str(scene.flow.target)
    return str(end.addresses.v4 if scene.flow.family == 4 else end.addresses.v6)


def _bound_wrong(scene: Scene, right: list[Listener]) -> Verdict:
    flow, meant = scene.flow, scene.meant
    line = scene.origin.listener(meant, flow.inner_port)
    shown = ", ".join(dict.fromkeys(map(str, right)))
    if all(each.on_loopback for each in right):
        sentence = f"{scene.called}: {meant} listens on loopback only: {shown}"
        return Verdict("loopback-only", sentence, "let it listen on 0.0.0.0 and [::]", meant, line)
    other = 6 if flow.family == 4 else 4
    if any(each.address in ("::", "0.0.0.0") or (":" in each.address) == (other == 6) for each in right):
        sentence = f"{scene.called}: {meant} listens in IPv{other} only: {shown}"
        return Verdict("one-family", sentence, "let it listen on both 0.0.0.0 and [::]", meant, line)
    sentence = f"{scene.called}: {meant} listens at another address: {shown}"
    return Verdict("other-address", sentence, "let it listen on 0.0.0.0 and [::]", meant, line)


def _elsewhere(scene: Scene, found: Iterable[Listener]) -> Verdict | None:
    """Something listens, but not where the file says."""
    declared = scene.target.ports if scene.target else scene.host.programs if scene.host else ()
    strangers = [
        each
        for each in found
        if not each.on_loopback and not any(each.protocol == p.protocol and each.port in p.ports for p in declared)
    ]
    same = [each for each in strangers if each.protocol == scene.flow.protocol]
    if scene.target is None or not same:
        return None
    flow = scene.flow
    sentence = f"{scene.called}: {scene.meant} listens on port {same[0].port}, not on {flow.inner_port}: {same[0]}"
    remedy = f"declare the port that it listens on under `ports`, or let it listen on {flow.inner_port}"
    line = scene.origin.listener(scene.meant, flow.inner_port)
    return Verdict("wrong-port", sentence, remedy, scene.meant, line)


def _absent(scene: Scene) -> Verdict:
    flow = scene.flow
    where = f"in the namespace of {scene.meant}" if scene.target else f"on {scene.meant}"
    sentence = f"{scene.called}: nothing listens on port {flow.inner_port}/{flow.protocol} {where}"
    line = scene.origin.listener(scene.meant, flow.inner_port)
    return Verdict("not-running", sentence, f"start {scene.meant}, and read its log", scene.meant, line)
