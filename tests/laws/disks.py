"""What a disk may hold after the power has failed.

In: a folder that stands for a machine, and programs that run in it. Out: what every moment could have left: nothing
but what was synced, everything, or names without their contents. Never a real machine's file: every path of the host is
led into the folder.
"""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

# A name leads to a number and, where it is a link, to where that leads.
Names: TypeAlias = dict[str, tuple[int, str | None]]
SPIED = ("mv", "rm", "ln", "cp", "rmdir", "sync")
SILENT = ("ip", "nft", "wg", "sysctl")
KEPT = ("etc", "var")
HOST = re.compile(r"(?<![\w/.])/(etc|run|var/lib)(?=[/; ])")
PATHS = "PATH=/usr/local/sbin"
SPY = """#!/bin/sh
/usr/bin/{name} "$@"; code=$?
[ -z "$SPY" ] || {python} -I -S "$SPY" {name} "$@" || exit 99
exit $code
"""
LOOK = """\
import base64, json, os, sys
found = {}
for top in TOPS:
    for folder, folders, files in os.walk(top):
        for path in (folder, *(os.path.join(folder, each) for each in (*folders, *files))):
            known = os.lstat(path)
            held = {"ino": known.st_ino, "mode": known.st_mode}
            if os.path.islink(path):
                held["link"] = os.readlink(path)
            elif os.path.isfile(path):
                # As long as something bears it, a number is not given to another file.
                other = os.path.join(KEEP, str(known.st_ino))
                os.path.exists(other) or os.link(path, other)
                held["text"] = base64.b64encode(open(path, "rb").read()).decode()
            found[path] = held
with open(LOG, "a") as log:
    log.write(json.dumps([sys.argv[1:], os.getcwd(), found]) + "\\n")
"""
SYSTEMCTL = "#!/bin/sh\ncase $* in *is-active*) exit 1;; esac\n"
SYSTEMD_RUN = '#!/bin/sh\nwhile case $1 in --*) ;; *) false;; esac; do shift; done\nexec "$@"\n'


@dataclass(frozen=True, slots=True)
class Entry:
    """One path: its number, its mode, and its content or where it leads."""

    ino: int
    mode: int
    text: bytes | None = None
    link: str | None = None


Tree: TypeAlias = dict[str, Entry]


