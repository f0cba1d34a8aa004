"""Drawings as SVG: rectangles, circles, lines, paths, texts, and groups of them with a tooltip.

In: typed elements with their places, and a style with colours for light and for dark. Out: one self-contained SVG text,
the same for the same drawing. Never loads a font, a script or an image.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias, assert_never
from unicodedata import east_asian_width

KIND = re.compile(r"[a-z][a-z0-9-]*\Z")
COLOUR = re.compile(r"#[0-9a-f]{3,8}\Z|none\Z|transparent\Z")
SANS = "ui-sans-serif,system-ui,'Segoe UI',Roboto,'Liberation Sans',sans-serif"
MONO = "ui-monospace,'SF Mono','DejaVu Sans Mono','Liberation Mono',monospace"

Point: TypeAlias = tuple[float, float]
Element: TypeAlias = "Rect | Circle | Line | Path | Text | Group"


class Anchor(StrEnum):
    """Which part of a text stands at its place."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


class Head(StrEnum):
    """Which ends of a line have an arrow's head."""

    NONE = "none"
    END = "end"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle; its corners are rounded by `radius`."""

    x: float
    y: float
    width: float
    height: float
    radius: float = 0
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle around a point."""

    x: float
    y: float
    radius: float
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line."""

    start: Point
    end: Point
    head: Head = Head.NONE
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Path:
    """A line through points; where it turns, the corner is rounded by at most `radius`."""

    points: tuple[Point, ...]
    radius: float = 0
    head: Head = Head.NONE
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text on the baseline `y`."""

    x: float
    y: float
    text: str
    anchor: Anchor = Anchor.START
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Elements that belong together; `title` is shown when the pointer rests on one of them."""

    children: tuple[Element, ...]
    title: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Colour:
    """A named colour by day and by night."""

    name: str
    light: str
    dark: str


@dataclass(frozen=True, slots=True)
class Look:
    """How one kind of element is drawn; `fill` and `stroke` name colours or are `none`."""

    kind: str
    fill: str | None = None
    stroke: str | None = None
    width: float | None = None
    dash: tuple[float, ...] = ()
    size: float | None = None
    bold: bool = False
    mono: bool = False


@dataclass(frozen=True, slots=True)
class Style:
    """Every colour and every look. The colours `paper` and `ink` are the drawing's ground and its text."""

    colours: tuple[Colour, ...] = (Colour("paper", "#ffffff", "#14161a"), Colour("ink", "#1c1f24", "#e6e8eb"))
    looks: tuple[Look, ...] = ()


@dataclass(frozen=True, slots=True)
class Drawing:
    """A whole picture; `title` and `description` are read aloud by screen readers."""

    width: float
    height: float
    elements: tuple[Element, ...]
    style: Style = Style()
    title: str = ""
    description: str = ""


def write(drawing: Drawing) -> str:
    """The text of the picture, ending in a line break."""
    size = f'width="{number(drawing.width)}" height="{number(drawing.height)}"'
    box = f'viewBox="0 0 {number(drawing.width)} {number(drawing.height)}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box} role="img">',
        *(f"<{tag}>{escape(text)}</{tag}>" for tag, text in _words(drawing) if text),
        "<style>",
        *_css(drawing.style),
        "</style>",
        *_markers(drawing.elements),
        f'<rect class="paper" {size}/>',
        *(line for element in drawing.elements for line in _element(element)),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def escape(text: str) -> str:
    """Text as it stands between tags and in attributes; what XML cannot hold becomes U+FFFD."""
    # XML 1.0 has no way to write these, and one of them makes the whole picture unreadable.
    sound = re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)
    for letter, written in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        sound = sound.replace(letter, written)
    return sound


def number(value: float) -> str:
    """A number with at most two digits behind the point."""
    written = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if written in ("-0", "") else written


def text_width(text: str, size: float) -> float:
    """About how wide a text will be in the sans-serif fonts; a little more rather than less."""
    return size * sum(1.0 if east_asian_width(letter) in "WF" else 0.58 for letter in text)


def _words(drawing: Drawing) -> tuple[tuple[str, str], ...]:
    return ("title", drawing.title), ("desc", drawing.description)


# ── style ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _css(style: Style) -> Iterator[str]:
    colours = [(_kind(c.name), _colour(c.light), _colour(c.dark)) for c in style.colours]
    light = {name: value for name, value, _ in colours}
    ink, paper = _paint("fill", "ink", light), _paint("fill", "paper", light)
    yield "svg{" + "".join(f"--{name}:{value};" for name, value in light.items()) + "color-scheme:light dark}"
    yield "@media (prefers-color-scheme:dark){svg{" + "".join(f"--{n}:{dark};" for n, _, dark in colours) + "}}"
    yield f"text{{font-family:{SANS};font-size:13px;{ink}}}"
    yield f"rect,circle{{{paper};{_paint('stroke', 'ink', light)}}}"
    yield f"line,path{{fill:none;{_paint('stroke', 'ink', light)}}}"
    yield f".paper{{{paper};stroke:none}}"
    yield f".head{{{ink};stroke:none}}"
    for look in style.looks:
        yield f".{_kind(look.kind)}{{{';'.join(_declarations(look, light))}}}"
        if look.stroke and look.stroke != "none":
            yield f".head-{look.kind}{{{_paint('fill', look.stroke, light)}}}"


