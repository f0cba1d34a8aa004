"""Visits HTTPS sites from many network namespaces and writes down what came back.

In: JSON on stdin: `authority` (PEM), `visits`, each {id, netns, address, name, host, path, tries}. Out: JSON on stdout:
`visits`, each {id, status, body, error, headers}. Never imports anything of ours: it runs as `python -I -S visitor.py`.

Every visitor claims to be somebody else, in all the headers that are known for it.
"""

from __future__ import annotations

import ctypes
import json
import os
import socket
import ssl
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

CLONE_NEWNET = 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)
TIMEOUT = 5.0
PAUSE = 0.5
CLAIMED = "6.6.6.6"
CLAIMS = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "True-Client-IP", "CF-Connecting-IP", "Remote-User")
MOST = 65536


def connected(visit: dict[str, Any]) -> socket.socket:
    """A connection from the place; the namespace is this thread's alone."""
    space = os.open(visit["netns"], os.O_RDONLY | os.O_CLOEXEC)
    try:
        if LIBC.setns(space, CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "no such place")
    finally:
        os.close(space)
    return socket.create_connection((visit["address"], visit.get("port", 443)), TIMEOUT)


def request(visit: dict[str, Any]) -> bytes:
    """A request that lies about its client."""
    lies = "".join(f"{name}: {CLAIMED}\r\n" for name in CLAIMS)
    return f"GET {visit['path']} HTTP/1.1\r\nHost: {visit['host']}\r\n{lies}Connection: close\r\n\r\n".encode()


def read(sock: socket.socket) -> bytes:
    """Everything until the end."""
    said = b""
    while len(said) < MOST and (part := sock.recv(16384)):
        said += part
    return said


def once(visit: dict[str, Any], trust: ssl.SSLContext | None) -> dict[str, Any]:
    """One visit: the status, the headers and the body, or the error as text."""
    begun = time.monotonic()
    try:
        with connected(visit) as plain:
            sock = trust.wrap_socket(plain, server_hostname=visit["name"]) if trust else plain
            with sock:
                sock.sendall(request(visit))
                head, _, body = read(sock).partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        pairs = (line.partition(": ") for line in lines[1:])
        headers = {name.lower(): value for name, _, value in pairs}
        status = int(lines[0].split(" ")[1]) if " " in lines[0] else None
        found = {"status": status, "headers": headers, "body": body.decode("utf-8", "replace"), "error": None}
        return found if status else {**found, "error": "closed"}
    except ssl.SSLCertVerificationError as wrong:
        return failed(f"certificate: {wrong.verify_message}")
    except ssl.SSLError as wrong:
        return failed(f"handshake: {wrong.reason}")
    except TimeoutError:
        return failed(f"nothing came back within {time.monotonic() - begun:.0f} seconds")
    except OSError as wrong:
        return failed(wrong.strerror or str(wrong))


def failed(error: str) -> dict[str, Any]:
    """A visit that got no answer."""
    return {"status": None, "headers": {}, "body": "", "error": error}


def visit(one: dict[str, Any], trust: ssl.SSLContext | None) -> dict[str, Any]:
    """Visit until there is an answer, as a certificate may only just be on its way."""
    for left in range(one["tries"], 0, -1):
        found = once(one, trust)
        if found["error"] is None or left == 1:
            break
        time.sleep(PAUSE)
    return {"id": one["id"], **found}


def main() -> None:
    """Visit everything in the plan."""
    plan = json.load(sys.stdin)
    trust = ssl.create_default_context(cadata=plan["authority"]) if plan.get("authority") else None
    with ThreadPoolExecutor(max_workers=16) as pool:
        found = list(pool.map(lambda one: visit(one, trust), plan["visits"]))
    json.dump({"visits": found}, sys.stdout)


if __name__ == "__main__":
    main()
