"""Names that a shell completes: those of the file that the command would read.

In: what was typed so far. Out: words that may stand there. Never a complaint: a file that cannot be read has no names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from warren.formats.yaml12_tree import Node

Complete = Callable[[click.Context, click.Parameter, str], list[str]]
DEFAULT_FILE = Path("warren.yaml")
OUTSIDE = ("internet",)
BESIDES = ("internet", "internet2", "server")


def hosts(ctx: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """The hosts of the file."""
    return _fitting(_keys(ctx, "hosts"), ctx, parameter, begun)


def services(ctx: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """The services of the file."""
    return _fitting(_keys(ctx, "services"), ctx, parameter, begun)


def doors(ctx: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """Services and hosts: where a command can be run."""
    return _fitting((*_keys(ctx, "services"), *_keys(ctx, "hosts")), ctx, parameter, begun)


def ends(ctx: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """Where a connection may begin and end; behind a service and its dot, its ports."""
    service, dot, _ = begun.partition(".")
    if dot:
        ports = _keys(ctx, "services", service, "ports")
        return _fitting((f"{service}.{port}" for port in ports), ctx, parameter, begun)
    there = _keys(ctx, "hosts")
    return _fitting((*_keys(ctx, "services"), *there, *OUTSIDE, *_prefixed("lan:", there)), ctx, parameter, begun)


def places(ctx: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """The places of a lab."""
    there = _keys(ctx, "hosts")
    around = (*BESIDES, *_prefixed("lan:", there), *_prefixed("router:", there))
    return _fitting((*_keys(ctx, "services"), *there, *around), ctx, parameter, begun)


def labs(ctx: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """The labs that run."""
    from warren.lab.lab import labs

    return _fitting((each.name for each in labs()), ctx, parameter, begun)


def _prefixed(prefix: str, names: Iterable[str]) -> Iterator[str]:
    return (f"{prefix}{name}" for name in names)


def _fitting(names: Iterable[str], ctx: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """What begins so; where several may stand, none twice."""
    taken = ctx.params.get(parameter.name or "") if parameter.nargs == -1 else ()
    return [name for name in names if name.startswith(begun) and name not in (taken or ())]


def _keys(ctx: click.Context, *path: str) -> tuple[str, ...]:
    """The keys below a path of the file, or none."""
    from warren import source
    from warren.basis.diagnostic import Refused
    from warren.formats.yaml12 import parse

    try:
        document = source.read(_file(ctx))
        node: Node | None = parse(document.text, document.name)
    except Refused:
        return ()
    for key in path:
        node = _below(node, key)
    return tuple(each.key for each in getattr(node, "entries", ()))


def _below(node: Node | None, key: str) -> Node | None:
    return next((each.node for each in getattr(node, "entries", ()) if each.key == key), None)


def _file(ctx: click.Context) -> Path:
    """As a command finds it; nothing has run yet that would have kept it."""
    own, before = ctx.params.get("path"), ctx.find_root().params.get("file")
    return Path(before if before and own in (None, DEFAULT_FILE) else own or DEFAULT_FILE)
