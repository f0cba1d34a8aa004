"""`warren pin` as it is typed, against a host that answers what is written here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.calling import TWO_HOSTS, call
from tests.unit.survey.test_images import OWN, Shelf

NAMES = ("docker.io/library/postgres", "docker.io/library/game")
SAID = "".join(f"%%warren \n{OWN} {at}@{OWN}\n" for at in NAMES)


def typed(folder: Path, *words: str, said: str = SAID) -> tuple[int, str, str, str]:
    """Exit code, both outputs, and the file as it is afterwards."""
    path = folder / "warren.yaml"
    path.write_text(f"# mine\n{TWO_HOSTS}")
    made = type("Ground", (), {"hosts": {"home": Shelf("home", said)}, "is_plain": False})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("warren.cli.ground.ground", lambda *_: made)
        done = call("pin", "-f", str(path), *words)
    return done.code, done.out, done.err, path.read_text()


def test_the_file_says_the_digests_and_the_difference_is_shown(tmp_path: Path) -> None:
    code, out, _, text = typed(tmp_path)
    assert code == 0 and text.startswith("# mine\n")
    assert f"image: postgres:17@{OWN}\n" in text and f"image: game:1@{OWN}\n" in text
    assert f"-    image: game:1\n+    image: game:1@{OWN}" in out


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    code, out, _, text = typed(tmp_path, "--dry-run")
    assert code == 0 and OWN in out and OWN not in text


def test_programs_get_it_as_json(tmp_path: Path) -> None:
    _, out, _, _ = typed(tmp_path, "--json", "db")
    found = json.loads(out)
    assert found["written"] and found["pinned"] == [
        {"service": "db", "container": None, "image": "postgres:17", "digest": OWN}
    ]


def test_nothing_is_written_where_one_has_no_digest(tmp_path: Path) -> None:
    code, _, err, text = typed(tmp_path, said="")
    assert code == 1 and "cannot say which image" in err and "@" not in text
