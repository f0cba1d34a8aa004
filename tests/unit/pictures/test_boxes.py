"""Boxes side by side: aligned, never too wide, every port shown."""

from __future__ import annotations

from warren.pictures.boxes import flow
from warren.pictures.scene import Box, Slot

WEB = Box("web", (Slot("http", "80", public=True), Slot("admin", "8080", lan=True)), "direct")
DB = Box("db", (Slot("sql", "5432"),), "none")
HOST = Box("home", (Slot("mysql", "3306", public=True, lan=True),))


def test_a_row_of_boxes() -> None:
    assert list(flow((WEB, DB, HOST), 80, "home")) == [
        "┌ web ──────────────┐  ┌ db ───────────────┐  ┌ the host itself ──┐",
        "│ ● http  80        │  │ · sql 5432        │  │ ◐ mysql 3306      │",
        "│ ○ admin 8080      │  │                   │  │                   │",
        "└───────── ▸ direct ┘  └─────────── ▸ none ┘  └───────────────────┘",
    ]


def test_rows_that_are_full_end_where_the_frame_does() -> None:
    lines = list(flow((WEB,) * 5, 50, "home"))
    assert len(lines) == 3 * 4
    assert {len(line) for line in lines[:8]} == {50}


def test_a_box_is_cut_where_the_terminal_is_narrow() -> None:
    wide = Box("a-service", (Slot("a-very-long-name-of-a-port", "40000-40100/udp"),), "direct")
    assert {len(line) for line in flow((wide,), 24, "home")} == {24}


def test_no_boxes_are_no_lines() -> None:
    assert list(flow((), 80, "home")) == []
