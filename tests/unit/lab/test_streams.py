"""Bytes and ends are carried both ways; a slow receiver stops its sender, not the memory."""

from __future__ import annotations

import socket

from warren.lab.loop import Loop
from warren.lab.streams import FULL, Stream, join


def carried() -> tuple[Loop, socket.socket, socket.socket, Stream, Stream]:
    """Two ends whose words are carried to each other."""
    (left, carrier), (other, right) = socket.socketpair(), socket.socketpair()
    for each in (carrier, other):
        each.setblocking(False)
    loop = Loop()
    one, two = Stream(loop, carrier), Stream(loop, other)
    join(one, two)
    return loop, left, right, one, two


def test_words_go_both_ways_and_the_end_follows_them() -> None:
    loop, left, right, one, two = carried()
    with left, right:
        left.sendall(b"question")
        left.shutdown(socket.SHUT_WR)
        turn(loop, 4)
        assert right.recv(100) == b"question"
        assert right.recv(100) == b""
        right.sendall(b"answer")
        right.close()
        turn(loop, 4)
        assert left.recv(100) == b"answer"
        assert (one.connection.fileno(), two.connection.fileno()) == (-1, -1)


def test_a_slow_receiver_is_waited_for() -> None:
    loop, left, right, one, two = carried()
    with left, right:
        left.setblocking(False)
        sent = 0
        for _ in range(200):
            try:
                sent += left.send(b"x" * 65536)
            except BlockingIOError:
                pass
            turn(loop, 1)
        assert len(two.unsent) <= FULL + 65536
        received = 0
        while received < sent:
            received += len(right.recv(1 << 20))
            turn(loop, 2)
        assert received == sent
        loop.forget(one.connection)
        loop.forget(two.connection)


def test_an_echo_says_what_it_hears() -> None:
    here, there = socket.socketpair()
    there.setblocking(False)
    loop = Loop()
    with here:
        Stream(loop, there).say(b"first ")
        here.sendall(b"second")
        turn(loop, 3)
        assert here.recv(100) == b"first second"
        here.close()
        turn(loop, 1)
        assert there.fileno() == -1


def turn(loop: Loop, times: int) -> None:
    """Turn a loop without waiting for ever."""
    for _ in range(times):
        loop.later(0.0, lambda: None)
        loop.turn()