def _paint(what: str, colour: str, light: Mapping[str, str]) -> str:
    """A named colour; before it the same for viewers that know no variables, such as librsvg and Inkscape."""
    if colour == "none":
        return f"{what}:none"
    if colour not in light:
        raise ValueError(f"there is no colour {colour!r}")
    return f"{what}:{light[colour]};{what}:var(--{colour})"


def _declarations(look: Look, light: Mapping[str, str]) -> Iterator[str]:
    if look.fill:
        yield _paint("fill", look.fill, light)
    if look.stroke:
        yield _paint("stroke", look.stroke, light)
    if look.width is not None:
        yield f"stroke-width:{number(look.width)}"
    if look.dash:
        yield "stroke-dasharray:" + " ".join(map(number, look.dash))
    if look.size is not None:
        yield f"font-size:{number(look.size)}px"
    if look.bold:
        yield "font-weight:600"
    if look.mono:
        yield f"font-family:{MONO}"


def _kind(name: str) -> str:
    if not KIND.match(name):
        raise ValueError(f"{name!r} cannot name a kind or a colour")
    return name


def _colour(value: str) -> str:
    if not COLOUR.match(value):
        raise ValueError(f"{value!r} is not a colour")
    return value


def _class(kind: str | None) -> str:
    return f' class="{_kind(kind)}"' if kind else ""


# ── elements ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _element(element: Element) -> Iterator[str]:
    match element:
        case Rect(x, y, width, height, radius, kind):
            rounded = f' rx="{number(radius)}"' if radius else ""
            place = f'x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"'
            yield f"<rect {place}{rounded}{_class(kind)}/>"
        case Circle(x, y, radius, kind):
            yield f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"{_class(kind)}/>'
        case Line(start, end, head, kind):
            place = f'x1="{number(start[0])}" y1="{number(start[1])}" x2="{number(end[0])}" y2="{number(end[1])}"'
            yield f"<line {place}{_class(kind)}{_heads(head, kind)}/>"
        case Path(points, radius, head, kind):
            yield f'<path d="{_route(points, radius)}"{_class(kind)}{_heads(head, kind)}/>'
        case Text(x, y, text, anchor, kind):
            aligned = f' text-anchor="{anchor}"' if anchor != Anchor.START else ""
            yield f'<text x="{number(x)}" y="{number(y)}"{aligned}{_class(kind)}>{escape(text)}</text>'
        case Group(children, title, kind):
            yield f"<g{_class(kind)}>"
            if title:
                yield f"<title>{escape(title)}</title>"
            yield from (line for child in children for line in _element(child))
            yield "</g>"
        case _:
            assert_never(element)


def _route(points: tuple[Point, ...], radius: float) -> str:
    """Straight pieces; each corner becomes a curve that starts and ends `radius` away from it, or half a piece."""
    if len(points) < 2:
        raise ValueError("a path needs two points")
    steps = [f"M{_pair(points[0])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        if radius:
            steps.append(f"L{_pair(_towards(corner, before, radius))}")
            steps.append(f"Q{_pair(corner)} {_pair(_towards(corner, after, radius))}")
        else:
            steps.append(f"L{_pair(corner)}")
    return " ".join([*steps, f"L{_pair(points[-1])}"])


def _towards(start: Point, end: Point, distance: float) -> Point:
    across, down = end[0] - start[0], end[1] - start[1]
    length = (across**2 + down**2) ** 0.5
    share = min(distance / length, 0.5) if length else 0
    return start[0] + across * share, start[1] + down * share


def _pair(point: Point) -> str:
    return f"{number(point[0])},{number(point[1])}"


# ── arrows ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _heads(head: Head, kind: str | None) -> str:
    mark = f'url(#{_marker(kind)})"'
    start = f' marker-start="{mark}' if head == Head.BOTH else ""
    end = f' marker-end="{mark}' if head != Head.NONE else ""
    return start + end


def _marker(kind: str | None) -> str:
    return f"arrow-{kind}" if kind else "arrow"


def _markers(elements: Iterable[Element]) -> Iterator[str]:
    """One head for each kind of line: a head cannot take its line's colour in every viewer."""
    kinds = sorted({kind or "" for kind in _arrow_kinds(elements)})
    if not kinds:
        return
    yield "<defs>"
    for kind in kinds:
        look = f"head head-{kind}" if kind else "head"
        place = 'viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse"'
        yield f'<marker id="{_marker(kind)}" {place}><path class="{look}" d="M0,0 L10,5 L0,10 z"/></marker>'
    yield "</defs>"


def _arrow_kinds(elements: Iterable[Element]) -> Iterator[str | None]:
    for element in elements:
        if isinstance(element, Group):
            yield from _arrow_kinds(element.children)
        elif isinstance(element, Line | Path) and element.head != Head.NONE:
            yield element.kind
