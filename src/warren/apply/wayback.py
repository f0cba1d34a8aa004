"""The script that leads a host back from any point of a change.

In: the changes of both halves with their places in them. Out: shell that undoes what was begun, in two parts: what is
taken away before the files go back, and what is put again once they are. Never relies on how far it came: each undo
may fail, because the kernel's part is made from the old state and compared with it in the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from warren.desired.boot import KERNEL
from warren.desired.items.file import File
from warren.desired.items.image import Image
from warren.desired.items.login import Login
from warren.desired.items.running import Running
from warren.desired.items.secret import Secret
from warren.desired.items.session import Session
from warren.desired.model import HostState, of_kind
from warren.desired.steps import Step, script
from warren.plan.model import Action, Change

# Copies of their files bring them back, whatever runs.
BY_COPY = (File, Secret)
# After a restart they are as the old files say, or not there yet.
NOT_AT_BOOT = (*KERNEL, Image, Running, Session)


@dataclass(frozen=True, slots=True)
class Placed:
    """A change with the half that it is in and the number of its first step there."""

    change: Change
    half: str
    start: int


def way_back(first_start: int, first: Sequence[Change], second: Sequence[Change], before: HostState) -> str:
    """The whole script; `first_start` is the number of steps before those of the first change."""
    placed = [*_placed("first", first, first_start), *_placed("second", second, 0)]
    away = "".join(_block(each, _taking_away(each.change)) for each in reversed(placed))
    again = "".join(_block(each, _putting_again(each.change)) for each in sorted(placed, key=_rank))
    return (
        ". /var/lib/warren/pending/remote.sh\nexport WARREN_SECRETS=/run/warren/secrets\n"
        f"take_away() {{\n:\n{away}}}\nput_again() {{\n:\n{again}}}\n"
        f"enter_anew() {{\n:\n{_entering(before)}}}\ngoing_back\n"
    )


def _entering(before: HostState) -> str:
    """Namespaces that had to be made anew are strange to the managers that ran in them."""
    steps = [step for session in of_kind(before, Session) for step in session.create()]
    return f"(\n{script(steps)}) || :\n" if steps else ""


def _placed(half: str, changes: Iterable[Change], start: int) -> Iterator[Placed]:
    for change in changes:
        yield Placed(change, half, start)
        start += len(change.steps)


def _rank(placed: Placed) -> int:
    return placed.change.item.rank


def _taking_away(change: Change) -> tuple[Step, ...]:
    """What has come goes; what differs in the kernel differs back."""
    item, old = change.item, change.old
    if isinstance(item, BY_COPY):
        return ()
    if change.action is Action.ADD:
        return item.remove()
    if change.action is Action.CHANGE and isinstance(item, KERNEL) and old and change.new:
        return _writable(lambda: old.change(item))
    return ()


def _putting_again(change: Change) -> tuple[Step, ...]:
    """What has gone, or runs by other files; the kernel's part is put again as a whole."""
    item, old = change.item, change.old
    if old is None or isinstance(item, (*BY_COPY, *KERNEL, Login)):
        return ()
    return old.create() if change.action is Action.REMOVE else old.change(item)


def _writable(make: Callable[[], tuple[Step, ...]]) -> tuple[Step, ...]:
    """Rules that were made by hand can be in words that we cannot write; then the whole table is put again."""
    try:
        return make()
    except ValueError:
        return ()


def _block(placed: Placed, steps: tuple[Step, ...]) -> str:
    if not steps:
        return ""
    asleep = '[ -z "$booting" ] && ' if isinstance(placed.change.item, NOT_AT_BOOT) else ""
    return f"{asleep}was_reached {placed.half} {placed.start} && (\n{script(steps)}) || :\n"
