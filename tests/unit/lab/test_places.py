"""Places by name, and the sentences for those that are not there."""

from __future__ import annotations

import os

import pytest

from warren.basis.diagnostic import Refused
from warren.lab.blueprint import Blueprint
from warren.lab.places import ALL, Kind, Place, anchors, find, inner_pid, meant

HERE = os.getpid()
KNOWN = {
    "vps": Place("vps", Kind.HOST, HERE, "vps"),
    "lan:home": Place("lan:home", Kind.OTHER, HERE),
    "game": Place("game", Kind.SERVICE, HERE, "vps"),
}
DECLARED = Blueprint({}, {}, {"game": "vps", "cloud": "vps"}, {"lan:home/lan": "lan:home"})


def test_a_place_has_one_name_and_perhaps_another() -> None:
    assert find("vps", KNOWN, DECLARED).kind is Kind.HOST
    assert find("lan:home/lan", KNOWN, DECLARED).name == "lan:home"


def test_an_unknown_place_says_what_was_meant() -> None:
    with pytest.raises(Refused) as refused:
        find("gane", KNOWN, DECLARED)
    assert refused.value.diagnostics[0].hint == "did you mean `game`? `warren lab status` lists all places"


def test_what_is_meant_is_near_or_a_part() -> None:
    assert meant("home", KNOWN) == f"did you mean `lan:home`? {ALL}"
    assert meant("nothing-like-it", KNOWN) == ALL


def test_a_declared_service_that_does_not_stand_is_explained() -> None:
    with pytest.raises(Refused, match="service `cloud` is not built on vps yet"):
        find("cloud", KNOWN, DECLARED)


def test_a_service_is_entered_through_its_host() -> None:
    assert KNOWN["game"].entry[-5:] == ("--", "ip", "netns", "exec", "game")
    assert KNOWN["game"].namespace == f"/proc/{inner_pid(HERE)}/root/run/netns/game"
    assert KNOWN["vps"].namespace == f"/proc/{inner_pid(HERE)}/ns/net"


def test_this_process_holds_no_anchors() -> None:
    assert anchors(HERE) == {}
