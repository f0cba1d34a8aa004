"""A plan for people and for programs.

In: a plan and what it means for the network. Out: lines or a document. Never a secret: items do not hold any.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import click

from warren.cli.views.text import columns, count, cut, printable
from warren.desired.items.image import Image
from warren.desired.items.netns import Veth
from warren.desired.items.route import IpRule, Route
from warren.desired.items.rules import Rules
from warren.desired.items.running import Running
from warren.desired.items.secret import Secret
from warren.desired.items.session import Session
from warren.desired.items.tunnel import Tunnel
from warren.desired.model import Item
from warren.desired.steps import script
from warren.formats.nft import diff, write_value
from warren.formats.nft.diff import SetChange
from warren.formats.nft.model import Element, Table
from warren.plan.model import Action, Change, HostPlan, Plan

KINDS = {
    "netns": "namespace",
    "nft": "rules",
    "sysctl": "setting",
    "rule": "routing rule",
    "session": "user manager",
    "login": "sessions",
    "running": "service",
}
COLOURS = {Action.ADD: "green", Action.CHANGE: "yellow", Action.REMOVE: "red"}
RUNNING = {Action.ADD: "Starts", Action.CHANGE: "Restarts", Action.REMOVE: "Stops"}
OBVIOUS = frozenset({"is not there"})
ALONG = "goes along with "
MOST_OF_A_KIND = 6
MOST_ELEMENTS = 5
MOST_WORDS = 15
WIDEST_REASON = 100
# What it means that nothing differs.
EQUAL = "The hosts match the file."


def lines(plan: Plan, words: Sequence[str], full: bool = False, equal: str = EQUAL) -> list[str]:
    """First what it means, then the changes of each host, then the sum; `equal` is said where there are none."""
    if plan.is_empty:
        return [f"No changes. {equal}"]
    shown = [*_words(words, full)]
    for host in plan.hosts.values():
        if len(host):
            shown += [click.style(host.host, bold=True), *_host(host, full), ""]
    return [*shown, *_running(plan), f"Plan: {summary(plan)}"]


def _running(plan: Plan) -> Iterator[str]:
    """What is started, started anew and stopped: nothing else is touched."""
    found: dict[str, list[str]] = {}
    for host in plan.hosts.values():
        for change in host:
            if isinstance(change.item, Running):
                word = RUNNING[change.action]
                started = word == "Restarts" and isinstance(change.old, Running) and not change.old.active
                found.setdefault("Starts" if started else word, []).append(change.item.unit.removesuffix(".service"))
    for word in sorted(found):
        yield f"{word} {', '.join(printable(unit) for unit in found[word])}."


def summary(plan: Plan) -> str:
    """`12 to add, 1 to change, 0 to remove on 2 hosts`."""
    hosts = sum(bool(len(host)) for host in plan.hosts.values())
    add, change, remove = (plan.count(action) for action in Action)
    return f"{add} to add, {change} to change, {remove} to remove on {count(hosts, 'host')}"


def document(plan: Plan, words: Sequence[str]) -> dict[str, object]:
    """The same for programs."""
    return {
        "changes": [_entry(host.host, change) for host in plan.hosts.values() for change in host],
        "words": list(words),
        "summary": {action.name.lower(): plan.count(action) for action in Action},
    }


def _entry(host: str, change: Change) -> dict[str, object]:
    return {
        "host": host,
        "action": change.action.name.lower(),
        "kind": kind(change.item),
        "key": change.key,
        "reason": change.reason,
    }


def kind(item: Item) -> str:
    """What people call it."""
    if isinstance(item, Tunnel):
        return "tunnel"
    if isinstance(item, Veth):
        return "link"
    prefix = item.key.partition(":")[0]
    return KINDS.get(prefix, prefix)


def name(item: Item) -> str:
    """Which one of its kind it is."""
    if isinstance(item, Route):
        place = item.netns or (f"table {item.table}" if item.table != "main" else "the main table")
        return f"to {item.prefix} in {place}"
    if isinstance(item, IpRule):
        return f"IPv{item.family} {item.priority} {item.selector}"
    if isinstance(item, Running):
        return item.unit
    if isinstance(item, Secret | Image):
        return item.name if isinstance(item, Secret) else item.reference
    return item.user if isinstance(item, Session) else item.key.partition(":")[2]


def _words(words: Sequence[str], full: bool) -> Iterator[str]:
    most = len(words) if full else MOST_WORDS
    yield from (printable(each) for each in words[:most])
    if len(words) > most:
        yield _more(len(words) - most)
    if words:
        yield ""


def _host(host: HostPlan, full: bool) -> Iterator[str]:
    rows = [(change, _row(change)) for change in host]
    aligned = zip([change for change, _ in rows], columns([row for _, row in rows], "  "), strict=True)
    for _, group in groupby(aligned, key=lambda pair: (pair[0].action, kind(pair[0].item))):
        held = list(group)
        most = len(held) if full else MOST_OF_A_KIND
        for change, line in held[:most]:
            yield line
            yield from _below(change, full)
        if len(held) > most:
            yield f"    {_more(len(held) - most, ' of this kind')}"


def _row(change: Change) -> tuple[str, ...]:
    item = change.item
    reason = _reason(change)
    said = f"{printable(item.describe())}  {click.style(f'({reason})', dim=True) if reason else ''}"
    return (
        click.style(change.action.value, fg=COLOURS[change.action], bold=True),
        kind(item),
        printable(name(item)),
        said.rstrip(),
    )


def _reason(change: Change) -> str:
    """Why, where it is not plain to see; the sets of a table are listed below it."""
    if change.reason.startswith(ALONG):
        return change.reason.replace(":", " ", 1)
    parts = [part for part in change.reason.split("; ") if part not in OBVIOUS]
    if isinstance(change.new, Rules) and isinstance(change.old, Rules):
        parts = [part for part in parts if "chain " in part or part.startswith("set ")]
    return cut(printable("; ".join(parts)), WIDEST_REASON)


def _below(change: Change, full: bool) -> Iterator[str]:
    if isinstance(change.new, Rules) and isinstance(change.old, Rules):
        yield from _rules(change.old.table, change.new.table, full)
    if full and change.steps:
        yield from (click.style(f"        | {printable(line)}", dim=True) for line in _commands(change))


def _commands(change: Change) -> list[str]:
    """The script of the change, without the lines that serve the script itself."""
    lines = script(change.steps).splitlines()[4:]
    shown = [line.expandtabs(1) for line in lines if line and not line.startswith("at=")]
    # Who reads a plan must not be able to try values against a digest.
    hidden = [each.digest for each in (change.new, change.old) if isinstance(each, Secret) and each.digest]
    return [next((line.replace(digest, "…") for digest in hidden if digest in line), line) for line in shown]


def _rules(old: Table, new: Table, full: bool) -> Iterator[str]:
    change = diff.tables(old, new)
    for each in change.sets:
        counts = f"+{len(each.added)} -{len(each.removed)}"
        yield f"      {each.name}  {counts}"
        yield from _elements(each, old, new, full)


def _elements(change: SetChange, old: Table, new: Table, full: bool) -> Iterator[str]:
    texts = [*_signed("+", change.added, new, change.name), *_signed("-", change.removed, old, change.name)]
    most = len(texts) if full else MOST_ELEMENTS
    yield from (f"        {text}" for text in texts[:most])
    if len(texts) > most:
        yield f"        {_more(len(texts) - most)}"


def _signed(sign: str, elements: frozenset[Element], table: Table, name: str) -> Iterator[str]:
    """Elements of a set, by the words of nft; its comment stands last and dim."""
    if held := table.lookups().get(name):
        written = write_value.elements(elements, held.key_type, held.data_type)
        colour = COLOURS[Action(sign)]
        yield from (f"{click.style(sign, fg=colour)} {printable(each)}" for each in written)


def _more(number: int, what: str = "") -> str:
    return click.style(f"… and {number} more{what} (--full)", dim=True)
