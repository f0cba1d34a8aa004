"""The sender's packets; they are sent in tests/netns."""

from __future__ import annotations

from pathlib import Path

from warren.probe.scanner import folded, words
from warren.probe.sender import ECHO4, ECHO6, Sender, echo


def test_the_checksum_of_an_echo_request() -> None:
    assert folded(words(echo(False))) == 0xFFFF
    assert (echo(False)[0], echo(True)[0]) == (ECHO4, ECHO6)


def test_a_namespace_that_is_not_there_yet_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "db"
    sender = Sender({"name": "db", "netns": str(path), "sinks": {"ipv4": ["192.0.2.1"], "ipv6": []}})
    sender.look()
    sender.send()
    # `ip netns add` makes the file first and mounts the namespace on it a moment later
    path.touch()
    sender.look()
    sender.send()
    assert (sender.tried, sender.sent, sender.space) == (0, 0, None)
