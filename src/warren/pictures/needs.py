"""Who may talk to whom, as short as the file says it.

In: a scene. Out: for each source the words for what it may reach; a word of the file that stands for many is kept.
Never leaves a permission out.
"""

from __future__ import annotations

from warren.pictures.scene import Scene

# From so many targets on the user's own word, such as `*.metrics`, says more than the list.
MANY = 3


def lines(seen: Scene) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Sources and what they may reach, in the order of the file; sources that may reach the same stand together."""
    found: dict[str, dict[str, list[str]]] = {}
    for permit in seen.permits:
        words = found.setdefault(permit.source, {}).setdefault(permit.need, [])
        words.append(f"{permit.target}.{permit.slot}")
    alike: dict[tuple[str, ...], list[str]] = {}
    for box in (box for spot in seen.spots for box in spot.boxes):
        local = dict(one.rsplit(" at ", 1) for one in box.local)
        inside = [text for need, words in found.get(box.name, {}).items() for text in _said(need, words, local)]
        if inside or box.beyond:
            alike.setdefault((*inside, *box.beyond), []).append(box.name)
    return [(tuple(sources), targets) for targets, sources in alike.items()]


def _said(need: str, words: list[str], local: dict[str, str]) -> list[str]:
    if len(words) < MANY or need.partition(".")[0] == words[0].partition(".")[0]:
        at = f" at {local[need]}" if need in local else ""
        return [word + at for word in words]
    return [f"{need} ({len(words)})"]
