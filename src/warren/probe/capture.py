"""Writes every packet that crosses a place to a pcap file.

In: one JSON line on stdin: {netns}; the end of stdin ends it. Out: the capture on stdout (pcap, Ethernet,
nanoseconds), and at the end one JSON line on stderr: {packets, lost}. Never sends; runs as `python -I -S capture.py`.
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
from typing import BinaryIO

CLONE_NEWNET = 0x40000000
ETH_P_ALL = 0x0003
SOL_PACKET, PACKET_STATISTICS = 263, 6
SO_RCVBUFFORCE = 33
OUTGOING, ETHERNET_TYPE = 4, 1
SNAP = 192
LIBC = ctypes.CDLL(None, use_errno=True)


def enter(path: str) -> None:
    """Move into a network namespace."""
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if LIBC.setns(fd, CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), path)
    finally:
        os.close(fd)


def head() -> bytes:
    """The head of a pcap file with times in nanoseconds."""
    return struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, SNAP, 1)


def record(packet: bytes, length: int, now_ns: int) -> bytes:
    """One packet with its time and its true length."""
    kept = packet[:SNAP]
    return struct.pack("<IIII", now_ns // 10**9, now_ns % 10**9, len(kept), length) + kept


def take(sock: socket.socket, out: BinaryIO) -> int:
    """Write what waits; packets on their way out were taken when they came in."""
    taken = 0
    while True:
        try:
            packet, (_, _, kind, hardware, _) = sock.recvfrom(65536, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return taken
        except OSError:
            continue  # an interface went down
        if kind == OUTGOING or hardware != ETHERNET_TYPE:
            continue
        out.write(record(packet, len(packet), time.time_ns()))
        taken += 1


def capture(sock: socket.socket, out: BinaryIO) -> int:
    """Take packets until the end of stdin."""
    taken = 0
    while True:
        ready, _, _ = select.select([sock.fileno(), 0], [], [], 0.2)
        if sock.fileno() in ready:
            taken += take(sock, out)
        if 0 in ready and not os.read(0, 4096):
            return taken + take(sock, out)
        if not ready:
            out.flush()


def main() -> None:
    """Capture until told to end."""
    line = b""
    while not line.endswith(b"\n") and (part := os.read(0, 1)):
        line += part
    enter(json.loads(line)["netns"])
    out = sys.stdout.buffer
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL)) as sock:
        try:
            sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 24)
        except OSError:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 24)
        out.write(head())
        out.flush()
        taken = capture(sock, out)
        out.flush()
        _, lost = struct.unpack("II", sock.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))
    sys.stderr.write(json.dumps({"packets": taken, "lost": lost}) + "\n")


if __name__ == "__main__":
    main()
