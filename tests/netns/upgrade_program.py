"""A service and a visitor of WebSockets, in as few lines as RFC 6455 allows; run as `python -I -S upgrade_program.py`.

In: `serve PORT`, or `visit ADDRESS NAME PATH AUTHORITY SECONDS`. Out: the service tells in the first message what it
was told of the visitor and echoes the rest; the visitor prints one JSON line. Never more than texts of 125 bytes.

To who does not upgrade, the service tells all that it was told; below `/ask` it decides who somebody is.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import socket
import ssl
import sys
import threading
import time

MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
TEXT, CLOSE = 0x81, 0x88
PAUSE = 0.1


def exactly(sock: socket.socket, size: int) -> bytes:
    """So many bytes. Raises `ConnectionError` at the end."""
    said = b""
    while len(said) < size:
        if not (part := sock.recv(size - len(said))):
            raise ConnectionError("closed")
        said += part
    return said


def head(sock: socket.socket) -> tuple[str, dict[str, str]]:
    """The first line and the headers of a request or an answer."""
    said = b""
    while not said.endswith(b"\r\n\r\n"):
        said += exactly(sock, 1)
    first, *lines = said.decode("latin-1").strip().split("\r\n")
    return first, {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


def read(sock: socket.socket) -> tuple[int, bytes]:
    """One frame, unmasked."""
    kind, size = exactly(sock, 2)
    mask = exactly(sock, 4) if size & 0x80 else bytes(4)
    content = exactly(sock, size & 0x7F)
    return kind, bytes(byte ^ mask[number % 4] for number, byte in enumerate(content))


def written(kind: int, content: bytes, masked: bool) -> bytes:
    """One frame; a visitor's is masked."""
    if not masked:
        return bytes((kind, len(content))) + content
    mask = os.urandom(4)
    return bytes((kind, 0x80 | len(content))) + mask + bytes(b ^ mask[n % 4] for n, b in enumerate(content))


def hear_out(sock: socket.socket, headers: dict[str, str]) -> None:
    """The whole body of a request. Raises `ConnectionError` where it is not sent to its end."""
    exactly(sock, int(headers.get("content-length", "0")))
    said = b"" if headers.get("transfer-encoding") == "chunked" else b"0\r\n\r\n"
    while not said.endswith(b"0\r\n\r\n"):
        said = said[-8:] + exactly(sock, 1)


def told(first: str, headers: dict[str, str]) -> bytes:
    """An answer that says what was asked, to the letter."""
    body = json.dumps({"asked": first, "headers": headers}).encode()
    lines = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nX-Powered-By: hand\r\n\r\n"
    return lines.encode() + body


def decided(headers: dict[str, str]) -> bytes:
    """Who may pass: alice by her cookie; others are sent to where they can say who they are."""
    if headers.get("cookie") == "me=alice":
        return b"HTTP/1.1 200 OK\r\nRemote-User: alice\r\nContent-Length: 0\r\n\r\n"
    return b"HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n"


def serve_one(sock: socket.socket) -> None:
    """One visitor, who may ask again and again."""
    with sock:
        while True:
            first, headers = head(sock)
            if headers.get("upgrade", "").lower() == "websocket":
                talk(sock, first, headers)
                return
            hear_out(sock, headers)
            sock.sendall(told(first, headers) if first.split()[1] != "/ask" else decided(headers))


def talk(sock: socket.socket, first: str, headers: dict[str, str]) -> None:
    """WebSocket from here on."""
    accepted = base64.b64encode(hashlib.sha1(headers["sec-websocket-key"].encode() + MAGIC).digest())
    sock.sendall(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accepted + b"\r\n\r\n"
    )
    known = f"{first.split()[1]} {headers.get('x-forwarded-for')} {headers.get('x-forwarded-proto')}"
    sock.sendall(written(TEXT, known.encode(), masked=False))
    while (frame := read(sock))[0] == TEXT:
        sock.sendall(written(TEXT, frame[1], masked=False))


def guarded(sock: socket.socket) -> None:
    """One visitor, who may leave at any time."""
    try:
        serve_one(sock)
    except (ConnectionError, OSError):
        pass


def serve(port: int) -> None:
    """Everybody who comes."""
    with socket.create_server(("", port)) as door:
        while True:
            threading.Thread(target=guarded, args=(door.accept()[0],), daemon=True).start()


def visit(address: str, name: str, path: str, authority: str, seconds: float) -> dict[str, object]:
    """Stay so long, and say something each tenth of a second."""
    key = base64.b64encode(os.urandom(16))
    context = ssl.create_default_context(cafile=authority)
    context.set_alpn_protocols(["http/1.1"])
    plain = socket.create_connection((address, 443), 10)
    with context.wrap_socket(plain, server_hostname=name) as sock:
        asked = f"GET {path} HTTP/1.1\r\nHost: {name}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        asked += f"Sec-WebSocket-Version: 13\r\nX-Forwarded-For: 6.6.6.6\r\nSec-WebSocket-Key: {key.decode()}\r\n\r\n"
        sock.sendall(asked.encode())
        status, headers = head(sock)
        found: dict[str, object] = {"status": int(status.split()[1]), "echoed": 0, "closed": None}
        wanted = base64.b64encode(hashlib.sha1(key + MAGIC).digest()).decode()
        if found["status"] != 101 or headers.get("sec-websocket-accept") != wanted:
            return found
        found["told"] = read(sock)[1].decode()
        found.update(stay(sock, seconds))
    return found


def stay(sock: socket.socket, seconds: float) -> dict[str, object]:
    """Echoes until the time is over, or until somebody closes: with which code, and after which time."""
    begun, echoed = time.monotonic(), 0
    while (passed := time.monotonic() - begun) < seconds:
        try:
            sock.sendall(written(TEXT, f"message {echoed}".encode(), masked=True))
            kind, content = read(sock)
        except OSError as ended:
            return {"echoed": echoed, "closed": str(ended), "after": passed}
        if kind == CLOSE:
            return {"echoed": echoed, "closed": int.from_bytes(content[:2], "big"), "after": passed}
        if content != f"message {echoed}".encode():
            return {"echoed": echoed, "closed": f"{content!r} came back", "after": passed}
        echoed += 1
        time.sleep(PAUSE)
    return {"echoed": echoed, "closed": None}


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(int(sys.argv[2]))
    at, name, path, authority, seconds = sys.argv[2:]
    json.dump(visit(at, name, path, authority, float(seconds)), sys.stdout)
