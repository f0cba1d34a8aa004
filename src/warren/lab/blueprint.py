"""The lab as instructions: places, the wires between them, lines and rules in each; and the way from one to another.

In: values made by `draw.py`. Out: values that become JSON for the keeper. Never touches a kernel.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

CORE = "core"


@dataclass(frozen=True, slots=True)
class Stand:
    """A place with its own network namespace; one with a `host` has folders and a host name of its own too.

    One with a `disk` is a machine: what that folder holds is booted there.
    """

    tag: str
    sysctls: Mapping[str, str]
    host: str = ""
    lines: tuple[str, ...] = ()
    rules: str = ""
    disk: str = ""


@dataclass(frozen=True, slots=True)
class Wire:
    """A cable between two places, with the `ip` lines that each end then needs."""

    left: str
    left_interface: str
    right: str
    right_interface: str
    left_lines: tuple[str, ...] = ()
    right_lines: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.left}/{self.left_interface}"


@dataclass(frozen=True, slots=True)
class Blueprint:
    """Everything the keeper has to build; the declared services with their hosts; other names of places."""

    stands: Mapping[str, Stand]
    wires: Mapping[str, Wire]
    services: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        return json.dumps(asdict(self))


def from_json(text: str | bytes) -> Blueprint:
    """Read what `Blueprint.to_json` wrote."""
    read = json.loads(text)
    return Blueprint(
        {tag: Stand(**_tuples(stand)) for tag, stand in read["stands"].items()},
        {key: Wire(**_tuples(wire)) for key, wire in read["wires"].items()},
        read["services"],
        read["aliases"],
    )


def _tuples(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}


EMPTY = Blueprint({}, {})


def change(old: Blueprint, new: Blueprint) -> dict[str, Any]:
    """The keeper's request that leads from one blueprint to another; what is the same is not touched.

    A host whose own stand changed begins anew, empty. A router keeps standing: its new bridges and rules are added.
    """
    ended = [tag for tag, stand in old.stands.items() if tag != CORE and _must_end(stand, new.stands.get(tag))]
    begun = [stand for tag, stand in new.stands.items() if tag != CORE and (tag not in old.stands or tag in ended)]
    fresh = {stand.tag for stand in begun} | ({CORE} - set(old.stands))
    wires = [w for key, w in new.wires.items() if old.wires.get(key) != w or {w.left, w.right} & fresh - {CORE}]
    laid = {wire.key for wire in wires}
    removed = [w for key, w in old.wires.items() if key not in new.wires or key in laid]
    return {
        "do": "change",
        "cut": [(w.left, w.left_interface) for w in removed if not _vanishes(w, ended) and w.left not in ended],
        "end": ended,
        "vanish": [w.left_interface for w in removed if _vanishes(w, ended)],
        "begin": [asdict(stand) for stand in begun],
        "sysctls": {tag: dict(new.stands[tag].sysctls) for tag in {CORE} & set(new.stands) & fresh},
        "wires": [asdict(wire) for wire in wires],
        "lines": _lines(old, new, fresh, wires),
        "rules": {
            tag: stand.rules
            for tag, stand in new.stands.items()
            if tag in fresh or stand.rules != old.stands[tag].rules
        },
    }


def _vanishes(wire: Wire, ended: Collection[str]) -> bool:
    """Whether the core's end goes with the place at the other: many at once, where cutting takes 20 ms for each."""
    return wire.left == CORE and wire.right in ended


def _must_end(old: Stand, new: Stand | None) -> bool:
    return new is None or (old.sysctls, old.host, old.disk) != (new.sysctls, new.host, new.disk)


def _lines(old: Blueprint, new: Blueprint, fresh: set[str], wires: list[Wire]) -> dict[str, list[str]]:
    """The `ip` lines of each place, in order: those of new wires after those of the place."""
    lines: dict[str, list[str]] = {}
    for tag, stand in new.stands.items():
        known = () if tag in fresh else old.stands[tag].lines
        lines[tag] = [line for line in stand.lines if line not in known]
    for wire in wires:
        lines[wire.left] += wire.left_lines
        lines[wire.right] += wire.right_lines
    return {tag: its for tag, its in lines.items() if its}
