"""One session with the loop of the other end, which runs here."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from warren.hosts.ssh import remote
from warren.hosts.ssh.session import Lost, Session, start

LOOP = ["sh", "-c", remote.LOOP, "sh", "way", remote.ONE]


def soon(seconds: float = 20) -> float:
    return time.monotonic() + seconds


@pytest.fixture
def session() -> Iterator[Session]:
    made = start(LOOP)
    made.greet(soon())
    yield made
    made.close()


def lost(words: list[str], script: str | None = None, seconds: float = 20) -> Lost:
    made = start(words)
    try:
        with pytest.raises(Lost) as found:
            made.greet(soon(seconds))
            assert script is not None
            made.run(script, b"", soon(seconds))
        return found.value
    finally:
        made.close()


def test_results_one_after_another(session: Session) -> None:
    first = session.run("cat; echo wrong >&2; exit 7", b"given", soon())
    assert (first.code, first.stdout, first.stderr) == (7, b"given", b"wrong\n")
    assert session.run("printf 'no end of line'", b"", soon()).stdout == b"no end of line"
    assert session.alive


def test_long_scripts_and_long_answers(session: Session) -> None:
    result = session.run("#" * 400_000 + "\nhead -c 400000 /dev/zero; head -c 400000 /dev/zero >&2", b"", soon())
    assert (len(result.stdout), len(result.stderr)) == (400_000, 400_000)


def test_what_stays_behind_is_not_waited_for(session: Session) -> None:
    assert session.run("sleep 15 & echo on", b"", soon(5)).stdout == b"on\n"


def test_what_a_login_says_is_not_ours() -> None:
    made = start(["sh", "-c", 'echo noise; echo noise >&2; exec "$@"', "sh", *LOOP])
    made.greet(soon())
    assert made.run("echo ours", b"", soon()).stdout == b"ours\n"
    made.close()


def test_nobody_answers() -> None:
    refused = lost(["sh", "-c", "echo why >&2; exit 255"])
    assert (refused.said, refused.begun, refused.late) == ("why\n", False, False)
    assert lost(["sh", "-c", "echo This account is not available."]).said == "This account is not available.\n"
    silent = lost(["sleep", "20"], seconds=0.2)
    assert (silent.begun, silent.late) == (False, True)


def test_a_script_that_was_sent_may_have_run() -> None:
    broken = lost(["sh", "-c", "echo warren hello; read -r a; exit"], "true")
    assert (broken.begun, broken.late) == (True, False)


def test_a_script_that_was_not_sent_as_a_whole_has_not() -> None:
    broken = lost(["sh", "-c", "echo warren hello; sleep 0.2"], "#" * 1_000_000)
    assert (broken.begun, broken.late) == (False, False)


def test_a_script_that_is_stopped_spoils_its_session(session: Session) -> None:
    with pytest.raises(Lost) as found:
        session.run("sleep 9", b"", soon(4))
    assert (found.value.late, found.value.stopped) == (True, True)
    assert not session.alive


def test_a_script_may_end_as_if_it_was_stopped(session: Session) -> None:
    assert session.run("exit 124", b"", soon()).code == 124


def test_an_end_closes_it(session: Session) -> None:
    session.close()
    assert not session.alive
    session.close()


@pytest.mark.parametrize("shell", ["bash", "busybox"])
def test_other_shells_and_their_tools(shell: str, tmp_path: Path) -> None:
    """Alpine and OpenWrt have busybox for all of it, which reads ahead in a pipe."""
    if not (found := shutil.which(shell)):
        pytest.skip(f"{shell} is not here")
    for name in ("sh",) if shell == "bash" else ("sh", "timeout", "head", "base64", "cat", "sleep"):
        (tmp_path / name).symlink_to(found)
    loop = remote.LOOP.replace(f"PATH={remote.PATH}", f"PATH={tmp_path}:{remote.PATH}")
    session = start([str(tmp_path / "sh"), "-c", loop, "sh", "way", remote.ONE])
    session.greet(soon())
    long = session.run("#" * 100_000 + "\ncat; echo $SSH_CONNECTION; exit 3", b"\0\xff" * 50_000, soon())
    assert (long.code, long.stdout) == (3, b"\0\xff" * 50_000 + b"way\n")
    assert session.run("echo next", b"", soon()).stdout == b"next\n"
    with pytest.raises(Lost) as stopped:
        session.run("sleep 9", b"", soon(2))
    assert stopped.value.late
    session.close()
