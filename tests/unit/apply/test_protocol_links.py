"""What a service may plant in its own home leads root nowhere (T13)."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from warren.apply.protocol import REMOTE

STORE = "w/services/db/.local/share/secrets"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A change that touches a file in the home of a service."""
    (tmp_path / "w" / "pending" / "files").mkdir(parents=True)
    (tmp_path / "r").mkdir()
    (tmp_path / "else").mkdir()
    (tmp_path / STORE).mkdir(parents=True)
    (tmp_path / STORE / "secrets.json").write_text("old\n")
    (tmp_path / "w" / "pending" / "touched").write_text(f"file\t{tmp_path}/{STORE}/secrets.json\n")
    return tmp_path


def tell(place: Path, verb: str) -> subprocess.CompletedProcess[str]:
    """What a verb says."""
    text = REMOTE.replace("/var/lib/warren", f"{place}/w").replace("/run/warren", f"{place}/r")
    return subprocess.run(["sh", "-s"], input=f"{text}\n{verb}\n", text=True, capture_output=True, timeout=20)


def plant(place: Path, folder: Path) -> None:
    """A link where the folder was."""
    folder.rename(place / "aside")
    folder.symlink_to(place / "else")


def test_a_file_of_a_service_goes_back(place: Path) -> None:
    assert tell(place, "keep_copies").returncode == 0
    (place / STORE / "secrets.json").write_text("new\n")
    assert tell(place, "restore").returncode == 0
    assert (place / STORE / "secrets.json").read_text() == "old\n"


@pytest.mark.parametrize("folder", [STORE, "w/services/db/.local"])
def test_a_link_is_not_followed_when_files_are_kept(place: Path, folder: str) -> None:
    plant(place, place / folder)
    (place / "else" / "share" / "secrets").mkdir(parents=True)
    done = tell(place, "keep_copies")
    assert done.returncode != 0 and "is a link that a service has made" in done.stderr


@pytest.mark.parametrize("folder", [STORE, "w/services/db/.local"])
@pytest.mark.parametrize("was_there", [True, False])
def test_nor_when_they_are_put_back(place: Path, folder: str, was_there: bool) -> None:
    if not was_there:
        (place / STORE / "secrets.json").unlink()
    assert tell(place, "keep_copies").returncode == 0
    plant(place, place / folder)
    theirs = [place / "else" / "secrets.json", place / "else" / "share" / "secrets" / "secrets.json"]
    for each in theirs:
        each.parent.mkdir(parents=True, exist_ok=True)
        each.write_text("theirs\n")
    assert tell(place, "restore").returncode == 0
    assert [each.read_text() for each in theirs] == ["theirs\n"] * 2
    assert sorted(each.name for each in (place / "else").rglob("*")) == [
        "secrets",
        "secrets.json",
        "secrets.json",
        "share",
    ]


def test_a_place_that_is_itself_a_link_is_the_hosts_own(place: Path) -> None:
    (place / "w" / "services").rename(place / "elsewhere")
    (place / "w" / "services").symlink_to(place / "elsewhere")
    assert tell(place, "keep_copies").returncode == 0