@dataclass(slots=True)
class Machine:
    """A folder that stands for a host with systemd."""

    root: Path
    log: Path = field(init=False)

    def __post_init__(self) -> None:
        tools = self.root / "bin"
        for folder in (
            tools,
            self.root / "keep",
            self.root / "etc/systemd/system",
            self.root / "var/lib",
            self.root / "run/systemd/system",
        ):
            folder.mkdir(parents=True)
        self.log = self.root / "log"
        look = LOOK.replace("TOPS", repr([str(self.root / each) for each in KEPT]))
        look = look.replace("LOG", repr(str(self.log))).replace("KEEP", repr(str(self.root / "keep")))
        (tools / "look.py").write_text(look)
        made = {name: SPY.format(name=name, python=sys.executable) for name in SPIED}
        made |= dict.fromkeys(SILENT, "#!/bin/sh\n") | {"systemctl": SYSTEMCTL, "systemd-run": SYSTEMD_RUN}
        for name, text in made.items():
            (tools / name).write_text(text)
            (tools / name).chmod(0o755)

    def led(self, text: str) -> str:
        """A text whose paths lead into the folder."""
        return HOST.sub(rf"{self.root}/\1", text).replace(PATHS, f"PATH={self.root}/bin:/usr/local/sbin")

    def run(self, text: str, stdin: bytes = b"", spied: bool = False) -> str:
        """What a script says; it must succeed."""
        spy = {"SPY": str(self.root / "bin/look.py")} if spied else {}
        environment = {**os.environ, **spy}
        done = subprocess.run(
            ["sh", "-c", self.led(text)], input=stdin, capture_output=True, env=environment, timeout=30
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    def events(self) -> Iterator[tuple[list[str], str, Tree]]:
        """What was called, where, and all that there was then."""
        for line in self.log.read_text().splitlines():
            words, folder, found = json.loads(line)
            yield words, folder, {path: _entry(held) for path, held in found.items()}

    def boot(self) -> None:
        """The machine comes up with what its disk holds: the way back runs where its unit says so."""
        shutil.rmtree(self.root / "run")
        (self.root / "run/systemd/system").mkdir(parents=True)
        pending, units = self.root / "var/lib/warren/pending", self.root / "etc/systemd/system"
        wanted = units / "sysinit.target.wants/warren-back.service"
        if wanted.exists() and wanted.read_text() and any((pending / each).exists() for each in ("armed", "backing")):
            subprocess.run(["sh", str(pending / "back.sh")], capture_output=True, timeout=30, check=False)

    def lay(self, disk: Mapping[str, Entry]) -> None:
        """The disk holds this, and nothing else."""
        for each in KEPT:
            shutil.rmtree(self.root / each, ignore_errors=True)
        for path, entry in sorted(disk.items()):
            if stat.S_ISDIR(entry.mode):
                Path(path).mkdir()
            elif entry.link is not None:
                Path(path).symlink_to(entry.link)
            else:
                Path(path).write_bytes(entry.text or b"")
                Path(path).chmod(stat.S_IMODE(entry.mode))


def _entry(held: dict[str, object]) -> Entry:
    text, link = held.get("text"), held.get("link")
    content = base64.b64decode(text) if isinstance(text, str) else None
    return Entry(int(str(held["ino"])), int(str(held["mode"])), content, str(link) if link is not None else None)


@dataclass(slots=True)
class Disk:
    """What is certain: the contents that were synced, and the names in folders that were."""

    contents: dict[int, bytes] = field(default_factory=dict)
    folders: dict[int, Names] = field(default_factory=dict)
    modes: dict[int, int] = field(default_factory=dict)

    def sync(self, path: str, tree: Tree) -> None:
        """One file, or one folder's names."""
        entry = tree.get(path)
        if entry is None or entry.link is not None:
            return
        if stat.S_ISDIR(entry.mode):
            self.folders[entry.ino] = names(path, tree)
        else:
            self.contents[entry.ino] = entry.text or b""

    def sync_all(self, tree: Tree) -> None:
        """Everything."""
        for path in tree:
            self.sync(path, tree)

    def strict(self, tops: list[str], tree: Tree) -> Tree:
        """Nothing but what was synced."""
        found: Tree = {}
        waiting = [(top, tree[top].ino) for top in tops]
        while waiting:
            path, number = waiting.pop()
            found[path] = Entry(number, stat.S_IFDIR | 0o755)
            for name, (inner, link) in self.folders.get(number, {}).items():
                mode = self.modes[inner]
                if stat.S_ISDIR(mode):
                    waiting.append((f"{path}/{name}", inner))
                else:
                    found[f"{path}/{name}"] = Entry(inner, mode, self.contents.get(inner, b""), link)
        return found

    def torn(self, tree: Tree, empty: bool) -> Tree:
        """Every name, and old contents, or none, where the new ones were not synced."""
        return {path: self._torn(entry, empty) for path, entry in tree.items()}

    def _torn(self, entry: Entry, empty: bool) -> Entry:
        if entry.text is None or self.contents.get(entry.ino) == entry.text:
            return entry
        return Entry(entry.ino, entry.mode, b"" if empty else self.contents.get(entry.ino, b""))


def names(folder: str, tree: Tree) -> Names:
    """What is directly in a folder."""
    inside = (path for path in tree if path.rpartition("/")[0] == folder)
    return {path.rpartition("/")[2]: (tree[path].ino, tree[path].link) for path in inside}


def moments(machine: Machine) -> Iterator[tuple[str, Tree]]:
    """What the disk may hold at each moment, after a beginning that is all on disk."""
    disk, first, tops = Disk(), True, [str(machine.root / each) for each in KEPT]
    before: Tree = {}
    for number, (words, folder, tree) in enumerate(machine.events()):
        for half in _halves(words, before, tree):
            yield f"{number} {' '.join(words)[-80:]} half done", half
        before = tree
        if first:
            disk.sync_all(tree)
            first = False
        disk.modes.update({each.ino: each.mode for each in tree.values()})
        for path in _synced(words, folder, tree, tops):
            disk.sync(path, tree)
            yield f"{number} {path} synced, nothing else", disk.strict(tops, tree)
        said = f"{number} {' '.join(words)[-80:]}"
        yield f"{said}: nothing unsynced", disk.strict(tops, tree)
        yield f"{said}: everything", tree
        yield f"{said}: old contents", disk.torn(tree, empty=False)
        yield f"{said}: no contents", disk.torn(tree, empty=True)


def _halves(words: list[str], before: Tree, after: Tree) -> Iterator[Tree]:
    """What is taken away as a whole goes one by one, in whatever order."""
    gone = [path for path in sorted(before) if path not in after and not stat.S_ISDIR(before[path].mode)]
    for cut in range(1, len(gone), 4) if words[0] == "rm" else ():
        for going in (gone[:cut], gone[cut:]):
            yield {path: entry for path, entry in before.items() if path not in going}


def _synced(words: list[str], folder: str, tree: Tree, tops: list[str]) -> Iterator[str]:
    if words[0] == "sync" and words[1:2] == ["-f"]:
        # One disk of several.
        yield from (path for top in tops if words[2].startswith(top) for path in tree if path.startswith(top))
    elif words[0] == "sync":
        yield from (os.path.normpath(os.path.join(folder, each)) for each in words[1:])
