"""Asks many questions for names from many network namespaces at once and writes down the answers.

In: JSON on stdin: `questions`, each {id, netns, server, name, type}, and `timeout`. Out: JSON on stdout: `answers`,
each {id, code, found}: the response code and the addresses or names, sorted; code None where nothing came. Never
imports anything of ours: it runs as `python -I -S asker.py`.
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import socket
import struct
import sys
import time
from typing import Any

CLONE_NEWNET = 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)
TYPES = {"A": 1, "AAAA": 28, "PTR": 12}
AGAIN = 0.7
# More questions than this wait until others are answered: a socket's buffer is small.
WINDOW = 200


def question(number: int, name: str, kind: int) -> bytes:
    """A query of one name (RFC 1035, 4.1)."""
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split(".") if label)
    return struct.pack("!HHHHHH", number, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!HH", kind, 1)


def name_at(text: bytes, at: int) -> tuple[str, int]:
    """The name that begins here, and where it ends."""
    labels: list[str] = []
    end = 0
    for _ in range(128):
        size = text[at]
        if size >= 0xC0:
            end = end or at + 2
            at = ((size & 0x3F) << 8) | text[at + 1]
        elif size == 0:
            return ".".join(labels), end or at + 1
        else:
            labels.append(text[at + 1 : at + 1 + size].decode("latin-1"))
            at += 1 + size
    raise ValueError("a name without an end")


def answer(text: bytes, kind: int) -> tuple[int, list[str]]:
    """The response code and what was found of this type."""
    flags, questions, answers = struct.unpack("!HHH", text[2:8])
    at = 12
    for _ in range(questions):
        at = name_at(text, at)[1] + 4
    found = []
    for _ in range(answers):
        at = name_at(text, at)[1]
        given, _, _, size = struct.unpack("!HHIH", text[at : at + 10])
        at += 10
        if given == kind:
            found.append(name_at(text, at)[0] if kind == 12 else shown(text[at : at + size]))
        at += size
    return flags & 15, sorted(found)


def shown(packed: bytes) -> str:
    """An address as text."""
    return socket.inet_ntop(socket.AF_INET if len(packed) == 4 else socket.AF_INET6, packed)


def enter(path: str) -> bool:
    """Move into a network namespace; False where there is none."""
    try:
        space = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    entered = bool(LIBC.setns(space, CLONE_NEWNET) == 0)
    os.close(space)
    return entered


def asked(questions: list[dict[str, Any]], timeout: float) -> dict[int, tuple[int, list[str]]]:
    """The answers to the questions of one namespace and server."""
    server = questions[0]["server"]
    found: dict[int, tuple[int, list[str]]] = {}
    with socket.socket(socket.AF_INET6 if ":" in server else socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect((server, 53))
        until = time.monotonic() + timeout
        while len(found) < len(questions) and time.monotonic() < until:
            waiting = [number for number in range(len(questions)) if number not in found][:WINDOW]
            for number in waiting:
                one = questions[number]
                try:
                    sock.send(question(number, one["name"], TYPES[one["type"]]))
                except OSError:
                    time.sleep(0.05)
            hear(sock, questions, found, waiting)
    return found


def hear(
    sock: socket.socket, questions: list[dict[str, Any]], found: dict[int, tuple[int, list[str]]], waiting: list[int]
) -> None:
    """Read until all that wait have their answer, or it is time to ask again."""
    until = time.monotonic() + AGAIN
    while any(number not in found for number in waiting) and (left := until - time.monotonic()) > 0:
        if not select.select([sock], [], [], left)[0]:
            return
        try:
            text = sock.recv(4096)
            number = int.from_bytes(text[:2], "big")
            found[number] = answer(text, TYPES[questions[number]["type"]])
        except (OSError, ValueError, IndexError, struct.error):
            continue


def main() -> None:
    """Ask everything in the plan."""
    plan = json.load(sys.stdin)
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for one in plan["questions"]:
        groups.setdefault((one["netns"], one["server"]), []).append(one)
    answers = []
    for (path, _), questions in groups.items():
        found = asked(questions, plan["timeout"]) if enter(path) else {}
        for number, one in enumerate(questions):
            code, names = found.get(number, (None, []))
            answers.append({"id": one["id"], "code": code, "found": names})
    json.dump({"answers": answers}, sys.stdout)


if __name__ == "__main__":
    main()
