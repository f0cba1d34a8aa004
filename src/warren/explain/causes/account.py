"""A service's user on a real machine: its manager, its containers, its disk.

In: a scene with evidence of systemd and Podman. Out: why nothing listens, or None. Never reads a log itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.explain.model import Verdict
from warren.explain.scene import Scene

# What programs say when they cannot start, and what it means (strerror(3), containers/image).
FULL = ("no space left",)
TAKEN = ("address already in use",)
IMAGE = ("image not known", "unable to copy", "manifest", "pull access denied", "no such image")
RUNNING = ("running",)


def unwell(scene: Scene) -> Verdict | None:
    """What is known of the service's user, in the order in which one thing needs another."""
    service = scene.target
    inner = scene.inner(service) if service else None
    if service is None or inner is None or not inner.account:
        return None
    for code, words, remedy in _troubles(scene, inner.account):
        return Verdict(code, f"{scene.called}: {words}", remedy, service.name, service.place)
    return None


def _troubles(scene: Scene, account: dict[str, str] | object) -> Iterator[tuple[str, str, str]]:
    assert isinstance(account, dict)
    service, said = scene.target, str(account.get("said", ""))
    assert service is not None
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
    yield from _containers(name, account)
    if failed := account.get("failed"):
        why = f": {said}" if said else ""
        yield "unit-failed", f"{failed} of {name} has failed{why}", f"`journalctl _UID=$(id -u {name})` on {host}"


def _containers(name: str, account: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    for each in account.get("containers", "").split(";"):
        container, _, state = each.partition(":")
        if "unhealthy" in state:
            yield "unhealthy", f"the container {container} of {name} is unhealthy", "see what its health check says"
        elif container and not state.startswith(RUNNING):
            words = f"the container {container} of {name} is {state.partition(':')[0]}"
            yield "container-stopped", words, f"read its log: `podman logs {container}` as {name}"


def _says(said: str, texts: tuple[str, ...]) -> bool:
    return any(text in said.lower() for text in texts)
