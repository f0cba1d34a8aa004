"""Stories: each `*.txtar` here is a session of somebody who works on a network, against hosts in memory.

A section is one step. `1 $ warren plan` is typed, and the section's text is what is then seen: stdout, stderr, and the
exit code where it is not 0. `2 warren.yaml` writes a file. `3 @ home is away` (or `is back`, `is bare`, `breaks at 4`)
happens to a host. `... | head 3` and `| tail 3` show a part, for what every new rule would change. `--accept` rewrites
what is seen: read the diff before you commit it.
"""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import pytest

from tests.cases.txtar import Archive, ended, parse, write
from tests.unit.cli.calling import Timed, bench, call

COUNTS = re.compile(r"\d+(?= (?:rules|elements|differences|to add|kernel settings))")
STORIES = sorted(Path(__file__).parent.glob("*.txtar"))


def told(archive: Archive, hosts: dict[str, Timed]) -> Archive:
    """The story as it goes now."""
    for title, text in archive.sections.items():
        step = title.partition(" ")[2]
        if step.startswith("$ warren"):
            words, _, part = step.partition(" | ")
            archive = archive.with_section(title, cut(seen(words.split()[2:]), part))
        elif step.startswith("@ "):
            happen(step.removeprefix("@ ").split(), hosts)
        else:
            Path(step).write_text(text)
    return archive


def seen(words: list[str]) -> str:
    """What a user sees of a command."""
    done = call(*words)
    exit_code = f"[exit code {done.code}]\n" if done.code else ""
    return ended(done.out) + ended(done.err) + exit_code


def cut(text: str, part: str) -> str:
    """The first or last lines, without numbers that every new rule would change."""
    which, _, number = part.partition(" ")
    lines = COUNTS.sub("…", text).splitlines(keepends=True)
    return "".join({"": lines, "head": lines[: int(number or 0)], "tail": lines[-int(number or 0) :]}[which])


def happen(words: list[str], hosts: dict[str, Timed]) -> None:
    """What happens to a host."""
    name, *what = words
    match what:
        case ["is", "away" | "back" as where]:
            hosts[name].away = where == "away"
        case ["is", "bare"]:
            hosts[name].machine = Timed(name).machine
        case ["breaks", "at", number]:
            hosts[name].fails_at = int(number)
        case _:
            raise ValueError(f"nobody knows how this happens: {' '.join(words)}")


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_story(path: Path, accept: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    expected = parse(path.read_text())
    with bench() as hosts:
        actual = told(expected, hosts)
    if accept and actual != expected:
        path.write_text(write(actual))
        return
    before, after = write(expected).splitlines(), write(actual).splitlines()
    wrong = "\n".join(difflib.unified_diff(before, after, "expected", "now", lineterm=""))
    assert not wrong, f"{path.name}\n{wrong}"
