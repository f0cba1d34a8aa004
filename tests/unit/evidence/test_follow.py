"""Following: lines as they come, whole ones only."""

from __future__ import annotations

import subprocess

import pytest

from tests.unit.evidence.saying import Saying
from warren.evidence import follow as following
from warren.evidence.ask import Filter
from warren.evidence.follow import Reader, follow, read_script

LINE = "trace id a inet warren forward policy drop\n"


def test_a_line_waits_for_its_end() -> None:
    parts = iter([LINE + LINE[:10], LINE[10:], ""])
    reader = Reader(Saying(lambda _: next(parts)))
    assert [len(reader.read("t")) for _ in range(3)] == [1, 1, 0]
    assert reader.offset == 2 * len(LINE)


def test_a_host_that_is_away_has_no_lines() -> None:
    assert Reader(Saying(lambda _: None)).read("t") == ()


def test_the_script_says_that_somebody_still_reads() -> None:
    text = read_script("t", 10)
    assert "touch /run/warren/trace-t" in text and "tail -c +11 " in text
    assert subprocess.run(["sh", "-n"], input=text, text=True, check=False).returncode == 0


def test_it_ends_with_its_time_and_takes_the_watch_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "PAUSE", 0.01)
    host = Saying(lambda script: LINE if "tail" in script else "")
    found = list(follow({"home": host}, Filter("tcp", (80,), ("10.0.0.1",)), "t", 0.05))
    assert found[0][0] == "home" and found[0][1][0].drops
    assert host.scripts[-1].endswith("rm -f /run/warren/trace-t")


def test_what_is_to_be_seen_begins_when_everybody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "PAUSE", 0.01)
    host, order = Saying(lambda script: ""), list[str]()

    def begin() -> None:
        order.extend("ready" for script in host.scripts if "udp dport 9 " in script)
        order.append("knock")

    list(follow({"home": host}, Filter("tcp", (80,), ("10.0.0.1",)), "t", 0.1, begin))
    assert order == ["ready", "knock"]
