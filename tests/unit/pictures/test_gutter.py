"""The margin: lines start at their gateway, pass over each other, and end at the last that they reach."""

from __future__ import annotations

from warren.pictures.gutter import Block, Row, beside, width


def test_two_gateways_and_two_homes() -> None:
    first = Block((Row("┏━┓"), Row("┃1┃", internet=True), Row("┃ ┃", starts="a"), Row("┗━┛")))
    second = Block(
        (Row("┏━┓"), Row("┃2┃", internet=True), Row("┃ ┃", joins=("a",)), Row("┃ ┃", starts="b"), Row("┗━┛"))
    )
    third = Block((Row("┏━┓"), Row("┃3┃", joins=("a", "b")), Row("┗━┛")))
    fourth = Block((Row("┏━┓"), Row("┃4┃", joins=("b",)), Row("┗━┛")))
    assert list(beside([first, second, third, fourth], ["a", "b"])) == [
        "  │     ┏━┓",
        "  ├────▶┃1┃",
        "  │ ╔═══┫ ┃",
        "  │ ║   ┗━┛",
        "  │ ║   ┏━┓",
        "  └─║──▶┃2┃",
        "    ╠═══┫ ┃",
        "    ║ ╔═┫ ┃",
        "    ║ ║ ┗━┛",
        "    ║ ║ ┏━┓",
        "    ╚═╬═┫3┃",
        "      ║ ┗━┛",
        "      ║ ┏━┓",
        "      ╚═┫4┃",
        "        ┗━┛",
    ]


def test_a_tunnel_passes_over_another_that_does_not_stop() -> None:
    rows = Block((Row("┃", starts="a"), Row("┃", starts="b"), Row("┃", joins=("a",)), Row("┃", joins=("b",))))
    assert list(beside([rows], ["a", "b"])) == ["    ╔═══┫", "    ║ ╔═┫", "    ╚═║═┫", "      ╚═┫"]


def test_without_gateways_there_is_no_margin() -> None:
    assert width(0) == 0
    assert list(beside([Block((Row("┃"),))], [])) == ["┃"]
