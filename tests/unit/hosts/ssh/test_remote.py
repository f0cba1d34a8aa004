"""What travels, and what the other end makes of it."""

from __future__ import annotations

import shlex
import subprocess

import pytest

from warren.hosts.ssh import remote

HERE = ["sh", "-c", remote.LOOP, "sh", "way", remote.ONE]


def say(text: bytes) -> tuple[bytes, bytes]:
    done = subprocess.run(HERE, input=text, capture_output=True, check=True, timeout=20)
    return done.stdout, done.stderr


def test_one_script_after_another() -> None:
    parcels = remote.parcel("a1", "echo $SSH_CONNECTION; exit 3", b"", 9) + remote.parcel("b2", "cat", b"\0x\n", 9)
    out, err = say(parcels)
    assert out == b"warren hello\na1 begun\nway\na1 end 3\nb2 begun\n\0x\nb2 end 0\n"
    assert err == b"a1 end\nb2 end\n"


@pytest.mark.parametrize("missing", [1, 2, 4, 40])
def test_a_script_that_was_cut_off_never_begins(missing: int) -> None:
    out, _ = say(remote.parcel("a1", "echo ran", b"", 9)[:-missing])
    assert b"ran" not in out
    assert b"begun" not in out


def test_a_script_with_a_mistake_at_its_end_never_begins() -> None:
    out, _ = say(remote.parcel("a1", "echo ran\nif true; then", b"", 9))
    assert b"ran" not in out


def test_a_script_that_takes_too_long_is_stopped() -> None:
    out, _ = say(remote.parcel("a1", "sleep 9", b"", 1) + remote.parcel("b2", "echo more", b"", 9))
    assert out.endswith(b"a1 end 124\n")


def test_a_script_does_not_read_the_next_one() -> None:
    out, _ = say(remote.parcel("a1", "cat", b"", 9) + remote.parcel("b2", "head -c 1", b"x" * 300_000, 9))
    assert out.endswith(b"a1 begun\na1 end 0\nb2 begun\nxb2 end 0\n")


def test_here_documents_and_settings_are_the_scripts_own() -> None:
    script = "set -eu\ncat <<'END'\nit's $HOME\nEND\nx=1"
    out, _ = say(remote.parcel("a1", script, b"", 9) + remote.parcel("b2", "echo ${x-unset} $#", b"", 9))
    assert b"it's $HOME\na1 end 0\n" in out
    assert b"unset 0\nb2 end 0\n" in out


def test_the_command_holds_no_script_and_is_one_word_for_every_shell() -> None:
    words = shlex.split(remote.command())
    assert words[:3] == ["exec", "sh", "-c"]
    assert words[-2:] == [remote.LOOP, remote.ONE]
