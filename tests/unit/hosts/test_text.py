"""A script and its input as one text."""

from __future__ import annotations

import subprocess

from warren.hosts.text import whole


def said(script: str, stdin: bytes = b"") -> tuple[int, bytes]:
    words = ["sh", "-c", 'eval "$(cat)" </dev/null']
    done = subprocess.run(words, input=whole(script, stdin).encode(), capture_output=True, check=False)
    return done.returncode, done.stdout


def test_a_script_reads_what_it_is_given() -> None:
    assert said("cat; exit 3", b"\0\xff'\n") == (3, b"\0\xff'\n")
    assert said("cat") == (0, b"")


def test_a_script_ends_in_a_comment_or_a_here_document() -> None:
    assert said("echo a # b") == (0, b"a\n")
    assert said("cat <<'END'\n$HOME )\nEND") == (0, b"$HOME )\n")


def test_a_mistake_at_the_end_keeps_all_of_it_from_running() -> None:
    assert said("echo ran\nif true") == (2, b"")
