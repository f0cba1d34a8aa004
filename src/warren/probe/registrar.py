"""What names of the Internet lead to, and who may make certificates for them, as this machine is told.

In: names. Out: their addresses, none where a name is not known; their CAA records; the names of an authority. Never
waits for one name while others could be asked.
"""

from __future__ import annotations

import json
import secrets
import socket
import struct
import urllib.request
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path

from warren.formats.dns_message import Answer, Malformed, answer, question
from warren.probe.ground import Address
from warren.topology.caa import Caa

CAA = 257
NO_ERROR, NO_SUCH_NAME = 0, 3
PATIENCE, TRIES = 3.0, 2
RESOLV_CONF = Path("/etc/resolv.conf")
LONGEST = 65535


def addresses(names: Iterable[str]) -> dict[str, tuple[Address, ...]]:
    """The addresses of every name; of one with a star those of a name below it."""
    asked = tuple(dict.fromkeys(names))
    with ThreadPoolExecutor(max_workers=16) as pool:
        return dict(zip(asked, pool.map(_addresses, asked), strict=True))


def _addresses(name: str) -> tuple[Address, ...]:
    try:
        found = socket.getaddrinfo(name.replace("*.", "any."), None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return tuple(sorted({ip_address(one[4][0]) for one in found}, key=lambda one: (one.version, int(one))))


def authorisations(names: Iterable[str], servers: Iterable[tuple[str, int]] = ()) -> dict[str, tuple[Caa, ...] | None]:
    """The CAA records that count for every name: its own, or those of the first domain above it that has any.

    None where no server answered.
    """
    asked = tuple(dict.fromkeys(names))
    told = tuple(servers) or tuple(_servers())
    with ThreadPoolExecutor(max_workers=16) as pool:
        return dict(zip(asked, pool.map(lambda name: _authorised(name, told), asked), strict=True))


def identities(directory: str) -> tuple[str, ...]:
    """The names by which CAA records know an authority, as its directory says (RFC 8555, 7.1.1); often none."""
    with suppress(OSError, ValueError, AttributeError, TypeError):
        with urllib.request.urlopen(directory, timeout=PATIENCE) as said:
            found = json.loads(said.read(LONGEST)).get("meta", {}).get("caaIdentities", ())
        return tuple(str(name).lower() for name in found)
    return ()


def _servers() -> Iterator[tuple[str, int]]:
    """The resolvers of this machine (resolv.conf(5))."""
    with suppress(OSError):
        for line in RESOLV_CONF.read_text(errors="replace").splitlines():
            match line.split():
                case ["nameserver", address, *_]:
                    yield address, 53


def _authorised(name: str, servers: Iterable[tuple[str, int]]) -> tuple[Caa, ...] | None:
    labels = name.removeprefix("*.").split(".")
    for level in range(len(labels)):
        said = _ask(".".join(labels[level:]), servers)
        if said is None:
            return None
        if said.contents:
            return tuple(caa for content in said.contents if (caa := _caa(content)))
    return ()


def _caa(content: bytes) -> Caa | None:
    if len(content) < 2 or len(content) < 2 + content[1]:
        return None
    end = 2 + content[1]
    return Caa(content[0], content[2:end].decode("ascii", "replace"), content[end:].decode("utf-8", "replace"))


def _ask(name: str, servers: Iterable[tuple[str, int]]) -> Answer | None:
    for _ in range(TRIES):
        for server in servers:
            with suppress(OSError, Malformed, UnicodeError, struct.error):
                found = _asked(name, server, socket.SOCK_DGRAM)
                found = _asked(name, server, socket.SOCK_STREAM) if found.truncated else found
                if found.code in (NO_ERROR, NO_SUCH_NAME):
                    return found
    return None


def _asked(name: str, server: tuple[str, int], kind: socket.SocketKind) -> Answer:
    number = secrets.randbits(16)
    sent = question(number, name, CAA)
    family = socket.AF_INET6 if ":" in server[0] else socket.AF_INET
    with socket.socket(family, kind) as sock:
        sock.settimeout(PATIENCE)
        sock.connect(server)
        if kind is socket.SOCK_DGRAM:
            sock.send(sent)
            return answer(sock.recv(LONGEST), number, CAA)
        sock.sendall(struct.pack("!H", len(sent)) + sent)
        with sock.makefile("rb") as stream:
            (length,) = struct.unpack("!H", stream.read(2))
            return answer(stream.read(length), number, CAA)
