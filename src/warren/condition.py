"""What runs in the services of a host: since when, how it feels, from which image.

In: a host and its services. Out: one condition a unit, by one script and one round trip. Never changes anything; what
cannot be asked is told as unknown.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from warren.desired.account import as_user
from warren.hosts.base import Host
from warren.topology.model import Service

MARK = "%%warren "
NEXT = f"echo {shlex.quote(MARK)}"
SHOWN = "Id,LoadState,ActiveState,SubState,ActiveEnterTimestamp,NRestarts,Result"
COLUMNS = "{{.Names}}\\t{{.State}}\\t{{.Status}}\\t{{.Image}}\\t{{.ImageID}}"
UPDATES = "/var/lib/warren/updates"
# So many users' managers and stores are asked at the same time.
AT_ONCE = 8
STATES = {
    "active": "running",
    "activating": "starting",
    "deactivating": "stopping",
    "failed": "failed",
    "inactive": "stopped",
    "reloading": "running",
}


@dataclass(frozen=True, slots=True)
class Update:
    """What came of the last look for new images of a service: `current`, `updated`, `went-back` or `failed`.

    `at` is in seconds since 1970, `units` are those that had another image, `reason` is why it went back or failed.
    """

    result: str
    at: int | None = None
    units: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """One unit of a service. `since` is in seconds since 1970, None where it does not run; `health` is Podman's word.

    `restarts` counts those that systemd made because it had ended. `update` is that of its service.
    """

    service: str
    unit: str
    state: str
    since: int | None = None
    health: str | None = None
    image: str | None = None
    image_id: str | None = None
    restarts: int = 0
    update: Update | None = None


def conditions(host: Host, services: Iterable[Service], timeout: float = 60.0) -> tuple[Condition, ...]:
    """All units of the services. Raises `Unreachable` when the host does not answer."""
    asked = [service for service in services if service.workload]
    if not asked:
        return ()
    said = host.run(script(asked), timeout=timeout).stdout.decode(errors="replace")
    return tuple(decode(said, asked))


def script(services: Iterable[Service]) -> str:
    """One shell that asks some managers at a time, and prints their answers in order."""
    held = list(services)
    lines = ["export LC_ALL=C", "t=$(mktemp -d) || exit 1", "trap 'rm -rf \"$t\"' EXIT"]
    for first in range(0, len(held), AT_ONCE):
        lines += [_asking(service) for service in held[first : first + AT_ONCE]]
        lines.append("wait")
    lines += [f"echo {shlex.quote(MARK + service.name)}; cat $t/{service.uid}" for service in held]
    return "\n".join(lines) + "\n"


def _asking(service: Service) -> str:
    assert service.workload
    units = " ".join(shlex.quote(f"{unit}.service") for unit in service.workload.units)
    show = as_user(service.name, service.uid, f"systemctl --user show --timestamp=unix -p {SHOWN} {units}")
    listed = as_user(service.name, service.uid, f"podman ps --all --format {shlex.quote(COLUMNS)}")
    update = shlex.quote(f"{UPDATES}/{service.name}.json")
    podman = f"{listed}; " if service.workload.containers else ""
    return f"{{ {show}; {NEXT}; {podman}{NEXT}; cat {update}; }} > $t/{service.uid} 2>/dev/null &"


def decode(text: str, services: Iterable[Service]) -> Iterator[Condition]:
    """The answers, in the order of the services and of their units."""
    sections = [part.partition("\n") for part in text.split(MARK)[1:]]
    named = {title: number for number, (title, _, _) in enumerate(sections) if title}
    for service in services:
        at = named.get(service.name, len(sections))
        units, containers, update = ([body for _, _, body in sections[at : at + 3]] + ["", "", ""])[:3]
        yield from _conditions(service, _shown(units), _listed(containers), _update(update))


def _conditions(
    service: Service, shown: Mapping[str, Mapping[str, str]], listed: Mapping[str, list[str]], update: Update | None
) -> Iterator[Condition]:
    assert service.workload
    for unit in service.workload.units:
        said = shown.get(f"{unit}.service", {})
        state = STATES.get(said.get("ActiveState", ""), "unknown")
        if said.get("SubState") == "auto-restart":
            state = "restarting"
        _, _, status, image, image_id = listed.get(unit, [""] * 5)
        since = said.get("ActiveEnterTimestamp", "").removeprefix("@")
        yield Condition(
            service.name,
            unit,
            "missing" if said.get("LoadState") == "not-found" else state,
            int(since) if since.isdigit() and int(since) and state == "running" else None,
            _health(status),
            image or None,
            image_id[:12] or None,
            int(said.get("NRestarts", "0") or 0),
            update,
        )


def _shown(text: str) -> dict[str, dict[str, str]]:
    blocks = (dict(line.partition("=")[::2] for line in block.splitlines()) for block in text.split("\n\n"))
    return {block["Id"]: block for block in blocks if "Id" in block}


def _listed(text: str) -> dict[str, list[str]]:
    rows = (line.split("\t") for line in text.splitlines())
    return {row[0]: row for row in rows if len(row) == 5}


def _health(status: str) -> str | None:
    inside = status.rpartition("(")[2].rstrip(")")
    return inside if inside in ("healthy", "unhealthy", "starting") else None


def _update(text: str) -> Update | None:
    try:
        said: Any = json.loads(text)
        result, units, reason = (str(said.get(key) or "") for key in ("result", "units", "reason"))
        at = str(said.get("at") or "")
    except (ValueError, AttributeError):
        return None
    return Update(result, _seconds(at), tuple(units.split()), reason) if result else None


def _seconds(at: str) -> int | None:
    try:
        return int(datetime.fromisoformat(at).timestamp())
    except ValueError:
        return None
