"""Whether what a change has started stays up, known as early as it can be.

In: hosts, the units that were started there, the moment since when. Out: sentences, each with its host first, about
those that do not stay up. Never takes a start for a run: what listens has come through its own start, and is watched
for a moment, longer where its image was never run here; of what does not listen nobody knows as much.
"""

from __future__ import annotations

import shlex
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import groupby
from typing import TypeAlias

from warren.desired.account import as_user
from warren.desired.items.image import Image
from warren.desired.items.running import ONCE, Running
from warren.desired.sections import GROUPS
from warren.hosts.base import Host
from warren.plan.model import HostPlan, Plan

# Seconds since the start, for a unit that listens, for one that listens with another image, and for one that does not;
# nothing can be known in between that is not known a moment later.
LISTENING, UNSEEN, SILENT = 1.0, 2.3, 3.0
EVERY = 0.4
SHOWN = "-p Id -p NRestarts -p ActiveState -p ControlGroup"

# Whose sockets they are is seen by the files of the unit's processes, and whether they listen in the tables of the
# namespace that the first of them is in (proc(5)). A bound UDP port below those that the kernel gives to clients
# listens as well.
LISTENS = f"""\
listens() {{
  for c in {GROUPS}; do
    [ -n "$1" ] && [ -d "$c$1" ] || continue
    set -- $(find "$c$1" -name cgroup.procs -exec cat {{}} +)
    [ -n "$1" ] || return 1
    {{ find $(printf '/proc/%s/fd ' "$@") -lname 'socket:*' -printf '%l\\n' 2>/dev/null
      cat /proc/$1/net/tcp /proc/$1/net/tcp6 /proc/$1/net/udp /proc/$1/net/udp6 2>/dev/null; }} | awk '
      /^socket/ {{gsub(/[^0-9]/, ""); own[$0] = 1; next}}
      {{port = substr($2, length($2) - 3)}}
      ($4 == "0A" || ($4 == "07" && $3 ~ /:0000$/ && port < "8000")) && ($10 in own) {{found = 1}}
      END {{exit !found}}'
    return
  done
  return 1
}}
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a manager says of one unit, and whether a process of it listens."""

    state: str
    restarts: int
    listens: bool


@dataclass(frozen=True, slots=True)
class Started:
    """A unit, and for how many seconds it is watched if it listens."""

    unit: Running
    enough: float

    @property
    def user(self) -> tuple[str, int]:
        """Whose manager it runs by."""
        return self.unit.user, self.unit.uid

    @property
    def name(self) -> tuple[str, str]:
        """What no other unit of the host is called."""
        return self.unit.user, self.unit.unit


Units: TypeAlias = Mapping[str, tuple[Started, ...]]


def started(plan: Plan) -> dict[str, tuple[Started, ...]]:
    """The units of users that a change starts, by host."""
    found = {name: tuple(_started(host)) for name, host in plan.hosts.items()}
    return {name: units for name, units in found.items() if units}


def _started(host: HostPlan) -> Iterator[Started]:
    pulled = {change.new.user for change in host if isinstance(change.new, Image)}
    for change in host:
        if isinstance(change.new, Running):
            yield Started(change.new, UNSEEN if change.new.user in pulled else LISTENING)


def script(units: Iterable[Started]) -> str:
    """One call for each user, whatever the number of units."""
    grouped = groupby(sorted(units, key=lambda each: each.user), key=lambda each: each.user)
    return LISTENS + "".join(_ask(user, uid, list(held)) for (user, uid), held in grouped)


def _ask(user: str, uid: int, held: list[Started]) -> str:
    names = " ".join(shlex.quote(each.unit.unit) for each in held)
    show = as_user(user, uid, f"systemctl --user show {SHOWN} {names}")
    return (
        f'echo User={user}; said=$( {show} ); echo "$said"\n'
        'echo "$said" | sed -n "s/^ControlGroup=//p" | while read -r g; do ! listens "$g" || echo "Listens=$g"; done\n'
    )


def read(text: str) -> dict[tuple[str, str], Seen]:
    """What was said, by user and unit."""
    groups, blocks, user = set[str](), list[dict[str, str]](), ""
    for key, value in (line.partition("=")[::2] for line in text.splitlines()):
        if key == "User":
            user = value
        if key in ("User", ""):
            blocks.append({"User": user})
        elif key == "Listens":
            groups.add(value)
        elif blocks:
            blocks[-1][key] = value
    return {
        (each["User"], each["Id"]): Seen(each.get("ActiveState", ""), _number(each), each.get("ControlGroup") in groups)
        for each in blocks
        if "Id" in each
    }


def _number(block: Mapping[str, str]) -> int:
    restarts = block.get("NRestarts", "")
    return int(restarts) if restarts.isdigit() else 0


def fell(unit: Running, seen: Seen | None) -> bool:
    """Whether it ended since it was started: one that starts again and again runs whenever somebody looks."""
    if seen is None:
        return False
    ended = seen.state == "failed" or (seen.state == "inactive" and not unit.digest.endswith(ONCE))
    return ended or seen.restarts > 0


def stands(started: Started, seen: Seen | None, age: float) -> bool:
    """Whether one needs to be watched no longer; what has ended, as it should, stands."""
    if seen is None or fell(started.unit, seen):
        return False
    if seen.state == "inactive":
        return True
    return seen.state == "active" and age >= (started.enough if seen.listens else SILENT)


@dataclass(slots=True)
class Watch:
    """Over units that were started at `began` (`time.monotonic`); `over` ends it early."""

    hosts: Mapping[str, Host]
    units: Units
    began: float
    until: float
    over: threading.Event = field(default_factory=threading.Event)

    def run(self) -> list[str]:
        """Until all stand or one has fallen: what has, and after `until` what does not stand either."""
        left, said = dict(self.units), list[str]()
        while left and not said and not self.over.wait(self._pause()):
            age, late = time.monotonic() - self.began, time.monotonic() > self.until
            for name, seen in _ask_all(self.hosts, left).items():
                fallen = [each for each in left[name] if fell(each.unit, seen.get(each.name))]
                left[name] = tuple(each for each in left[name] if not stands(each, seen.get(each.name), age))
                said += [_sentence(name, each.unit) for each in (left[name] if late else fallen)]
            left = {name: units for name, units in left.items() if units}
        return said

    def _pause(self) -> float:
        age = time.monotonic() - self.began
        return next((moment - age for moment in (LISTENING, UNSEEN, SILENT) if moment > age), EVERY)


def _sentence(host: str, unit: Running) -> str:
    return f"{host}: {unit.unit} of {unit.user} does not stay up; `warren logs {unit.user}` says why"


def _ask_all(hosts: Mapping[str, Host], units: Units) -> dict[str, dict[tuple[str, str], Seen]]:
    with ThreadPoolExecutor(max_workers=max(1, len(units))) as pool:
        told = pool.map(lambda name: hosts[name].run(script(units[name])), units)
        return {name: read(each.stdout.decode(errors="replace")) for name, each in zip(units, told, strict=True)}
