"""Links between the documents lead somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from tests.repo.house import ROOT, assert_none, committed_texts

CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(<?([^)\s>]+)|^\[[^\]]+\]:\s*(\S+)|\b(?:src|href)=\"([^\"]+)\"", re.MULTILINE)
ELSEWHERE = re.compile(r"[a-z]+:|//|#")


def links(text: str) -> Iterator[str]:
    """Relative targets that a Markdown text links to, without their fragments."""
    for found in LINK.finditer(CODE.sub("", text)):
        target = next(filter(None, found.groups()))
        if not ELSEWHERE.match(target):
            yield target.split("#")[0]


def dead_links(texts: Mapping[PurePosixPath, str], root: Path) -> list[str]:
    """Relative links whose target is not there."""
    return [
        f"{path}: {target}"
        for path, text in texts.items()
        if path.suffix == ".md"
        for target in links(text)
        if not (root / path.parent / target).exists()
    ]


def test_links_lead_somewhere() -> None:
    assert_none(dead_links(committed_texts(), ROOT))


def test_a_dead_link_is_found(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "there.md").touch()
    text = "[a](there.md#part) [b](gone.md) [c](https://example.org) [d](#e) `[f](code.md)`\n\n[g]: ../lost.md\n"
    assert dead_links({PurePosixPath("docs/a.md"): text}, tmp_path) == ["docs/a.md: gone.md", "docs/a.md: ../lost.md"]
