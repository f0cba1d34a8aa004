"""Rules of others that end no packet, and lead it elsewhere or past connection tracking.

In: a scene. Out: a verdict, or None. Never takes a rule for one that was met: the trace says which were.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from warren.explain.causes import rules
from warren.explain.model import ANSWER, QUESTION, Verdict
from warren.explain.scene import Scene
from warren.formats.nft_trace import TraceLine

ELSEWHERE = re.compile(r"\b(?:dnat|redirect|tproxy)\b")
UNTRACKED = re.compile(r"\bnotrack\b")
DOCKER = "Docker"


def led_elsewhere(scene: Scene, host: str) -> Verdict | None:
    """Another target than the file has for it."""
    for line in _met(scene, host, QUESTION):
        if ELSEWHERE.search(line.rule):
            whose = rules.owner_of(scene, host, line)[0]
            port = f"{scene.flow.port}/{scene.flow.protocol}"
            remedy = "take the rule away, or have it leave our addresses and ports alone"
            if whose == DOCKER:
                remedy = f"a container publishes {port} on {host}: publish another port, or none"
            return scene.verdict(
                "led-elsewhere", host, f"{_who(whose, host)} leads it elsewhere: {_where(line)}", remedy
            )
    return None


def untracked(scene: Scene, host: str) -> Verdict | None:
    """Packets that are no part of a connection, because somebody wants it so."""
    for direction in (QUESTION, ANSWER):
        for line in _met(scene, host, direction):
            if UNTRACKED.search(line.rule):
                whose = rules.owner_of(scene, host, line)[0]
                words = f"{_who(whose, host)} keeps it from connection tracking: {_where(line)}"
                return scene.verdict("untracked", host, words, "have that rule leave our links alone")
    return None


def _met(scene: Scene, host: str, direction: str) -> Iterator[TraceLine]:
    """The rules of others that packets of the flow met."""
    passage = scene.passed.get((host, direction))
    for line in passage.rules if passage else ():
        if line.kind == "rule" and not line.table.startswith(rules.OURS):
            yield line


def _who(whose: str | None, host: str) -> str:
    return f"on {host} {whose or 'a table of somebody else'}"


def _where(line: TraceLine) -> str:
    return f"table {line.family} {line.table}, chain {line.chain}: {rules.uncounted(line.rule)}"
