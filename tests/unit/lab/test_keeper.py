"""PID 1 of a lab: its answers. What it builds is in tests/netns/test_lab_build.py."""

from __future__ import annotations

import json
import os
import socket

from warren.lab.keeper import Keeper, read_line, uid_of


def keeper() -> Keeper:
    return Keeper(socket.socket(socket.AF_UNIX))


def test_trouble_is_an_answer() -> None:
    kept = keeper()
    with kept.door:
        assert kept.reply(b'{"do": "dance"}\n') == {"error": "the keeper knows no request 'dance'"}
        assert "error" in kept.reply(b"nonsense")


def test_it_knows_where_the_core_is() -> None:
    kept = keeper()
    with kept.door:
        assert kept.places == {"core": os.getpid()}
        assert kept.reply(json.dumps({"do": "configure", "lines": {}, "rules": {}}).encode()) == {}


def test_a_caller_is_known_by_its_user_and_heard_for_a_line() -> None:
    here, there = socket.socketpair()
    with here, there:
        there.sendall(b"one\ntwo\n")
        assert (uid_of(here), read_line(here)) == (os.getuid(), b"one\n")
