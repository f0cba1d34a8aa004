"""The commands that items are made of, as values.

In: single commands in the words of `ip`, `nft`, `sysctl` and files. Out: one POSIX shell script that runs them in
order, many in one call of the tool. Never runs anything, never lets a value become shell: every text travels quoted
or in a here-document whose end mark cannot occur in it.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias

from warren.desired.account import as_user, keep_stamp

END = "WARREN-END-OF-INPUT"
# What the system manager reads, and how it is told.
UNITS = "/etc/systemd/system/"
RELOAD = "systemctl daemon-reload"
# So many users' units are started at the same time.
AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Ip:
    """One line of `ip -batch`; `netns` names a namespace, `family` is 4 or 6 where the words do not tell."""

    line: str
    netns: str | None = None
    family: int | None = None


@dataclass(frozen=True, slots=True)
class Nft:
    """One transaction of `nft -f`."""

    text: str


@dataclass(frozen=True, slots=True)
class Sh:
    """One line of shell, for what no batch tool does; its maker has quoted every value."""

    line: str


@dataclass(frozen=True, slots=True)
class Ctl:
    """One line of shell with systemctl(1) in it; the manager has read every file that was written before."""

    line: str


@dataclass(frozen=True, slots=True)
class Feed:
    """One command that gets a secret as its standard input, from the file `name` of the folder `$WARREN_SECRETS`."""

    name: str
    line: str


@dataclass(frozen=True, slots=True)
class Start:
    """A unit of a user's manager is started, or started anew; `digest` is remembered once it runs."""

    user: str
    uid: int
    unit: str
    digest: str


@dataclass(frozen=True, slots=True)
class SetSysctl:
    """`sysctl -w` in the host or in a namespace; `fallback` is the value where the kernel refuses `value`."""

    key: str
    value: str
    netns: str | None = None
    fallback: str | None = None


@dataclass(frozen=True, slots=True)
class Write:
    """A whole file, written beside and renamed over; `mode` is octal.

    One that is written `in_place` keeps its inode, for those who have it bound elsewhere (mount(8), bind mounts).
    """

    path: str
    content: str
    mode: int = 0o644
    group: str = "root"
    in_place: bool = False


@dataclass(frozen=True, slots=True)
class Remove:
    """A file goes, and its folder when nothing else is in it."""

    path: str


Step: TypeAlias = Ip | Nft | Sh | Ctl | Feed | Start | SetSysctl | Write | Remove


def script(steps: Iterable[Step], traced: bool = False) -> str:
    """The steps in their order as one script that stops at the first failure and names the step on stderr.

    A `traced` one calls `reached N`, which whoever runs it defines, before it does the steps below N.
    """
    lines = ["set -eu", "umask 022", "at=0", "trap '[ $? -eq 0 ] || echo \"warren: failed at step $at\" >&2' EXIT"]
    number, stale = 0, False
    for _, group in groupby(steps, key=_group_key):
        batch = list(group)
        lines.append(f"at={number}; reached {number + len(batch)}" if traced else f"at={number}")
        if stale and isinstance(batch[0], Ctl):
            lines.append(RELOAD)
        stale = _is_stale(batch[0], stale)
        lines.extend(_render(batch))
        number += len(batch)
    return "\n".join([*lines, *([RELOAD] if stale else [])]) + "\n"


def _is_stale(step: Step, before: bool) -> bool:
    """Whether the system manager has not read all of its files once a step is done."""
    if isinstance(step, Write | Remove):
        return before or step.path.startswith(UNITS)
    return before and not isinstance(step, Ctl)


def _group_key(step: Step) -> tuple[object, ...]:
    if isinstance(step, Ip):
        return ("ip", step.netns, step.family)
    if isinstance(step, SetSysctl):
        return ("sysctl", step.netns)
    if isinstance(step, Start):
        return ("start",)
    return (id(step),)


