"""A service's user on a real machine, from recorded evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.networks import example
from tests.unit.explain.asking import NAME
from tests.unit.explain.witness import expected, healthy, said, scene
from warren.condition import Condition
from warren.explain.causes import account, listener
from warren.explain.scene import Scene

TOPOLOGY = example(NAME)


def unwell(fields: dict[str, str], full: tuple[str, ...] = (), *units: Condition) -> Scene:
    """A database of which nothing listens, with what systemd and Podman say of it."""
    home = healthy(TOPOLOGY)["home"]
    inner = replace(home.inner["db"], listeners=(), account=fields, conditions=units)
    return scene(expected("cloud", "db"), {"home": replace(home, inner={**home.inner, "db": inner}, full=full)})


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"manager": "failed"}, "manager-down: the user manager of db is failed on home"),
        (
            {"manager": "active", "said": "Error: docker.io/library/postgres:17: image not known"},
            "image-missing: the image of db is not on home: Error: docker.io/library/postgres:17: image not known",
        ),
        (
            {"manager": "active", "said": "bind: address already in use"},
            "port-taken: the port of db is taken by another program of db: bind: address already in use",
        ),
        (
            {"manager": "active", "said": "write: no space left on device"},
            "disk-full: the disk of home is full",
        ),
    ],
)
def test_what_is_wrong(fields: dict[str, str], words: str) -> None:
    assert said(account.unwell(unwell(fields))) == words
    assert said(listener.nobody(unwell(fields))) == words, "before it is said that nothing listens"


@pytest.mark.parametrize(
    ("unit", "words"),
    [
        (Condition("db", "db", "running", health="unhealthy"), "unhealthy: the container db is unhealthy"),
        (Condition("db", "db-app", "failed"), "unit-failed: db-app of db is failed"),
        (Condition("db", "db", "restarting"), "unit-failed: db is restarting"),
        (Condition("db", "db", "missing"), "unit-missing: the unit db is not there"),
    ],
)
def test_units(unit: Condition, words: str) -> None:
    well = Condition("db", "db-cache", "running", health="healthy")
    assert said(account.unwell(unwell({"manager": "active"}, (), well, unit))) == words


def test_a_full_disk_comes_first() -> None:
    found = account.unwell(unwell({"manager": "failed"}, ("/var",)))
    assert said(found) == "disk-full: the disk of home is full at /var"


def test_nothing_is_known_where_there_is_no_systemd() -> None:
    assert account.unwell(unwell({})) is None
    assert account.unwell(unwell({"manager": "active"})) is None
    assert account.unwell(scene(expected("cloud", "home.mysql"))) is None
