"""pinning: images in the text of a file, each followed by its digest, and nothing else changed."""

from __future__ import annotations

import pytest

from warren.basis.diagnostic import Refused
from warren.spec.load import Document, load
from warren.spec.pinning import images, pinned

DIGEST = f"sha256:{'ab' * 32}"
NEWER = f"sha256:{'cd' * 32}"
TEXT = f"""\
version: 1
network: {{name: n}}   # ü, and é before it
hosts: {{home: {{lan: 192.168.2.0/24}}}}
services:
  a: {{host: home, image: web:1}}  # kept
  b:
    host: home
    containers: {{x: {{image: 'x:1'}}, y: {{image: "y:5000/y"}}}}   # both
  c:
    host: home
    image: c:1@{DIGEST}\t# old
  d: {{host: home, image: 'd:1', pull_policy: never}}
"""


def pin(text: str, digest: str = NEWER, *names: str) -> str:
    """Everything pinned to one digest."""
    return pinned(text, dict.fromkeys(images(load(Document("w.yaml", text)), names), digest))


def test_each_image_is_found_where_it_stands() -> None:
    found = images(load(Document("w.yaml", TEXT)))
    assert [(one.service, one.container, one.tagged) for one in found] == [
        ("a", None, "web:1"), ("b", "x", "x:1"), ("b", "y", "y:5000/y"), ("c", None, "c:1"),
    ]  # fmt: skip


def test_nothing_but_the_digests_is_written() -> None:
    fresh = pin(TEXT)
    assert fresh.replace(f"@{NEWER}", "") == TEXT.replace(f"@{DIGEST}", "")
    assert fresh.count(NEWER) == 4 and DIGEST not in fresh
    assert pin(fresh) == fresh


def test_windows_line_ends_stay() -> None:
    text = TEXT.replace("\n", "\r\n").replace("\t", " ")
    assert pin(text, NEWER, "a") == text.replace("web:1", f"web:1@{NEWER}")


def test_one_service() -> None:
    assert pin(TEXT, NEWER, "b").count(NEWER) == 2


def test_a_name_that_is_none_is_refused() -> None:
    with pytest.raises(Refused) as raised:
        pin(TEXT.replace("  a:", "  web:"), NEWER, "wbe")
    assert raised.value.diagnostics[0].hint == "did you mean `web`?"


@pytest.mark.parametrize("written", ["&i web:1", "!!str web:1", '"we\\x62:1"'])
def test_what_is_written_otherwise_is_refused_with_what_to_write(written: str) -> None:
    text = TEXT.replace("a: {host: home, image: web:1}", f"a:\n    host: home\n    image: {written}")
    with pytest.raises(Refused) as raised:
        pin(text, NEWER, "a")
    assert raised.value.diagnostics[0].hint == f"write `image: web:1@{NEWER}`"
