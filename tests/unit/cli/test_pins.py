"""pins: which images are asked for where, and what is said of those that have no digest."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.calling import TWO_HOSTS
from tests.unit.survey.test_images import OWN, Shelf
from warren import pipeline
from warren.basis.diagnostic import Refused
from warren.cli import pins
from warren.spec.model import Spec


def understood(folder: Path, text: str = TWO_HOSTS) -> pipeline.Understood:
    """A file of this text."""
    (folder / "warren.yaml").write_text(text)
    return pipeline.understand(folder / "warren.yaml")


def spec_of(held: pipeline.Understood) -> Spec:
    """What its file says."""
    return pipeline.written(held.path)[0]


def test_what_is_pinned_or_renews_itself_is_passed_over(tmp_path: Path) -> None:
    text = TWO_HOSTS.replace("image: game:1", f"image: game:1@{OWN}")
    text = text.replace("image: postgres:17", "image: postgres:17\n    update: registry")
    spec = spec_of(understood(tmp_path, text))
    found, passed = pins.wanted(spec, (), False)
    assert not found and len(passed) == 2
    assert [one.service for one in pins.wanted(spec, (), True)[0]] == ["game"]
    assert [one.service for one in pins.wanted(spec, ("db",), False)[0]] == ["db"]


def test_each_host_is_asked_once_by_whole_names(tmp_path: Path) -> None:
    held = understood(tmp_path)
    home = Shelf("home", "".join(f"%%warren \n{OWN} {at}@{OWN}\n" for at in NAMES))
    found, _ = pins.wanted(spec_of(held), (), False)
    assert set(pins.resolved(held, {"home": home}, found, False).values()) == {OWN}
    assert len(home.asked) == 1 and "docker.io/library/postgres:17" in home.asked[0]


NAMES = ("docker.io/library/postgres", "docker.io/library/game")


def test_all_that_have_no_digest_are_told_at_once(tmp_path: Path) -> None:
    held = understood(tmp_path)
    found, _ = pins.wanted(spec_of(held), (), False)
    with pytest.raises(Refused) as raised:
        pins.resolved(held, {"home": Shelf("home", "")}, found, False)
    assert [one.summary for one in raised.value.diagnostics] == [
        "`home` cannot say which image `postgres:17` is: it has no such image",
        "`home` cannot say which image `game:1` is: it has no such image",
    ]
