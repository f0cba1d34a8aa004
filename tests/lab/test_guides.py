"""What the guides show is what is printed: every command of these pages is typed, on the file that the page shows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "guide"
PAGES = ("first-network", "lab", "expose", "permissions", "egress", "names", "explain")
BLOCK = re.compile(r"^```(yaml|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TOP = re.compile(r"^(?=\w+:)", re.MULTILINE)
END = "\x01"
REST = "..."
# What differs from run to run.
VOLATILE = (
    (r"\x1b\[[0-9;]*m", ""),
    (r"\d+ (?:second|minute)s?(?: ago)?|\d+ s ago", "<ago>"),
    (r"[\d.]+ k?B(?= )", "<bytes>"),
    (r" +\d+ seen", " <seen>"),
    (r"pid \d+", "<pid>"),
    # How much there is of everything.
    (r"\d+(?= (?:rules|elements|lines|changes?|to add|to change|to remove|of) ?\b)", "<n>"),
    (r"\d+(?= flows)", "<n>"),
    (r"on \d+ hosts?$", "on <n>"),
    (r"leaks: .*", "<leaks>"),
    (r"names: \d+", "<names>"),
    # A lab of this test has a name of its own.
    (r"lab [`\w-]+", "<lab>"),
    (r" +", " "),
)
# What bash adds of its own, in a place and words that differ between its versions.
NOISE = re.compile(r"bash: line \d+: /dev/")
# What a page says in words: before a command that begins so, the file is edited, and what runs follows it.
EDITS: Mapping[tuple[str, str], tuple[tuple[str, str], ...]] = {
    ("expose", "8:warren lab exec internet -- bash"): (
        ("30000/udp, to: play}", "30000/udp, to: play, client_address: hide}"),
    ),
    ("permissions", "warren lab apply"): (("    needs: [db.sql]                           #", "    #"),),
    ("egress", "warren lab exec mirror -- curl -s 'http://[2001"): ((', "2001:db8:a001::/64"]', "]"),),
    ("egress", "warren lab exec mirror -- bash"): (("[192.168.2.0/24]", '[192.168.2.0/24, "2001:db8:a001::/64"]'),),
}
# Pages that begin with the lab of another page, or with their own already built.
BEGINS_WITH = {"lab": "first-network", "explain": "explain"}
# Told by what is not on this machine: ufw, a visitor.
ELSEWHERE = ("warren explain internet web", "warren trace ")


@dataclass(frozen=True, slots=True)
class Typed:
    """One command of a page and what the page shows below it."""

    command: str
    shown: tuple[str, ...]


def blocks(page: str) -> Iterator[str | list[Typed]]:
    """Files and parts of them as texts, and the commands between them."""
    for kind, content in BLOCK.findall((GUIDE / f"{page}.md").read_text()):
        yield content if kind == "yaml" else list(commands(content))


def commands(content: str) -> Iterator[Typed]:
    """Each line after a prompt, with all up to the next."""
    for part in re.split(r"^\$ ", content, flags=re.MULTILINE)[1:]:
        command, *shown = part.rstrip("\n").split("\n")
        yield Typed(command, tuple(shown))


def edited(file: str, block: str) -> str:
    """A whole file takes its place; of a part, each key at the left edge."""
    if block.startswith("version:"):
        return block
    for part in TOP.split(block):
        key = part.partition(":")[0]
        if TOP.match(part) and (old := re.search(rf"^{key}:.*?(?=^\w|\Z)", file, re.MULTILINE | re.DOTALL)):
            file = file.replace(old[0], part.rstrip("\n") + "\n\n")
    return file


class Shell:
    """One shell for a page, in which a lab of its own stands for its network."""

    def __init__(self, folder: Path, lab: str) -> None:
        (folder / "bin").mkdir()
        (folder / "bin" / "warren").write_text(f'#!/bin/sh\nexec {sys.executable} -m warren "$@"\n')
        (folder / "bin" / "warren").chmod(0o755)
        path = f"{folder / 'bin'}:{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path, "WARREN_LAB": lab, "COLUMNS": "100", "NO_COLOR": "1"}
        self.bash = subprocess.Popen(
            ["bash"], cwd=folder, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def type(self, command: str) -> list[str]:
        """What is printed; the next command sees its exit code."""
        assert self.bash.stdin and self.bash.stdout
        self.bash.stdin.write(f"{command} </dev/null\n_code=$?; printf '\\n{END}\\n'; (exit $_code)\n")
        self.bash.stdin.flush()
        lines = []
        for line in self.bash.stdout:
            if line == f"{END}\n":
                break
            if not NOISE.match(line):
                lines.append(line.rstrip("\n"))
        return lines[:-1] if lines and not lines[-1] else lines

    def end(self) -> None:
        """The lab goes with it."""
        self.type("warren lab down")
        self.bash.communicate("exit\n", timeout=30)


def plain(line: str) -> str:
    """Without what differs from run to run."""
    for pattern, instead in VOLATILE:
        line = re.sub(pattern, instead, line)
    return line.rstrip()


def agrees(shown: tuple[str, ...], printed: list[str]) -> bool:
    """Line by line; `...` stands for any lines. A page that shows nothing says nothing of what is printed."""
    if not shown:
        return True
    parts = ".*?".join("".join(f"(?:{re.escape(plain(line))}\n)" for line in part) for part in split(shown))
    return re.fullmatch(parts, "".join(f"{plain(line)}\n" for line in printed), re.DOTALL) is not None


def split(shown: tuple[str, ...]) -> list[list[str]]:
    """The lines between those that stand for any."""
    parts: list[list[str]] = [[]]
    for line in shown:
        if line == REST:
            parts.append([])
        else:
            parts[-1].append(line)
    return parts


def typed(page: str, shell: Shell, file: Path) -> Iterator[str]:
    """Everything that the page shows, and how it differs."""
    begin(page, shell, file)
    count = 0
    for block in blocks(page):
        if isinstance(block, str):
            file.write_text(edited(file.read_text() if file.exists() else "", block))
            continue
        for each in block:
            count += 1
            if each.command.startswith(ELSEWHERE):
                continue
            edit(page, f"{count}:{each.command}", shell, file)
            printed = shell.type(each.command)
            failed = not each.shown and any(line.startswith("error:") for line in printed)
            if failed or not agrees(each.shown, printed):
                yield "\n".join([f"$ {each.command}", *printed, "-- the page shows:", *each.shown, ""])


def begin(page: str, shell: Shell, file: Path) -> None:
    """What the page takes for granted."""
    if page not in BEGINS_WITH:
        return
    file.write_text("")
    for block in blocks(BEGINS_WITH[page]):
        if isinstance(block, str):
            file.write_text(edited(file.read_text(), block))
    shell.type("warren lab up")


def edit(page: str, counted: str, shell: Shell, file: Path) -> None:
    """What the page says in words before this command."""
    plainly = counted.partition(":")[2]
    for (where, command), changes in EDITS.items():
        if where != page or not (counted.startswith(command) or plainly.startswith(command)):
            continue
        for old, new in changes:
            text = file.read_text()
            assert old in text, old
            file.write_text(text.replace(old, new))
        if "apply" not in command:
            shell.type("warren lab apply")


@pytest.mark.netns
@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_so(page: str, tmp_path: Path) -> None:
    shell = Shell(tmp_path, f"guide-{page}-{os.getpid()}")
    try:
        differing = list(typed(page, shell, tmp_path / "warren.yaml"))
    finally:
        shell.end()
    assert not differing, "\n".join(differing)
