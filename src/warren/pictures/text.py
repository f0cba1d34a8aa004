"""The network as a picture of letters: the Internet above, gateways, tunnels, homes, and who may talk to whom.

In: a topology and the width of the terminal. Out: lines without colour, none wider than asked where names allow it.
Never asks what the terminal can show: the caller says `ascii`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from warren.pictures import gutter, needs
from warren.pictures.boxes import flow
from warren.pictures.gutter import Block, Row
from warren.pictures.lines import between, framed, packed
from warren.pictures.scene import Door, Scene, Spot, scene
from warren.topology.model import Topology

NARROWEST = 48
# Longer lists of sources stand on a line of their own.
LONG = 32
# Letter by letter, so that nothing moves.
PLAIN = str.maketrans(
    {
        letter: plain
        for letters, plain in {
            "─": "-",
            "━": "=",
            "│┃┫": "|",
            "┌┐└┘├┬╭╮╰╯┏┓┗┛": "+",
            "═║╔╚╠╬╩╦": "#",
            "▶▸": ">",
            "●": "*",
            "○": "o",
            "◐": "@",
            "·": ".",
            "…": "~",
        }.items()
        for letter in letters
    }
)


def draw(topology: Topology, width: int = 100, ascii: bool = False) -> str:
    """The picture, ending in a line break; `ascii` for terminals that know nothing else."""
    seen = scene(topology)
    width = max(width, NARROWEST)
    lines = [*_network(seen, width), *_legend(seen, width), *_needs(seen, width)]
    text = "\n".join(line.rstrip() for line in lines) + "\n"
    return text.translate(PLAIN) if ascii else text


def _network(seen: Scene, width: int) -> Iterator[str]:
    inner = width - gutter.width(len(seen.gateways))
    yield from _internet(seen, width)
    blocks = [_block(seen, spot, inner) for spot in seen.spots]
    yield from gutter.beside(blocks, [spot.name for spot in seen.gateways])


def _internet(seen: Scene, width: int) -> Iterator[str]:
    yield "╭──────────╮"
    yield between("│ Internet │", seen.title, width)
    yield "╰─┬────────╯" if seen.gateways else "╰──────────╯"


def _block(seen: Scene, spot: Spot, width: int) -> Block:
    """A host: its doors first, where the Internet and the tunnels arrive, then its boxes."""
    inside = [*_doors(spot, width - 4), *flow(spot.boxes, width - 4, spot.name)]
    joins = tuple(gateway for gateway, dialer in seen.tunnels if dialer == spot.name)
    starts = spot.name if any(gateway == spot.name for gateway, _ in seen.tunnels) else None
    inside += [""] * (bool(spot.public) + bool(joins) + bool(starts) - len(inside))
    # The Internet's arrow, tunnels that arrive and the one that leaves have a row each, in this order.
    events = [
        *([Row("", internet=True)] if spot.public else []),
        *([Row("", joins=joins)] if joins else []),
        *([Row("", starts=starts)] if starts else []),
    ]
    lines = list(framed(_name(spot), _addresses(spot), inside, width))
    first = [replace(event, line=line) for event, line in zip(events, lines[1:], strict=False)]
    return Block((Row(lines[0]), *first, *map(Row, lines[1 + len(first) :])))


def _name(spot: Spot) -> str:
    return f"{spot.name} · gateway" if spot.public else spot.name


def _addresses(spot: Spot) -> str:
    if spot.public:
        return "  ".join(spot.public)
    return "  ".join(f"{_lan(lan.name)} {' '.join(lan.prefixes)}" for lan in spot.lans)


def _lan(name: str) -> str:
    return "LAN" if name == "lan" else f"LAN {name}"


def _doors(spot: Spot, width: int) -> Iterator[str]:
    """The ways in: from the Internet, then from each LAN."""
    for lan in (None, *(one.name for one in spot.lans)):
        labels = [_door(door) for door in spot.doors if door.lan == lan]
        if labels:
            head = _lan(lan) + "  " if lan else ""
            yield from packed(head, labels, width)


def _door(door: Door) -> str:
    remarks = [remark for remark in door.remarks if remark != "https"]
    aside = f" ({', '.join(remarks)})" if remarks else ""
    return f"{door.label} ▸ {door.service}.{door.slot}{aside}"


def _legend(seen: Scene, width: int) -> Iterator[str]:
    slots = [slot for spot in seen.spots for box in spot.boxes for slot in box.slots]
    marks = [
        (any(slot.public and not slot.lan for slot in slots), "● open to the Internet"),
        (any(slot.lan and not slot.public for slot in slots), "○ open to a LAN"),
        (any(slot.public and slot.lan for slot in slots), "◐ open to both"),
        (any(box.egress for spot in seen.spots for box in spot.boxes), "▸ the way out"),
        (bool(seen.tunnels), "═ WireGuard"),
    ]
    if used := [text for shown, text in marks if shown]:
        yield ""
        yield from packed("  ", used, width)


def _needs(seen: Scene, width: int) -> Iterator[str]:
    rows = [(", ".join(sources), targets) for sources, targets in needs.lines(seen)]
    if not rows:
        return
    yield ""
    yield "  Who may talk to whom; all else is closed"
    margin = max((len(sources) for sources, _ in rows if len(sources) <= LONG), default=8)
    for sources, targets in rows:
        if len(sources) > LONG:
            yield from packed("    ", sources.split(" "), width, " ")
            sources = ""
        yield from packed(f"    {sources:>{margin}} ─▶ ", targets, width)
