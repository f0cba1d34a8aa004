"""visitor: a request that lies, and an error in one sentence."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from warren.probe import visitor

VISIT: dict[str, Any] = {"id": 1, "netns": "/x", "address": "192.0.2.1", "name": "a.example", "host": "a.example",
                         "path": "/p", "tries": 2}  # fmt: skip


def test_every_visitor_claims_to_be_somebody_else() -> None:
    text = visitor.request(VISIT).decode()
    assert text.startswith("GET /p HTTP/1.1\r\nHost: a.example\r\nX-Forwarded-For: 6.6.6.6\r\n")
    assert text.count(visitor.CLAIMED) == len(visitor.CLAIMS)


def served(said: bytes, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What a visit finds where this is said in plain text."""
    here, there = socket.socketpair()
    monkeypatch.setattr(visitor, "connected", lambda visit: here)
    there.sendall(said)
    there.shutdown(socket.SHUT_WR)
    with there:
        return visitor.once(VISIT, None)


def test_status_headers_and_body(monkeypatch: pytest.MonkeyPatch) -> None:
    found = served(b"HTTP/1.1 200 OK\r\nX-A: b\r\n\r\n{}", monkeypatch)
    assert found == {"status": 200, "headers": {"x-a": "b"}, "body": "{}", "error": None}


def test_a_connection_that_is_closed_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    assert served(b"", monkeypatch)["error"] == "closed"


def test_it_tries_until_there_is_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitor, "PAUSE", 0)
    answers = iter([visitor.failed("early"), {"status": 200, "error": None}])
    monkeypatch.setattr(visitor, "once", lambda one, trust: next(answers))
    assert visitor.visit(VISIT, None) == {"id": 1, "status": 200, "error": None}
    assert list(answers) == []


def test_a_place_that_is_not_there_is_an_error() -> None:
    assert visitor.once(VISIT, None)["error"] == "No such file or directory"
