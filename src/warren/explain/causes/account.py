"""A service's user on a real machine: its manager, its containers, its disk.

In: a scene with evidence of systemd and Podman. Out: why nothing listens, or None. Never reads a log itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.condition import Condition
from warren.evidence.model import Inner
from warren.explain.model import Verdict
from warren.explain.scene import APPLY, Scene

# What programs say when they cannot start, and what it means (strerror(3), containers/image).
FULL = ("no space left",)
TAKEN = ("address already in use",)
IMAGE = ("image not known", "unable to copy", "manifest", "pull access denied", "no such image")


def unwell(scene: Scene) -> Verdict | None:
    """What is known of the service's user, in the order in which one thing needs another."""
    service = scene.target
    inner = scene.inner(service) if service else None
    if service is None or inner is None or not inner.account:
        return None
    for code, words, remedy in _troubles(scene, inner):
        return scene.verdict(code, service.name, words, remedy)
    return None


def silent(scene: Scene) -> Verdict | None:
    """A service whose kernel takes connections that it does not answer itself, and whose health check says no."""
    if scene.knock.outcome != "connected":
        return None
    found = unwell(scene)
    return found if found and found.code == "unhealthy" else None


def _troubles(scene: Scene, inner: Inner) -> Iterator[tuple[str, str, str]]:
    service, account = scene.target, inner.account
    assert service is not None
    said = account.get("said", "")
    name, host = service.name, service.host
    full = scene.seen(host).full
    if full or _says(said, FULL):
        yield "disk-full", f"the disk of {host} is full{f' at {full[0]}' if full else ''}", f"make room on {host}"
    if account.get("manager", "active") != "active":
        words = f"the user manager of {name} is {account['manager']} on {host}"
        yield "manager-down", words, f"`systemctl start user@$(id -u {name})` on {host}, and read its log"
    if _says(said, IMAGE):
        yield "image-missing", f"the image of {name} is not on {host}: {said}", "see that the image can be pulled"
    if _says(said, TAKEN):
        words = f"the port of {name} is taken by another program of {name}: {said}"
        yield "port-taken", words, "end the other program, or declare another port"
    yield from _units(scene, inner.conditions, said)


def _units(scene: Scene, conditions: tuple[Condition, ...], said: str) -> Iterator[tuple[str, str, str]]:
    """The units of the service that are not as they should be."""
    for each in conditions:
        whose = each.unit if each.unit == each.service else f"{each.unit} of {each.service}"
        log = f"`warren logs {each.service}` says why"
        if each.health == "unhealthy":
            yield "unhealthy", f"the container {whose} is unhealthy", f"see what its health check says; {log}"
        elif each.state == "missing":
            yield "unit-missing", f"the unit {whose} is not there", APPLY
        elif each.state != "running":
            why = f": {said}" if said else ""
            yield "unit-failed", f"{whose} is {each.state}{why}", log


def _says(said: str, texts: tuple[str, ...]) -> bool:
    return any(text in said.lower() for text in texts)
