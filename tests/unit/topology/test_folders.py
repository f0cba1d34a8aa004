"""folders: where programs keep what they have."""

from __future__ import annotations

from warren.desired.account import HOMES
from warren.topology import folders


def test_they_are_those_of_the_user() -> None:
    assert folders.HOMES == HOMES
    assert folders.kept("web0") == f"{HOMES}/web0/kept"
    assert folders.running("web0", 6001) == "/run/user/6001/web0"
    assert folders.told("web0") == "/etc/warren/web0"
