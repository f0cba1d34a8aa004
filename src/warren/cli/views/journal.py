"""The journal of a host: what is asked of it, and its lines for programs.

In: the caller's wishes, or lines of journalctl's JSON. Out: options, or plain values. Never prints.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from warren.cli.inside import since as moment

FIELDS = "MESSAGE,CONTAINER_NAME,_SYSTEMD_USER_UNIT,USER_UNIT,PRIORITY"


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
        unit = said.get("_SYSTEMD_USER_UNIT") or said.get("USER_UNIT")
        yield {
            "at": at.isoformat(timespec="milliseconds"),
            "container": said.get("CONTAINER_NAME"),
            "unit": unit,
            "priority": int(said.get("PRIORITY", 6)),
            "text": _text(said.get("MESSAGE")),
        }


def _text(message: object) -> str:
    """journalctl gives what is not UTF-8 as a list of bytes."""
    if isinstance(message, list):
        return bytes(message).decode(errors="replace")
    return str(message or "")
