"""Speaking to the stand-ins of a lab."""

from __future__ import annotations

import json
import socket
import threading
from pathlib import Path

import pytest

from warren.basis.diagnostic import Refused
from warren.lab.standing import Standing, stand


def answering(path: Path, answer: bytes) -> threading.Thread:
    """A stand-in process that says one thing."""
    door = socket.socket(socket.AF_UNIX)
    door.bind(str(path))
    door.listen()

    def serve() -> None:
        caller, _ = door.accept()
        with door, caller, caller.makefile("rb") as stream:
            stream.readline()
            caller.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    return thread


def test_what_listens_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    answer = {"open": 4, "missing": ["blog"], "failed": []}
    thread = answering(path, json.dumps(answer).encode() + b"\n")
    assert stand("worlds", path, {"listeners": [], "relays": []}) == Standing(4, ("blog",), ())
    thread.join()


def test_trouble_is_raised(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    thread = answering(path, b'{"error": "no room"}\n')
    with pytest.raises(Refused, match="the stand-ins of lab `worlds`: no room"):
        stand("worlds", path, {})
    thread.join()


def test_without_a_lab_none_are_started(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no lab `nothing-here` runs"):
        stand("nothing-here", tmp_path / "socket", {})
