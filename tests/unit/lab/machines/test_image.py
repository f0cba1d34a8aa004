"""How the image is asked for; that it boots is shown in tests/machines."""

from __future__ import annotations

from pathlib import Path

import pytest

from warren.lab.machines import image, recipe


def test_the_words_of_the_builder() -> None:
    words = image.words(Path("/somewhere/tree"), "http://mirror.test/debian", ['Acquire::http::Proxy "http://p:1";'])
    assert words[0] == "mmdebstrap"
    assert words[-3:] == [recipe.SUITE, "/somewhere/tree", "http://mirror.test/debian"]
    assert '--aptopt=Acquire::http::Proxy "http://p:1";' in words


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ('Acquire::http::Proxy "http://proxy.test:3128";', True),
        ('Acquire::https::CaInfo "/etc/ssl/own.pem";', True),
        ('Acquire::http::proxy::mirror.test "DIRECT";', True),
        ('Acquire::http::Proxy "";', False),
        ('Acquire::Languages "none";', False),
        ('Acquire::http::User-Agent "x";', False),
    ],
)
def test_only_the_way_out_is_taken_from_apt(line: str, wanted: bool) -> None:
    assert bool(image.WAY_OUT.match(line)) is wanted


def test_an_image_that_is_there_is_not_built(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    tree = tmp_path / "warren" / "images" / recipe.key()
    tree.mkdir(parents=True)
    assert image.image() == tree


def test_a_failed_build_leaves_no_image(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(image, "words", lambda *_: ["sh", "-c", "echo no mirror answers >&2; exit 1"])
    with pytest.raises(Exception, match="no mirror answers"):
        image.image()
    assert not (tmp_path / "warren" / "images" / recipe.key()).exists()
