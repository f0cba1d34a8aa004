"""Colours and line widths of the drawn picture, by day and by night.

In: nothing. Out: one style. Never depends on what is drawn.
"""

from __future__ import annotations

from warren.formats.svg import Colour, Look, Style

# Told apart by most eyes, on white and on near black.
LINES = (
    ("#3565d6", "#7ea2ff"),
    ("#c2410c", "#fb9a5b"),
    ("#0f7f6e", "#3fd0b6"),
    ("#a21caf", "#e28bf0"),
    ("#7a6a00", "#d8c64a"),
    ("#be123c", "#ff7d97"),
    ("#4d7c0f", "#a3d65c"),
    ("#5b4bd1", "#aea4ff"),
)

STYLE = Style(
    colours=(
        Colour("paper", "#ffffff", "#101418"),
        Colour("ink", "#1b2128", "#e7ebef"),
        Colour("dim", "#66707c", "#97a3b0"),
        Colour("edge", "#c3cad3", "#3a444f"),
        Colour("home", "#f3f5f8", "#181e25"),
        Colour("gate", "#e8f0fe", "#14243d"),
        Colour("gate-edge", "#8fb0ee", "#36598f"),
        Colour("box", "#ffffff", "#222a33"),
        Colour("tunnel", "#16976b", "#34c592"),
        Colour("door", "#2563c9", "#6ea4ff"),
        Colour("lan", "#9a6700", "#e0aa3e"),
        Colour("lan-fill", "#fff6e0", "#2e2412"),
        *(Colour(f"line-{number}", *pair) for number, pair in enumerate(LINES)),
    ),
    looks=(
        Look("heading", "ink", size=19, bold=True),
        Look("host-name", "ink", size=15, bold=True),
        Look("name", "ink", size=13, bold=True),
        Look("port", "ink", size=12),
        Look("small", "dim", size=11),
        Look("address", "dim", size=11, mono=True),
        Look("into", "door", size=12),
        Look("into-lan", "lan", size=12),
        Look("home", "home", "edge", 1.2),
        Look("gate", "gate", "gate-edge", 1.2),
        Look("box", "box", "edge", 1),
        Look("net", "gate", "gate-edge", 1.2),
        Look("lan", "lan-fill", "lan", 1.2),
        Look("tunnel", "none", "tunnel", 3.5),
        Look("door", "none", "door", 1.6),
        Look("lan-door", "none", "lan", 1.6),
        Look("public", "door", "door", 1),
        Look("beside", "none", "lan", 1.6),
        *(Look(f"need-{number}", "none", f"line-{number}", 1.5) for number in range(len(LINES))),
        *(Look(f"end-{number}", f"line-{number}", "none") for number in range(len(LINES))),
    ),
)
