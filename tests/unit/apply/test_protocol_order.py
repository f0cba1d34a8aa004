"""What a power cut may leave: everything that the next thing relies on is on disk before that begins."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from warren.apply.protocol import REMOTE

# Written down instead of done, or left out.
SPIES = """
has_systemd() { false; }
set_timer() { echo timer >> "$trace"; }
end_timer() { echo "no timer" >> "$trace"; }
sync() { echo "sync $*" >> "$trace"; }
mv() { command mv "$@" && echo "mv $*" >> "$trace"; }
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A change that is staged: one file with its copy."""
    pending = tmp_path / "w" / "pending"
    (pending / "files").mkdir(parents=True)
    (tmp_path / "r").mkdir()
    (tmp_path / "a").write_text("new\n")
    (pending / "files" / "1").write_text("old\n")
    (pending / "copies").write_text(f"file\t{pending}/files/1\t{tmp_path}/a\n")
    for name, text in (("id", "c1\n"), ("staged", ""), ("generation-new", "4\n"), ("entry", '{"generation": 4')):
        (pending / name).write_text(text)
    return tmp_path


def told(place: Path, verb: str) -> list[str]:
    """The order of what matters, with short names; the lock is another matter."""
    text = REMOTE.replace("/var/lib/warren", f"{place}/w").replace("/run/warren", f"{place}/r")
    lock = f"printf 'c1\\nada\\nT\\n999999999\\n%s\\n' \"$(this_boot)\" > {place}/w/lock\n"
    script = f"{text}trace={place}/trace\n{SPIES}{lock}{verb}\n"
    subprocess.run(["sh", "-s"], input=script, text=True, check=True, timeout=20)
    lines = (place / "trace").read_text().replace(f"{place}/w/", "").replace(f"{place}/", "").splitlines()
    return [line for line in lines if "lock" not in line]


def at(lines: list[str], *words: str) -> int:
    """The first line that has all words."""
    return next(number for number, line in enumerate(lines) if all(word in line for word in words))


def test_copies_are_on_disk_before_the_change_is_armed(place: Path) -> None:
    lines = told(place, "find() { echo 'sync copies' >> \"$trace\"; }; arm c1 60 60")
    mark = at(lines, "mv pending/staged pending/armed")
    assert at(lines, "sync copies") < mark < at(lines, "sync pending") < at(lines, "timer")


def test_what_changed_is_on_disk_before_it_is_confirmed(place: Path) -> None:
    (place / "w" / "pending" / "staged").rename(place / "w" / "pending" / "armed")
    lines = told(place, "confirm c1 60")
    mark = at(lines, "mv", "pending/armed", "pending/confirmed")
    assert at(lines, "sync ", " a") < mark < at(lines, "no timer")
    assert lines[mark + 1] == "sync pending"
    assert at(lines, "sync generation.new") < at(lines, "mv -f generation.new")
    assert (place / "w" / "generation").read_text() == "4\n"


def test_a_file_goes_back_by_a_name_of_its_own(place: Path) -> None:
    lines = told(place, "restore")
    assert at(lines, "sync a.warren-new") < at(lines, "mv -f a.warren-new a")
    assert (place / "a").read_text() == "old\n"
    # Once more, from anywhere: nothing is left to do.
    assert told(place, "restore").count("mv -f a.warren-new a") == 1
