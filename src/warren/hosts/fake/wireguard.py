"""WireGuard in memory: `wg set` in, `wg show all dump` out.

In: words of `wg set` as `desired.items.tunnel` writes them. Out: interfaces with their peers. A prefix belongs to one
peer of an interface: who gets it takes it from the other, as in the kernel. Never a private key.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from warren.hosts.fake.words import Refusal, Words

SECRET = "-"


@dataclass(slots=True)
class Peer:
    """What an interface knows of another end."""

    endpoint: str = "(none)"
    keepalive: int = 0
    allowed: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Interface:
    """One interface; port 0 until it has a key."""

    port: int = 0
    public_key: str = "(none)"
    peers: dict[str, Peer] = field(default_factory=dict)

    def set(self, words: Words, own_key: str | None, port: int) -> None:
        """Carries out what follows `wg set NAME`; `port` is what the kernel would choose."""
        if words.accept("private-key"):
            words.take()
            if own_key is None:
                raise Refusal("fopen: No such file or directory")
            self.public_key = own_key
            chosen = int(words.take()) if words.accept("listen-port") else self.port
            self.port = chosen or port
        elif words.accept("peer"):
            self._set_peer(words.take(), words)
        if words.next:
            raise Refusal(f"Invalid argument: {words.next}")

    def _set_peer(self, key: str, words: Words) -> None:
        if words.accept("remove"):
            self.peers.pop(key, None)
            return
        if len(key) != 44:
            raise Refusal(f"Key is not the correct length or format: `{key}'")
        peer = self.peers.setdefault(key, Peer())
        if words.accept("endpoint"):
            peer.endpoint = words.take()
        words.expect("persistent-keepalive")
        peer.keepalive = int(words.take())
        words.expect("allowed-ips")
        wanted = words.take().split(",")
        for other in self.peers.values():
            other.allowed = [each for each in other.allowed if each not in wanted]
        peer.allowed = wanted


def dump(interfaces: dict[str, Interface]) -> Iterator[str]:
    """`wg show all dump`, secrets left out."""
    for name, interface in interfaces.items():
        yield "\t".join((name, SECRET, interface.public_key, str(interface.port), "off"))
        for key, peer in interface.peers.items():
            allowed = ",".join(peer.allowed) or "(none)"
            yield "\t".join((name, key, SECRET, peer.endpoint, allowed, "0", "0", "0", str(peer.keepalive or "off")))


def key_of(name: str) -> str:
    """The public key that a host of this name makes: always the same, so that golden texts hold."""
    return base64.b64encode(hashlib.sha256(name.encode()).digest()).decode()
