"""The journal of a host: what is asked of it, and its lines for programs.

In: the caller's wishes, or lines of journalctl's JSON. Out: options, or plain values. Never prints.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime

from warren.cli.inside import since as moment

FIELDS = "MESSAGE,CONTAINER_NAME,_SYSTEMD_USER_UNIT,USER_UNIT,PRIORITY"
# What Podman says itself when it starts a container.
NUMBER = re.compile(r"[0-9a-f]{64}")


def options(lines: int, since: str | None, follow: bool = False, as_json: bool = False) -> list[str]:
    """Words for journalctl."""
    form = ["--output=json", f"--output-fields={FIELDS}"] if as_json else ["--output=short-iso", "--no-hostname"]
    start = [f"--since={moment(since)}"] if since else []
    return [*form, f"--lines={lines}", *start, *(["--follow"] if follow else [])]


def read(printed: bytes) -> list[dict[str, object]]:
    """Every line with its moment, and the container or unit that said it."""
    return list(_read(printed))


def _read(printed: bytes) -> Iterator[dict[str, object]]:
    for line in printed.splitlines():
        said = json.loads(line)
        at = datetime.fromtimestamp(int(said["__REALTIME_TIMESTAMP"]) / 1e6, UTC)
        container, text = said.get("CONTAINER_NAME"), _text(said.get("MESSAGE"))
        if container or not NUMBER.fullmatch(text):
            yield {
                "at": at.isoformat(timespec="milliseconds"),
                "container": container,
                "unit": said.get("USER_UNIT") or said.get("_SYSTEMD_USER_UNIT"),
                "priority": int(said.get("PRIORITY", 6)),
                "text": text,
            }


def _text(message: object) -> str:
    """journalctl gives what is not UTF-8 as a list of bytes."""
    if isinstance(message, list):
        return bytes(message).decode(errors="replace").rstrip("\n")
    return str(message or "").rstrip("\n")
