"""asker: questions and answers as bytes, and a server that loses some."""

from __future__ import annotations

import socket
import threading

import pytest

from warren.probe import asker

# blog.n.internal A, answered twice with compressed names, in one order or the other.
HEAD = bytes.fromhex("0007858000010002000000000462") + b"log\x01n\x08internal\x00" + bytes.fromhex("00010001")
ANSWER = HEAD + b"".join(
    bytes.fromhex("c00c00010001000000" + "3c0004") + bytes(address) for address in ((10, 86, 0, 3), (10, 86, 0, 2))
)


def test_a_question_is_one_name() -> None:
    text = asker.question(7, "blog.n.internal", 1)
    assert text == bytes.fromhex("000701000001000000000000") + HEAD[12:]


def test_an_answer_is_a_code_and_what_was_found() -> None:
    assert asker.answer(ANSWER, 1) == (0, ["10.86.0.2", "10.86.0.3"])
    assert asker.answer(ANSWER, 28) == (0, [])
    assert asker.answer(HEAD[:2] + b"\x85\x83" + b"\0\1\0\0\0\0\0\0" + HEAD[12:], 1) == (3, [])


def test_a_name_that_goes_in_circles_is_none() -> None:
    with pytest.raises(ValueError, match="without an end"):
        asker.name_at(b"\xc0\x00", 0)


def test_what_is_lost_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))
    heard: list[bytes] = []

    def serve() -> None:
        for _ in range(2):
            text, peer = server.recvfrom(512)
            heard.append(text)
        server.sendto(b"junk", peer)
        server.sendto(heard[1][:2] + ANSWER[2:], peer)

    thread = threading.Thread(target=serve)
    thread.start()
    port = server.getsockname()[1]
    real = socket.socket.connect
    monkeypatch.setattr(asker, "AGAIN", 0.05)
    monkeypatch.setattr(socket.socket, "connect", lambda self, where: real(self, (where[0], port)))
    questions = [{"server": "127.0.0.1", "name": "blog.n.internal", "type": "A"}]
    assert asker.asked(questions, 3.0) == {0: (0, ["10.86.0.2", "10.86.0.3"])}
    thread.join()
    server.close()


def test_a_place_that_is_not_there() -> None:
    assert not asker.enter("/nowhere")