def _render(batch: list[Step]) -> Iterator[str]:
    first = batch[0]
    if isinstance(first, Ip):
        options = "".join(
            [f" -{first.family}" if first.family else "", f" -n {shlex.quote(first.netns)}" if first.netns else ""]
        )
        yield _document(f"ip{options} -batch -", "\n".join(s.line for s in batch if isinstance(s, Ip)))
    elif isinstance(first, SetSysctl):
        yield _sysctl(first.netns, [s for s in batch if isinstance(s, SetSysctl)])
    elif isinstance(first, Nft):
        yield _document("nft -f -", first.text)
    elif isinstance(first, Write):
        yield from _write(first)
    elif isinstance(first, Remove):
        yield _remove(first)
    elif isinstance(first, Start):
        yield from starting([s for s in batch if isinstance(s, Start)])
    elif isinstance(first, Feed):
        # Podman takes a secret from a pipe only.
        yield f'cat "${{WARREN_SECRETS:?}}"/{shlex.quote(first.name)} | {first.line}'
    else:
        yield first.line


def _sysctl(netns: str | None, settings: list[SetSysctl]) -> str:
    inside = f"ip netns exec {shlex.quote(netns)} " if netns else ""
    first = " ".join(shlex.quote(f"{s.key}={s.value}") for s in settings)
    if not any(s.fallback for s in settings):
        return f"{inside}sysctl -q -w {first}"
    second = " ".join(shlex.quote(f"{s.key}={s.fallback or s.value}") for s in settings)
    return f"{inside}sysctl -q -w {first} 2>/dev/null || {inside}sysctl -q -w {second}"


def _write(step: Write) -> Iterator[str]:
    path, new = shlex.quote(step.path), shlex.quote(step.path + ".warren-new")
    group = "" if step.group == "root" else f"chgrp {shlex.quote(step.group)} {new} && "
    yield f"mkdir -p {shlex.quote(step.path.rsplit('/', 1)[0])}"
    yield _document(f"(umask 077; cat > {new})", step.content.removesuffix("\n"))
    if step.in_place:
        yield f"[ -e {path} ] || : > {path}; chmod {step.mode:04o} {path} && cat {new} > {path} && rm -f {new}"
    else:
        yield f"{group}chmod {step.mode:04o} {new} && mv -f {new} {path}"


def _remove(step: Remove) -> str:
    path, folder = shlex.quote(step.path), shlex.quote(step.path.rsplit("/", 1)[0])
    return f"rm -f {path}; rmdir {folder} 2>/dev/null || :"


def starting(steps: Iterable[Start]) -> Iterator[str]:
    """All units of a user in one call, so that systemd orders them; the users at the same time, some at once.

    What does not start is named, and the others are not kept from it.
    """
    users: dict[tuple[str, int], list[Start]] = {}
    for step in steps:
        users.setdefault((step.user, step.uid), []).append(step)
    yield "bad="
    calls = list(users.items())
    for first in range(0, len(calls), AT_ONCE):
        batch = calls[first : first + AT_ONCE]
        for number, ((user, uid), held) in enumerate(batch):
            units = " ".join(shlex.quote(each.unit) for each in held)
            ready = as_user(user, uid, "systemctl --user daemon-reload")
            start = as_user(user, uid, f"systemctl --user restart {units}")
            stamps = " && ".join(keep_stamp(f"user/{uid}/{each.unit}", each.digest) for each in held)
            yield f"{{ {ready} && {start} && {stamps}; }} & p{number}=$!"
        for number, ((user, _), _) in enumerate(batch):
            yield f'wait $p{number} || bad="$bad {user}"'
    yield '[ -z "$bad" ] || { echo "warren: did not start:$bad; \\`warren logs\\` says why" >&2; false; }'


def _document(command: str, text: str) -> str:
    mark = END
    while mark in text:
        mark += "-OUTSIDE"
    return f"{command} <<'{mark}'\n{text}\n{mark}" if text else f"{command} <<'{mark}'\n{mark}"
