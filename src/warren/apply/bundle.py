"""All that a host must have before anything on it is touched: the change, the way back, and what is checked there.

In: a host's plan, the state before it and the one after. Out: files by name, as text. Never an effect, never the value
of a secret: those travel beside the bundle.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from warren.apply import ownership
from warren.apply.wayback import way_back
from warren.desired import record
from warren.desired.boot import converge, dismantle
from warren.desired.items.file import QUADLETS, File
from warren.desired.items.image import Image
from warren.desired.items.login import STACKS, Login
from warren.desired.items.rules import Rules
from warren.desired.items.secret import Secret, file_of, store
from warren.desired.items.session import LINGER, Session
from warren.desired.items.user import User
from warren.desired.model import HostState, Item, of_kind
from warren.desired.steps import UNITS, Nft, Step, script
from warren.observe import OWNED, Observed
from warren.plan.model import Action, Change, HostPlan

PENDING = "/var/lib/warren/pending"
PAM = tuple(
    f"/var/lib/pam/{name}" for name in ("account", "auth", "password", "session", "session-noninteractive", "seen")
)
# What opens nothing while it stands, and could not be brought back without a network, goes once all is confirmed.
LAST = (User, Image, Secret)


@dataclass(frozen=True, slots=True)
class Order:
    """What all hosts of one change share: its name, who makes it, the number that it will have, and it in words.

    `changes` are those of one host, for whoever wants to know more than words.
    """

    change: str
    who: str
    generation: int
    summary: str
    hosts: int = 1
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bundle:
    """`files` lie under `PENDING`; `halves` are those parts of the change that have anything to do."""

    files: Mapping[str, str]
    halves: tuple[str, ...]


def is_last(change: Change) -> bool:
    """Whether a change is made only once every host has confirmed."""
    return change.action is Action.REMOVE and isinstance(change.item, LAST)


def bundle(plan: HostPlan, desired: HostState, before: Observed, order: Order) -> Bundle:
    """Everything for one host."""
    wanted, known = ownership.remembered(desired), before.owned
    last = [change for change in plan.removals if is_last(change)]
    kept = wanted | {change.key for change in last}
    opening, closing = ownership.before(wanted, known), ownership.after(kept, known)
    going = [change for change in plan.removals if not is_last(change)]
    halves = {
        "first": [*opening, *_steps(plan.additions)],
        "second": [*_steps(going), *closing],
        "after": [*_steps(last), *(ownership.after(wanted, kept) if last else [])],
    }
    files = {
        "change.sh": _change(halves),
        "back.sh": way_back(len(opening), plan.additions, going, before.state),
        "old.sh": _old(before.state),
        "dismantle.sh": dismantle(HostState({**before.state.items, **desired.items})),
        "touched": _touched([*plan.additions, *going]),
        **_checked(plan.additions, [*halves["first"], *halves["second"]]),
        **({"has-after": ""} if halves["after"] else {}),
        **_memory(desired, order),
    }
    return Bundle(files, tuple(half for half in ("first", "second") if halves[half]))


def _steps(changes: Iterable[Change]) -> list[Step]:
    return [step for change in changes for step in change.steps]


def _old(state: HostState) -> str:
    """The kernel's part as it was. Rules made by hand in words that we cannot write go back as nft listed them."""
    strange = [rules for rules in of_kind(state, Rules) if not _is_writable(rules)]
    kept = {key: item for key, item in state.items.items() if item not in strange}
    again = (
        f"printf 'table inet {name}\\ndelete table inet {name}\\n' | cat - {PENDING}/{name}.table | nft -f -\n"
        for name in (rules.table.name for rules in strange)
    )
    return "".join(again) + converge(HostState(kept))


def _is_writable(rules: Rules) -> bool:
    try:
        return bool(rules.create())
    except ValueError:
        return False


def _change(halves: Mapping[str, list[Step]]) -> str:
    """A part is a shell of its own: that it ends at the first failure must not end the telling of it."""
    parts = "".join(f"{name}() (\n{script(steps, traced=True)})\n" for name, steps in halves.items())
    return f'. {PENDING}/remote.sh\nexport WARREN_SECRETS=/run/warren/secrets\n{parts}carry_out "$1"\n'


def _touched(changes: Iterable[Change]) -> str:
    """`how <tab> path` of every file that the change may leave different."""
    paths: dict[str, str] = {OWNED: "file"}
    for change in changes:
        paths.update(_paths(change.old), **_paths(change.new))
    return "".join(f"{how}\t{path}\n" for path, how in paths.items())


def _paths(item: Item | None) -> dict[str, str]:
    if isinstance(item, File):
        return {item.path: "in-place" if item.in_place else "file"}
    return dict.fromkeys(_of_others(item), "file")


def _of_others(item: Item | None) -> Iterator[str]:
    """Files that programs keep for us, and that say more than the way back through the program could."""
    if isinstance(item, Secret):
        yield from (file_of(item.user, item.name),) if item.as_file else _stored(item.user)
        yield item.remembered
    elif isinstance(item, Session):
        yield f"{LINGER}/{item.user}"
    elif isinstance(item, Login):
        yield from (*STACKS, *PAM)


def _stored(user: str) -> Iterator[str]:
    listed = store(user)
    yield listed
    yield f"{listed.rpartition('/')[0]}/filedriver/secretsdata.json"


def _checked(changes: Iterable[Change], steps: Iterable[Step]) -> dict[str, str]:
    """What its own program judges before it is used."""
    tables = [step.text for step in steps if isinstance(step, Nft)]
    files = {f"check/{number}.nft": f"{text}\n" for number, text in enumerate(tables)}
    for change in changes:
        if isinstance(change.new, File) and (name := _check_name(change.new.path)):
            files[name] = change.new.content
    return files


def _check_name(path: str) -> str | None:
    if path.startswith(UNITS) and path.count("/") == UNITS.count("/"):
        return f"check/units/{path.removeprefix(UNITS)}"
    return f"check/quadlet/{path.removeprefix(QUADLETS)}" if path.startswith(QUADLETS) else None


def _memory(desired: HostState, order: Order) -> dict[str, str]:
    """What the host will remember of it: a line of the log without its end, and a generation."""
    named = {"generation": order.generation, "change": order.change, "who": order.who}
    entry = {**named, "summary": order.summary, "changes": order.changes}
    return {
        "who": f"{order.who}\n",
        "hosts": f"{order.hosts}\n",
        "entry": json.dumps(entry)[:-1],
        "generation-new": f"{order.generation}\n",
        "generation/state.json": record.text(desired),
    }
