"""The Caddyfile, as values and as text (caddyserver.com/docs/caddyfile).

In: blocks of directives with arguments. Out: one text, every argument one token however it looks. Never an argument
that Caddy would take for a placeholder of the environment, but for texts that are marked as Caddy's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

# What is one token as it stands. A `{` that opens a placeholder is one, alone it would open a block.
PLAIN = re.compile(r"[A-Za-z0-9_./:*@%+~=,?&$\[\]()'!^|;<>-]+|\{[a-z_.>-]+\}")
FORBIDDEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Directive:
    """`name arguments { block }`; without a block there are no braces."""

    name: str
    arguments: tuple[str, ...] = ()
    block: tuple[Node, ...] | None = None


@dataclass(frozen=True, slots=True)
class Raw:
    """Lines in Caddy's own words, as the user wrote them."""

    text: str


Node: TypeAlias = Directive | Raw


@dataclass(frozen=True, slots=True)
class Block:
    """A site under its addresses; without addresses the global options."""

    addresses: tuple[str, ...]
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Caddyfile:
    """The global options and the sites, in order."""

    options: tuple[Node, ...]
    sites: tuple[Block, ...] = field(default_factory=tuple)


def directive(name: str, *arguments: str, block: Iterable[Node] | None = None) -> Directive:
    """A directive."""
    return Directive(name, arguments, None if block is None else tuple(block))


def write(file: Caddyfile) -> str:
    """The whole file, in the form that `caddy fmt` gives it."""
    parts = [_block("", file.options), *(_block(", ".join(site.addresses), site.nodes) for site in file.sites)]
    return "\n".join("".join(f"{line}\n" for line in part) for part in parts)


def token(text: str) -> str:
    """An argument as one token."""
    if FORBIDDEN.search(text) or "{$" in text:
        raise ValueError(f"a Caddyfile cannot hold {text!r}")
    if PLAIN.fullmatch(text) and not text.startswith("#"):
        return text
    if "`" not in text:
        return f"`{text}`"
    if "\\" in text:
        raise ValueError(f"a Caddyfile cannot hold {text!r}")
    return '"' + text.replace('"', '\\"') + '"'


def _block(head: str, nodes: Iterable[Node]) -> Iterator[str]:
    yield f"{head} {{".lstrip()
    yield from (f"\t{line}" if line else "" for node in nodes for line in _lines(node))
    yield "}"


def _lines(node: Node) -> Iterator[str]:
    if isinstance(node, Raw):
        yield from node.text.splitlines()
        return
    head = " ".join((node.name, *map(token, node.arguments)))
    if node.block is None:
        yield head
    else:
        yield from _block(head, node.block)
