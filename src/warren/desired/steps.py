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

END = "WARREN-END-OF-INPUT"


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
class SetSysctl:
    """`sysctl -w` in the host or in a namespace; `fallback` is the value where the kernel refuses `value`."""

    key: str
    value: str
    netns: str | None = None
    fallback: str | None = None


@dataclass(frozen=True, slots=True)
class Write:
    """A whole file, written beside and renamed over; `mode` is octal."""

    path: str
    content: str
    mode: int = 0o644


Step: TypeAlias = Ip | Nft | Sh | SetSysctl | Write


def script(steps: Iterable[Step]) -> str:
    """The steps in their order as one script that stops at the first failure and names the step on stderr."""
    lines = ["set -eu", "umask 022", "at=0", "trap '[ $? -eq 0 ] || echo \"warren: failed at step $at\" >&2' EXIT"]
    number = 0
    for _, group in groupby(steps, key=_group_key):
        lines.append(f"at={number}")
        batch = list(group)
        lines.extend(_render(batch))
        number += len(batch)
    return "\n".join(lines) + "\n"


def _group_key(step: Step) -> tuple[object, ...]:
    if isinstance(step, Ip):
        return ("ip", step.netns, step.family)
    if isinstance(step, SetSysctl):
        return ("sysctl", step.netns)
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
    yield f"mkdir -p {shlex.quote(step.path.rsplit('/', 1)[0])}"
    yield _document(f"(umask 077; cat > {new})", step.content.removesuffix("\n"))
    yield f"chmod {step.mode:04o} {new} && mv -f {new} {path}"


def _document(command: str, text: str) -> str:
    if END in text:
        raise ValueError("the text holds the end mark of a here-document")
    return f"{command} <<'{END}'\n{text}\n{END}" if text else f"{command} <<'{END}'\n{END}"
