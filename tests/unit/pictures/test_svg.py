"""The drawn picture: golden, well-formed, everything named, everything inside."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from tests.unit.pictures.networks import NETWORKS, assert_golden, worlds
from warren.pictures.svg import draw

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", NETWORKS)
def test_golden(name: str, accept: bool) -> None:
    assert_golden(f"{name}.svg", draw(NETWORKS[name]()), accept)


@pytest.mark.parametrize("name", NETWORKS)
def test_everything_is_inside(name: str) -> None:
    root = ElementTree.fromstring(draw(NETWORKS[name]()))
    width, height = (float(root.attrib[side]) for side in ("width", "height"))
    for rect in root.iter(f"{SVG}rect"):
        if rect.get("class") != "paper":
            assert float(rect.attrib["x"]) + float(rect.attrib["width"]) <= width
            assert float(rect.attrib["y"]) + float(rect.attrib["height"]) <= height


def test_everything_is_named() -> None:
    root = ElementTree.fromstring(draw(worlds()))
    texts = {text.text for text in root.iter(f"{SVG}text")}
    names = {"Internet", "vps · gateway", "home", "blog", "cloud", "db", "game", "the host itself", "LAN"}
    assert names <= texts
    assert {"12345/udp  · 20/s", "▸ game.play", "www.example.org", "sql 5432", "203.0.113.10"} <= texts


def test_the_pointer_tells_what_a_line_is() -> None:
    root = ElementTree.fromstring(draw(worlds()))
    titles = {title.text for title in root.iter(f"{SVG}title")}
    assert {"cloud ▸ db.sql", "WireGuard: home dials vps", "LAN lan ▸ 8080 ▸ cloud.web"} <= titles
