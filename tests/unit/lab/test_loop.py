"""Sockets that are ready, and calls for later, in turn."""

from __future__ import annotations

import socket

from warren.lab.loop import READ, WRITE, Loop


def test_what_is_ready_is_called() -> None:
    loop, here_and_there = Loop(), socket.socketpair()
    here, there = here_and_there
    seen: list[int] = []
    loop.watch(here, READ, seen.append)
    there.send(b"x")
    loop.turn()
    loop.watch(here, READ | WRITE, seen.append)
    loop.turn()
    assert seen == [READ, READ | WRITE]
    loop.forget(here)
    loop.forget(here)
    there.close()


def test_later_comes_in_order() -> None:
    loop, seen = Loop(), list[str]()
    loop.later(0.02, lambda: seen.append("second"))
    loop.later(0.0, lambda: seen.append("first"))
    while len(seen) < 2:
        loop.turn()
    assert seen == ["first", "second"]


def test_what_an_earlier_call_closed_is_not_called() -> None:
    loop = Loop()
    pairs = [socket.socketpair() for _ in range(2)]
    seen: list[int] = []

    def close_all(_: int) -> None:
        seen.append(1)
        for here, _there in pairs:
            loop.forget(here)

    for here, there in pairs:
        loop.watch(here, READ, close_all)
        there.send(b"x")
    loop.turn()
    assert seen == [1]
    for _, there in pairs:
        there.close()
