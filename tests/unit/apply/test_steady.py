"""What was started stays up, and is believed to as soon as it may be."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from warren.apply import steady
from warren.apply.steady import (
    LISTENING,
    LISTENS,
    SILENT,
    UNSEEN,
    Seen,
    Started,
    Watch,
    fell,
    read,
    script,
    stands,
    started,
)
from warren.desired.items.image import Image
from warren.desired.items.running import Running
from warren.desired.model import HostState
from warren.desired.sections import GROUPS
from warren.hosts.base import Host, Result
from warren.plan.diff import diff_host
from warren.plan.model import HostPlan, Plan

DB = Running("db", 6001, "db.service", "d2")
CACHE = Running("db", 6001, "db-cache.service", "d2")
ONCE = Running("db", 6001, "db-init.service", "d2-once")
GROUP = "/user.slice/user-6001.slice/user@6001.service/app.slice"


def said(unit: Running, state: str = "active", restarts: int = 0, listens: bool = False) -> str:
    """What `systemctl show` prints of one."""
    group = f"{GROUP}/{unit.unit}"
    told = f"NRestarts={restarts}\nControlGroup={group}\nId={unit.unit}\nActiveState={state}\n"
    return told + (f"Listens={group}\n" if listens else "")


@dataclass(slots=True)
class Spoken:
    """A host that says one thing after the other, the last one for ever."""

    answers: list[str]
    name: str = "home"
    asked: list[float] = field(default_factory=list)

    def run(self, script: str, stdin: bytes = b"", timeout: float = 60.0) -> Result:
        """See `hosts.base.Host`."""
        self.asked.append(time.monotonic())
        text = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return Result(0, f"User=db\n{text}".encode(), b"")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Times that a test can wait for."""
    for name, seconds in (("LISTENING", 0.01), ("UNSEEN", 0.05), ("SILENT", 1.0), ("EVERY", 0.02)):
        monkeypatch.setattr(steady, name, seconds)


def of(*units: Running) -> tuple[Started, ...]:
    """Units whose images are known."""
    return tuple(Started(unit, steady.LISTENING) for unit in units)


def watched(host: Spoken, *units: Running, patience: float = 5.0) -> list[str]:
    """What was said in the end."""
    hosts: dict[str, Host] = {"home": host}
    now = time.monotonic()
    return Watch(hosts, {"home": of(*units)}, now, now + patience).run()


def test_what_a_plan_starts() -> None:
    plan = Plan({"home": diff_host("home", HostState.of((DB, CACHE)), HostState()), "vps": HostPlan("vps", (), ())}, ())
    assert {name: len(held) for name, held in started(plan).items()} == {"home": 2}


def test_an_image_that_was_never_run_here_is_watched_for_longer() -> None:
    new = HostState.of((DB, replace(CACHE, user="web"), Image("db", 6001, "db:2")))
    (first, second) = started(Plan({"home": diff_host("home", new, HostState())}, ()))["home"]
    assert (first.enough, second.enough) == (UNSEEN, LISTENING)
    assert not stands(first, Seen("active", 0, True), LISTENING) and stands(first, Seen("active", 0, True), UNSEEN)
    # What ends after two seconds has ended by then.
    assert 2 < UNSEEN < SILENT


def test_a_user_is_asked_once() -> None:
    text = script(of(DB, Running("web", 6002, "web.service", "d"), CACHE))
    subprocess.run(["sh", "-n"], input=text, text=True, check=True)
    assert text.count("systemctl --user show") == 2
    assert "db.service db-cache.service" in text


def test_each_unit_is_read_with_its_user_and_its_sockets() -> None:
    text = f"User=db\n{said(DB)}\n{said(CACHE, 'failed', 2, True)}User=web\n{said(DB, 'inactive')}"
    assert read(text) == {
        ("db", "db.service"): Seen("active", 0, False),
        ("db", "db-cache.service"): Seen("failed", 2, True),
        ("web", "db.service"): Seen("inactive", 0, False),
    }
    assert read("User=db\nFailed to connect to bus\n") == {}


