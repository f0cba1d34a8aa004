"""What a shell offers: the names of the file that the command would read."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from tests.unit.cli.calling import TWO_HOSTS, written
from warren.cli.main import warren


def offered(*words: str) -> list[str]:
    """What stands for the last word."""
    found = ShellComplete(warren, {}, "warren", "_WARREN_COMPLETE").get_completions(list(words[:-1]), words[-1])
    return [each.value for each in found if not each.value.startswith("-")]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a file."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("warren.lab.lab.labs", lambda: ())
    return written(tmp_path)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (("log", ""), ["vps", "home"]),
        (("log", "vps", ""), ["home"]),
        (("rollback", "h"), ["home"]),
        (("logs", ""), ["db", "game"]),
        (("pin", "g"), ["game"]),
        (("exec", ""), ["db", "game", "vps", "home"]),
        (("explain", ""), ["db", "game", "vps", "home", "internet", "lan:vps", "lan:home"]),
        (("explain", "internet", "db."), ["db.sql"]),
        (("trace", "internet", "nothing."), []),
        (("show", "desired", "v"), ["vps"]),
        (("lab", "exec", "router:"), ["router:vps", "router:home"]),
        (("lab", "fault", "kill", "tunnel", "h"), ["home"]),
    ],
)
def test_names_of_the_file(words: tuple[str, ...], names: list[str]) -> None:
    assert offered(*words) == names


def test_of_the_file_that_was_named(here: Path) -> None:
    other = here.with_name("other.yaml")
    other.write_text(TWO_HOSTS.replace("db", "mail"))
    assert offered("logs", "--file", "other.yaml", "") == ["mail", "game"]
    assert offered("-f", "other.yaml", "logs", "") == ["mail", "game"]


@pytest.mark.parametrize("text", ["", "- 1\n", "services: [", "services: 3\n", "hosts: {a: }\n"])
def test_a_file_that_is_none_has_no_names(here: Path, text: str) -> None:
    here.write_text(text)
    assert offered("logs", "") == []
    here.unlink()
    assert offered("logs", "") == []


def test_the_labs_that_run(monkeypatch: pytest.MonkeyPatch) -> None:
    one = type("Lab", (), {"name": "trial"})
    monkeypatch.setattr("warren.lab.lab.labs", lambda: (one,))
    assert offered("status", "--lab", "") == ["trial"] == offered("lab", "down", "--name", "t")
