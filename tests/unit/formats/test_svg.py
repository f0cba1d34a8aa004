"""The picture: golden, well-formed whatever the text, and without anything from outside."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warren.formats.svg import (
    Anchor,
    Circle,
    Colour,
    Drawing,
    Element,
    Group,
    Head,
    Line,
    Look,
    Path,
    Rect,
    Style,
    Text,
    escape,
    number,
    text_width,
    write,
)

STYLE = Style(
    (Colour("paper", "#ffffff", "#111111"), Colour("ink", "#111111", "#eeeeee"), Colour("sea", "#0055aa", "#66aaff")),
    (Look("tunnel", "none", "sea", 2, dash=(4, 2)), Look("name", size=11, bold=True, mono=True)),
)
NAMESPACE = "{http://www.w3.org/2000/svg}"


def body(*elements: Element) -> str:
    text = write(Drawing(100, 50.5, elements, STYLE, "A & B", "what it shows"))
    ElementTree.fromstring(text)
    return text.partition("</style>\n")[2]


def test_golden() -> None:
    group = Group((Rect(1, 2, 30, 20.456, 4), Text(5, 15, "a<b", Anchor.MIDDLE, "name")), "10.0.0.1", "host")
    path = Path(((0, 0), (10, 0), (10, 10)), 3, Head.BOTH, "tunnel")
    assert body(group, Circle(5, 5, 2), Line((0, 0), (1, 1), Head.END), path) == (
        """\
<defs>
<marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" """
        """orient="auto-start-reverse"><path class="head" d="M0,0 L10,5 L0,10 z"/></marker>
<marker id="arrow-tunnel" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" """
        """orient="auto-start-reverse"><path class="head head-tunnel" d="M0,0 L10,5 L0,10 z"/></marker>
</defs>
<rect class="paper" width="100" height="50.5"/>
<g class="host">
<title>10.0.0.1</title>
<rect x="1" y="2" width="30" height="20.46" rx="4"/>
<text x="5" y="15" text-anchor="middle" class="name">a&lt;b</text>
</g>
<circle cx="5" cy="5" r="2"/>
<line x1="0" y1="0" x2="1" y2="1" marker-end="url(#arrow)"/>
<path d="M0,0 L7,0 Q10,0 10,3 L10,10" class="tunnel" marker-start="url(#arrow-tunnel)" """
        """marker-end="url(#arrow-tunnel)"/>
</svg>
"""
    )


def test_colours_change_with_the_reader_s_choice() -> None:
    text = write(Drawing(1, 1, (), STYLE))
    assert "svg{--paper:#ffffff;--ink:#111111;--sea:#0055aa;color-scheme:light dark}" in text
    assert "@media (prefers-color-scheme:dark){svg{--paper:#111111;--ink:#eeeeee;--sea:#66aaff;}}" in text
    assert ".tunnel{fill:none;stroke:#0055aa;stroke:var(--sea);stroke-width:2;stroke-dasharray:4 2}" in text
    assert ".head-tunnel{fill:#0055aa;fill:var(--sea)}" in text


def test_nothing_comes_from_outside() -> None:
    text = write(Drawing(1, 1, (Line((0, 0), (1, 1), Head.END),), STYLE, "t", "d"))
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "") and "@import" not in text


def test_screen_readers_get_a_title() -> None:
    root = ElementTree.fromstring(write(Drawing(1, 1, (), STYLE, "A & B", "shows")))
    assert (root.findtext(f"{NAMESPACE}title"), root.findtext(f"{NAMESPACE}desc")) == ("A & B", "shows")


@given(st.text(st.characters()), st.text())
def test_any_text_stays_text(text: str, title: str) -> None:
    root = ElementTree.fromstring(write(Drawing(1, 1, (Group((Text(0, 0, text),), title),))).encode("utf-8"))
    shown = root.find(f"{NAMESPACE}g/{NAMESPACE}text")
    assert shown is not None and len(shown) == 0
    assert len((shown.text or "").replace("\n", "")) == len(
        text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "")
    )


def test_escape() -> None:
    assert escape('<a href="x">&\0') == "&lt;a href=&quot;x&quot;&gt;&amp;\ufffd"


@pytest.mark.parametrize(("value", "written"), [(1, "1"), (1.5, "1.5"), (1.006, "1.01"), (-0.001, "0"), (100, "100")])
def test_number(value: float, written: str) -> None:
    assert number(value) == written


def test_a_straight_path_and_one_without_length() -> None:
    assert 'd="M0,0 L1,0 L1,1"' in body(Path(((0, 0), (1, 0), (1, 1))))
    assert 'd="M0,0 L0,0 Q0,0 0.5,0 L1,0"' in body(Path(((0, 0), (0, 0), (1, 0)), 5))
    with pytest.raises(ValueError):
        body(Path(((0, 0),)))


@pytest.mark.parametrize(
    "drawing",
    [
        Drawing(1, 1, (Rect(0, 0, 1, 1, kind='x" onload="'),)),
        Drawing(1, 1, (), Style((Colour("x", "red;}", "#000000"),))),
        Drawing(1, 1, (), Style(looks=(Look("x", fill="nowhere"),))),
        Drawing(1, 1, (), Style(looks=(Look("}x{"),))),
    ],
)
def test_kinds_and_colours_are_checked(drawing: Drawing) -> None:
    with pytest.raises(ValueError):
        write(drawing)


def test_wide_letters_are_wide() -> None:
    assert text_width("網", 10) == 10
    assert text_width("", 10) == 0
    assert 5 < text_width("a", 10) < 7
