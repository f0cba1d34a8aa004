"""Runs inside a lab and does there what a test asks: sockets, raw frames and captures in any namespace.

In: one JSON line a request on stdin. Out: one JSON line an answer. Never decides anything; standard library alone.
"""

from __future__ import annotations

import base64
import ctypes
import json
import os
import socket
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

CLONE_NEWNET = 0x40000000
ETH_P_ALL = 0x0003
OUTGOING, ETHERNET = 4, 1
LIBC = ctypes.CDLL(None, use_errno=True)
KINDS = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}

captures: list[tuple[socket.socket, list[dict[str, Any]]]] = []
kept: list[socket.socket] = []


def enter(path: str) -> None:
    """Move this thread into a network namespace."""
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if LIBC.setns(fd, CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), path)
    finally:
        os.close(fd)


def opened(request: dict[str, Any], address: str) -> socket.socket:
    """A TCP or UDP socket at a place, of the family of an address."""
    enter(request["at"])
    made = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, KINDS[request["kind"]])
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if source := request.get("source"):
        made.bind(tuple(source))
    made.settimeout(request.get("timeout", 1.0))
    return made


# captures and frames


def sniff(request: dict[str, Any]) -> dict[str, Any]:
    """Take every packet of an interface (or of all) from now on."""
    enter(request["at"])
    made = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 24)
    if interface := request.get("interface"):
        made.bind((interface, ETH_P_ALL))
    made.setblocking(False)
    captures.append((made, []))
    return {"id": len(captures) - 1}


def waiting(sock: socket.socket) -> Iterator[dict[str, Any]]:
    """What a capture holds."""
    while True:
        try:
            packet, (interface, _, kind, hardware, _) = sock.recvfrom(65536)
        except BlockingIOError:
            return
        except OSError:
            continue
        text = base64.b64encode(packet).decode()
        yield {"on": interface, "out": kind == OUTGOING, "ethernet": hardware == ETHERNET, "bytes": text}


def seen(request: dict[str, Any]) -> dict[str, Any]:
    """Everything that a capture has taken."""
    sock, packets = captures[request["id"]]
    packets.extend(waiting(sock))
    return {"packets": packets}


def send(request: dict[str, Any]) -> dict[str, Any]:
    """Put frames on an interface, as they are; on an interface without link layer, packets."""
    enter(request["at"])
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0) as sock:
        for frame in request["frames"]:
            raw = base64.b64decode(frame)
            bare = request.get("bare")
            protocol = (0x86DD if raw[0] >> 4 == 6 else 0x0800) if bare else 0
            sock.sendto(raw, (request["interface"], protocol))
    return {}


# servers and clients


def serve(request: dict[str, Any]) -> dict[str, Any]:
    """Answer at a port with the address that was seen."""
    address, port = request["bind"]
    sock = opened(request, address)
    if ":" in address:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    sock.bind((address, port))
    sock.settimeout(None)
    if request["kind"] == "tcp":
        sock.listen(64)
    work = accept_all if request["kind"] == "tcp" else echo_all
    threading.Thread(target=work, args=(sock, request["name"]), daemon=True).start()
    return {}


def echo_all(sock: socket.socket, name: str) -> None:
    """Each datagram is answered with who answers, whom it saw, and how much came."""
    while True:
        content, peer = sock.recvfrom(65536)
        try:
            sock.sendto(f"{name} {peer[0]} {len(content)}".encode(), peer)
        except OSError:
            continue


def accept_all(sock: socket.socket, name: str) -> None:
    """Each connection is told who answers and whom it saw."""
    while True:
        peer, where = sock.accept()
        threading.Thread(target=converse, args=(peer, f"{name} {where[0]}\n".encode()), daemon=True).start()


def converse(peer: socket.socket, greeting: bytes) -> None:
    """`give N` is answered with N bytes, all else with the number of bytes that came."""
    count = 0
    try:
        with peer:
            peer.sendall(greeting)
            while content := peer.recv(1 << 16):
                if content.startswith(b"give "):
                    peer.sendall(b"x" * int(content[5:]))
                    return
                count += len(content)
            peer.sendall(f"{count}\n".encode())
    except OSError:
        pass


def ask(request: dict[str, Any]) -> dict[str, Any]:
    """One question to one port, and its answer."""
    try:
        with opened(request, request["to"][0]) as sock:
            sock.connect(tuple(request["to"]))
            if request["kind"] == "udp":
                sock.send(b"?" * request.get("size", 1))
            return {"answer": sock.recv(4096).decode().strip(), "error": None}
    except OSError as trouble:
        return {"answer": None, "error": trouble.strerror or str(trouble)}


def asks(request: dict[str, Any]) -> dict[str, Any]:
    """Many questions at once."""
    with ThreadPoolExecutor(max_workers=48) as pool:
        return {"answers": list(pool.map(ask, request["questions"]))}


def transfer(request: dict[str, Any]) -> dict[str, Any]:
    """So many bytes to a TCP server, or from it: how many arrived."""
    with opened(request, request["to"][0]) as sock:
        sock.connect(tuple(request["to"]))
        stream = sock.makefile("rwb")
        stream.readline()
        if wanted := request.get("down"):
            stream.write(b"give %d\n" % wanted)
            stream.flush()
            return {"bytes": len(stream.read())}
        stream.write(b"x" * request["up"])
        stream.flush()
        sock.shutdown(socket.SHUT_WR)
        return {"bytes": int(stream.read())}


def hold(request: dict[str, Any]) -> dict[str, Any]:
    """Open a connection that stays."""
    sock = opened(request, request["to"][0])
    sock.connect(tuple(request["to"]))
    kept.append(sock)
    return {"id": len(kept) - 1}


def say(request: dict[str, Any]) -> dict[str, Any]:
    """Send on a held connection and read what comes back."""
    sock = kept[request["id"]]
    try:
        sock.sendall(base64.b64decode(request["bytes"]))
        return {"answer": sock.recv(4096).decode(errors="replace").strip()}
    except OSError as trouble:
        return {"answer": None, "error": trouble.strerror or str(trouble)}


WORDS = {each.__name__: each for each in (sniff, seen, send, serve, ask, asks, transfer, hold, say)}


def main() -> None:
    """Answer until stdin ends."""
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = WORDS[request["do"]](request)
        except OSError as trouble:
            answer = {"trouble": f"{trouble.strerror or trouble} ({request['do']})"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
