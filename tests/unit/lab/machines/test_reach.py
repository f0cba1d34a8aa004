"""A connection is handed over, not carried."""

from __future__ import annotations

import os
import socket

import pytest

from warren.lab.machines import reach


def test_nobody_there_is_said_as_ssh_would(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warren.lab.kernel.enter", lambda _: None)
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        port = unheard.getsockname()[1]
        with pytest.raises(SystemExit, match=f"ssh: connect to host 127.0.0.1 port {port}: Connection refused"):
            reach.main(["/ns", "127.0.0.1", str(port)])


def test_the_socket_itself_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warren.lab.kernel.enter", lambda _: None)
    asking, given = socket.socketpair()
    kept = os.dup(1)
    os.dup2(given.fileno(), 1)
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            reach.main(["/ns", "127.0.0.1", str(server.getsockname()[1])])
            _, (descriptor, *_), _, _ = socket.recv_fds(asking, 1, 1)
            with socket.socket(fileno=descriptor) as received, server.accept()[0] as accepted:
                accepted.sendall(b"SSH-2.0")
                assert received.recv(7) == b"SSH-2.0"
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        given.close()
        asking.close()