@pytest.mark.parametrize(
    ("unit", "seen", "age", "verdict"),
    [
        (DB, Seen("active", 0, True), LISTENING, "stands"),
        (DB, Seen("active", 0, True), LISTENING / 2, "unknown"),
        (DB, Seen("active", 0, False), LISTENING, "unknown"),
        (DB, Seen("active", 0, False), SILENT, "stands"),
        (DB, Seen("active", 1, True), SILENT, "fell"),
        (DB, Seen("activating", 0, False), SILENT, "unknown"),
        (DB, Seen("failed", 0, False), 0, "fell"),
        (DB, Seen("inactive", 0, False), SILENT, "fell"),
        (ONCE, Seen("inactive", 0, False), 0, "stands"),
        (ONCE, Seen("failed", 0, False), 0, "fell"),
        (DB, None, SILENT, "unknown"),
    ],
)
def test_a_verdict(unit: Running, seen: Seen | None, age: float, verdict: str) -> None:
    assert (fell(unit, seen), stands(Started(unit, LISTENING), seen, age)) == (verdict == "fell", verdict == "stands")


def test_what_listens_is_believed_sooner(quick: None) -> None:
    host = Spoken([said(DB, listens=True)])
    assert watched(host, DB) == [] and len(host.asked) == 1


def test_what_is_silent_is_watched_to_the_end(quick: None) -> None:
    host = Spoken([said(DB)])
    began = time.monotonic()
    assert watched(host, DB) == []
    assert host.asked[-1] - began >= steady.SILENT and len(host.asked) > 1


@pytest.mark.parametrize("last", [said(DB, restarts=1), said(DB, "failed"), said(DB, "inactive")])
def test_what_ends_meanwhile_is_told_at_once(quick: None, last: str) -> None:
    began = time.monotonic()
    told = watched(Spoken([said(DB), last]), DB, patience=60)
    assert told == ["home: db.service of db does not stay up; `warren logs db` says why"]
    assert time.monotonic() - began < 30


def test_only_what_is_left_is_asked(quick: None) -> None:
    host = Spoken([f"{said(DB, listens=True)}\n{said(CACHE)}", said(CACHE)])
    assert watched(host, DB, CACHE) == []


def test_what_does_not_come_up_in_time_is_told(quick: None) -> None:
    told = watched(Spoken([said(DB, "activating")]), DB, patience=0.05)
    assert told == ["home: db.service of db does not stay up; `warren logs db` says why"]


def test_a_watch_that_nobody_needs_ends(quick: None) -> None:
    hosts: dict[str, Host] = {"home": Spoken([said(DB, "activating")])}
    watch = Watch(hosts, {"home": of(DB)}, time.monotonic(), time.monotonic() + 600)
    watch.over.set()
    assert watch.run() == []
    assert Watch(hosts, {}, 0.0, 0.0).run() == []


# ── what listens, seen by the kernel's own tables ─────────────────────────────────────────────────────────────────────


@contextmanager
def program(text: str) -> Iterator[int]:
    """A process that has come as far as its first line of output."""
    with subprocess.Popen([sys.executable, "-c", text], stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        running.stdout.readline()
        yield running.pid
        running.kill()


@pytest.mark.parametrize(
    ("family", "kind", "port", "more", "listens"),
    [
        ("AF_INET", "SOCK_STREAM", 0, "s.listen()", True),
        ("AF_INET6", "SOCK_STREAM", 0, "s.listen()", True),
        ("AF_INET", "SOCK_STREAM", 0, "pass", False),
        ("AF_INET", "SOCK_DGRAM", 21053, "pass", True),
        ("AF_INET", "SOCK_DGRAM", 41053, "pass", False),
    ],
)
def test_a_process_that_listens(tmp_path: Path, family: str, kind: str, port: int, more: str, listens: bool) -> None:
    where = "::1" if family == "AF_INET6" else "127.0.0.1"
    text = (
        f"import socket, time; s = socket.socket(socket.{family}, socket.{kind}); s.bind(({where!r}, {port})); {more}"
    )
    (tmp_path / "unit.service" / "libpod").mkdir(parents=True)
    with program(f"{text}; print(1, flush=True); time.sleep(60)") as pid:
        (tmp_path / "unit.service" / "libpod" / "cgroup.procs").write_text(f"{pid}\n")
        (tmp_path / "unit.service" / "cgroup.procs").write_text("")
        asked = LISTENS.replace(GROUPS, str(tmp_path)) + "listens /unit.service && echo yes; listens /other || echo no"
        done = subprocess.run(["sh", "-s"], input=asked, text=True, capture_output=True, check=True)
    assert done.stdout.split() == (["yes", "no"] if listens else ["no"]) and not done.stderr
