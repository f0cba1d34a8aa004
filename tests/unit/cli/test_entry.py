"""The door to a service or a host."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from warren.basis.diagnostic import Refused
from warren.cli import entry
from warren.hosts.base import Result

FILE = """\
version: 1
network: {name: test}
hosts:
  vps: {ssh: root@203.0.113.10, public: 203.0.113.10}
services:
  blog: {host: vps, image: "example.org/blog:1"}
"""


@dataclass(slots=True)
class Carrier:
    """Keeps what it is asked."""

    code: int = 0
    asked: list[str] = field(default_factory=list)

    def run(self, script: str, stdin: bytes = b"", timeout: float = 60.0) -> Result:
        self.asked.append(script)
        return Result(self.code, b"out", b"error: why\n")


@dataclass(slots=True)
class Place:
    """A ground, and a lab in one."""

    is_plain: bool = False
    carrier: Carrier = field(default_factory=Carrier)
    attached: list[tuple[str, object]] = field(default_factory=list)

    @property
    def hosts(self) -> dict[str, Carrier]:
        return {"vps": self.carrier}

    @property
    def lab(self) -> Place:
        return self

    def attach(self, host: str, command: str, terminal: bool = False) -> int:
        self.attached.append((host, command))
        return 5

    def exec(self, place: str, words: Sequence[str]) -> int:
        self.attached.append((place, tuple(words)))
        return 6

    def run(self, place: str, *words: str, timeout: float) -> Result:
        return Result(7, " ".join([place, *words]).encode(), b"")


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Place:
    made = Place()
    monkeypatch.setattr(entry, "ground", lambda topology, lab, only: made)
    return made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "warren.yaml"
    path.write_text(FILE)
    return path


def test_a_service(place: Place, file: Path) -> None:
    door = entry.door(file, None, "blog")
    assert door.words == "blog on vps"
    assert door.attach(["ls"]) == 5
    assert "setpriv" in str(place.attached[0][1])
    assert door.run(["ls"]).stdout == b"out"
    assert "setpriv" in place.carrier.asked[0]


def test_a_container(place: Place, file: Path) -> None:
    door = entry.door(file, None, "blog", "blog")
    assert door.words == "container blog of blog on vps"
    assert b"out" == door.run(["ls"]).stdout
    assert "podman exec --interactive blog ls" in place.carrier.asked[0]


def test_a_host(place: Place, file: Path) -> None:
    door = entry.door(file, None, "vps")
    assert (door.words, door.attach(["ls", "a b"])) == ("vps, as root", 5)
    assert place.attached == [("vps", "exec ls 'a b'")]


def test_a_place_of_a_plain_lab(place: Place, file: Path) -> None:
    place.is_plain = True
    assert entry.door(file, None, "blog").attach(["ls"]) == 6
    assert place.attached == [("blog", ("ls",))]
    assert entry.door(file, None, "vps").run(["ls", "x"]).stdout == b"vps ls x"
    with pytest.raises(Refused, match="there are no containers"):
        entry.door(file, None, "blog", "blog").run(["ls"])


def test_the_journal(place: Place, file: Path) -> None:
    door = entry.service_door(file, None, "blog")
    assert door.follow(["--lines=1"]) == 5
    assert door.journal(["--lines=1"]) == b"out"
    place.carrier.code = 1
    with pytest.raises(Refused, match="vps: why"):
        door.journal([])


@pytest.mark.parametrize(("name", "container"), [("blgo", None), ("vsp", None), ("vps", "x"), ("blog", "x")])
def test_what_is_not_there(place: Place, file: Path, name: str, container: str | None) -> None:
    with pytest.raises(Refused, match="there is no|has no container"):
        entry.door(file, None, name, container)


def test_a_terminal_at_both_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert entry.terminal() == "xterm"
    monkeypatch.setattr("sys.stdout.isatty", lambda: False, raising=False)
    assert entry.terminal() is None
