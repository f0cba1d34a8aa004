"""What hosts remember: the changes that were made or put back, and the states that can be returned to.

In: hosts. Out: entries, states, and what waits for its confirmation. Never changes a host but to end what waits.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from warren.apply import ending
from warren.apply.ending import everywhere
from warren.apply.outcome import Failure, Outcome
from warren.apply.protocol import Line, Stopped, pairs
from warren.apply.terms import LEASE, WINDOW
from warren.desired import record
from warren.desired.items.secret import Secret
from warren.desired.model import HostState, of_kind
from warren.hosts.base import Host, Unreachable


@dataclass(frozen=True, slots=True)
class Entry:
    """One change of a host; `outcome` is `applied`, or `back: why`. `generation` is the number it had or would have.

    `summary` says it in a few words, `changes` lists the items.
    """

    generation: int
    when: str
    who: str
    summary: str
    outcome: str
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A change that stands and is not confirmed: on which hosts, on how many it was made, and the seconds left."""

    change: str
    names: tuple[str, ...]
    hosts: int
    left: int


def history(hosts: Mapping[str, Host]) -> dict[str, tuple[Entry, ...]]:
    """The log of every host, oldest first. Raises `Unreachable`."""
    return everywhere(_lines(hosts).values(), lambda line: tuple(entries(line.tell("history"))))


def entries(log: str) -> Iterable[Entry]:
    """The readable lines of a log; a line that a power cut has torn is none."""
    for line in log.splitlines():
        try:
            found = json.loads(line)
            known = (found[key] for key in ("generation", "when", "who", "summary", "outcome"))
            yield replace(Entry(*known), changes=tuple(map(str, found.get("changes", ()))))
        except (ValueError, KeyError, TypeError):
            continue


def recall(hosts: Mapping[str, Host], number: int | None = None) -> dict[str, tuple[int, HostState]]:
    """What each host held after the change of that number, or before the last one of them all.

    Numbers belong to changes of the network: a host that one left alone has no generation of that number, and holds
    what the one before has made. Raises `Stopped` and `Unreachable`.
    """
    lines = _lines(hosts).values()
    if number is None:
        told = everywhere(lines, lambda line: int(pairs(line.tell("status"))["generation"]))
        number = max(told.values()) - 1
    return everywhere(lines, lambda line: _recall(line, number))


def _recall(line: Line, number: int) -> tuple[int, HostState]:
    first, _, rest = line.tell("recall", number).partition("\n")
    try:
        return int(first), record.state(rest)
    except ValueError as wrong:
        raise Stopped(line.name, str(wrong)) from wrong


def with_secrets_of(now: HostState, then: HostState) -> HostState:
    """A state of then with the secrets of now: values are not remembered, so the ones that stand are kept."""
    items = {key: item for key, item in then.items.items() if not isinstance(item, Secret)}
    return HostState({**items, **{item.key: item for item in of_kind(now, Secret)}})


def waiting(hosts: Mapping[str, Host]) -> Waiting | None:
    """The change that waits, by connections of its own. Raises `Unreachable`; `Stopped` where two wait."""
    lines = _lines(hosts)
    try:
        told = everywhere(lines.values(), lambda line: pairs(_fresh(line).tell("status")))
    finally:
        _close(lines)
    armed = {name: each for name, each in told.items() if each.get("state") in ("armed", "confirmed")}
    changes = {each["id"] for each in armed.values()}
    if len(changes) > 1:
        raise Stopped(", ".join(armed), "different changes wait on these hosts; they go back by themselves")
    if not armed:
        return None
    left = min(int(each["left"]) for each in armed.values())
    hosts_of_it = max(int(each["hosts"] or 0) for each in armed.values())
    return Waiting(changes.pop(), tuple(armed), hosts_of_it, left)


def keep(hosts: Mapping[str, Host], waits: Waiting) -> Outcome:
    """Confirms on every host by new connections, or has all of them go back."""
    lines, asked = _lines({name: hosts[name] for name in waits.names}), False
    try:
        everywhere(lines.values(), _fresh)
        if len(waits.names) < waits.hosts:
            raise Stopped(_others(hosts, waits), "it has gone back already, or was not asked")
        asked = True
        ending.confirm(lines, waits.change, LEASE, WINDOW)
        ending.forget(lines, waits.change)
        return Outcome(len(waits.names))
    except (Stopped, Unreachable) as stopped:
        left = ending.put_back([list(lines.values())], waits.change, "told", WINDOW, asked)
        host, reason = (stopped.host, stopped.reason) if isinstance(stopped, Stopped) else ("", str(stopped))
        return Outcome(0, Failure(host, reason, left))
    finally:
        _close(lines)


def _others(hosts: Iterable[str], waits: Waiting) -> str:
    return ", ".join(name for name in hosts if name not in waits.names) or "another host"


def _lines(hosts: Mapping[str, Host]) -> dict[str, Line]:
    return {name: Line(host) for name, host in hosts.items()}


def _fresh(line: Line) -> Line:
    line.renew()
    return line


def _close(lines: Mapping[str, Line]) -> None:
    for line in lines.values():
        line.close()
