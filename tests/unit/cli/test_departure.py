"""What is said of hosts that are left."""

from __future__ import annotations

from dataclasses import dataclass

import click
import pytest

from warren.basis.diagnostic import Refused
from warren.cli.departure import lines, refuse_forgetful, refuse_namespaces


@dataclass(frozen=True, slots=True)
class Ground:
    """Where hosts are."""

    is_plain: bool


def test_namespaces_have_nothing_to_go_back_to() -> None:
    refuse_namespaces(Ground(is_plain=False))
    with pytest.raises(Refused, match="namespaces of this machine"):
        refuse_namespaces(Ground(is_plain=True))


def test_namespaces_remember_nothing() -> None:
    refuse_forgetful(Ground(is_plain=False))
    with pytest.raises(Refused, match="do not remember their changes"):
        refuse_forgetful(Ground(is_plain=True))


def test_whose_data_is_still_there() -> None:
    said = [click.unstyle(line) for line in lines({"vps": (), "home": ("cloud", "db\x1b[2J")})]
    assert said == [
        "vps: as it was before the first apply",
        "home: as it was before the first apply; /var/lib/warren/services keeps the data of cloud, db�[2J",
    ]
