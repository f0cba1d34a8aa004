"""Lines of letters: frames, ends at both sides, words packed into a width.

In: short texts and a width in letters. Out: lines of at most that width where single words allow it. Never knows hosts
or services.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def cut(text: str, width: int) -> str:
    """The text, or as much of it as fits, with a sign that there was more."""
    return text if len(text) <= width else text[: max(width - 1, 0)] + "…"[:width]


def between(left: str, right: str, width: int) -> str:
    """One text at each end of a line."""
    room = width - len(left) - 1
    return f"{left} {cut(right, room):>{room}}"


def framed(left: str, right: str, inside: Sequence[str], width: int) -> Iterator[str]:
    """A thick frame with a text at each end of its upper edge."""
    name = f"┏━ {left} "
    rest = cut(right, width - len(name) - 5)
    end = f" {rest} ━┓" if rest else "━┓"
    yield name + "━" * (width - len(name) - len(end)) + end
    for line in inside:
        yield f"┃ {line:<{width - 4}} ┃"
    yield "┗" + "━" * (width - 2) + "┛"


def packed(head: str, words: Sequence[str], width: int, gap: str = "   ") -> Iterator[str]:
    """A head and words behind it; what does not fit goes on below the first word."""
    line, empty = head, True
    for word in words:
        shown = cut(word, width - len(head))
        if not empty and len(line) + len(gap) + len(shown) > width:
            yield line
            line, empty = " " * len(head), True
        line, empty = line + ("" if empty else gap) + shown, False
    if not empty:
        yield line
