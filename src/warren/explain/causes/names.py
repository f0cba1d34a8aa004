"""Names that a service looks up.

In: a scene. Out: a verdict, or None. Never sends a question itself.
"""

from __future__ import annotations

from warren.explain.model import Verdict
from warren.explain.scene import APPLY, Scene

LOOPBACK = ("127.", "::1")
DNS = 53


def wrong(scene: Scene) -> Verdict | None:
    """The name of whom is asked leads elsewhere, or nowhere."""
    source, target = scene.source, scene.target
    inner = scene.inner(source) if source else None
    if source is None or inner is None or not inner.exists:
        return None
    if target is not None and target.name in inner.names:
        known = {str(each) for each in target.addresses}
        found = set(inner.names[target.name])
        if strange := sorted(found - known):
            words = f"in {source.name} the name {target.name} leads to {', '.join(strange)}"
            remedy = f"`{source.name}` reads /etc/netns/{source.name}/hosts: {APPLY}"
            return Verdict("name-wrong", f"{scene.called}: {words}", remedy, source.name, source.place)
        if not found:
            words = f"in {source.name} the name {target.name} leads nowhere"
            return Verdict("name-unknown", f"{scene.called}: {words}", APPLY, source.name, source.place)
    return _dead(scene)


def _dead(scene: Scene) -> Verdict | None:
    """The resolver that the service is told to ask does not listen."""
    source = scene.source
    inner = scene.inner(source) if source else None
    if source is None or inner is None or not inner.nameservers:
        return None
    asked = [each for each in inner.nameservers if each.startswith(LOOPBACK)]
    listening = {each.address for each in inner.listeners if each.port == DNS}
    if len(asked) < len(inner.nameservers) or listening & {*asked, "*", "0.0.0.0", "::"}:
        return None
    words = f"{source.name} asks {asked[0]} for names, where nobody listens in its namespace"
    remedy = f"/etc/netns/{source.name}/resolv.conf must name a resolver that the service can reach; {APPLY}"
    return Verdict("resolver-dead", f"{scene.called}: {words}", remedy, source.name, source.place)
