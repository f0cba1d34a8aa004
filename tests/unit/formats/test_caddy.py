"""caddy: blocks of directives, each argument one token."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from warren.formats.caddy import Block, Caddyfile, Raw, directive, token, write


def test_a_file_is_options_and_sites() -> None:
    site = Block(
        ("https://a.example", "b.example"), (directive("route", "/x", block=[directive("abort")]), Raw("a\nb"))
    )
    assert write(Caddyfile((directive("email", "a@example.org"),), (site,))) == (
        "{\n\temail a@example.org\n}\n\nhttps://a.example, b.example {\n\troute /x {\n\t\tabort\n\t}\n\ta\n\tb\n}\n"
    )


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain", "plain"),
        ("{remote_host}", "{remote_host}"),
        ("two words", "`two words`"),
        ("{", "`{`"),
        ("", "``"),
        ("#no", "`#no`"),
        ('a "b', '`a "b`'),
        ("a ` b", '"a ` b"'),
    ],
)
def test_an_argument_is_one_token(text: str, written: str) -> None:
    assert token(text) == written


@pytest.mark.parametrize("text", ["a\x00", "{$HOME}", "a ` \\ b", "\x7f"])
def test_what_it_cannot_hold(text: str) -> None:
    with pytest.raises(ValueError, match="cannot hold"):
        token(text)


def test_caddy_itself_reads_it(tmp_path: Path) -> None:
    if not shutil.which("caddy"):
        pytest.skip("caddy is not installed")
    site = Block((":8080",), (directive("header", "X-A", 'a {b} "c'), directive("respond", "two words", "200")))
    (tmp_path / "Caddyfile").write_text(write(Caddyfile((directive("admin", "off"),), (site,))))
    read = ["caddy", "adapt", "--adapter", "caddyfile", "--config", str(tmp_path / "Caddyfile")]
    done = subprocess.run(read, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "two words" in done.stdout
