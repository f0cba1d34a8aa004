"""Asks every port of one address, TCP and UDP.

In: JSON on stdin: {netns, address, tcp, udp (ports to ask), again_tcp, again_udp (ports that should answer), rate,
watch}. Out: JSON on stdout: {tcp, udp (ports that answered), seconds}. Never completes a connection; runs as `python
-I -S scanner.py`.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import random
import select
import socket
import struct
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

CLONE_NEWNET = 0x40000000
SO_ATTACH_FILTER = 26
SO_RCVBUFFORCE = 33
IPV6_CHECKSUM = 7
SYN, SYN_ACK = 0x02, 0x12
BURST = 64
SETTLE = 0.4
COUNT, LIMIT = "/proc/sys/net/netfilter/nf_conntrack_count", "/proc/sys/net/netfilter/nf_conntrack_max"
LIBC = ctypes.CDLL(None, use_errno=True)


def enter(path: str) -> None:
    """Move into a network namespace."""
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if LIBC.setns(fd, CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), path)
    finally:
        os.close(fd)


def folded(total: int) -> int:
    """The ones' complement sum of RFC 1071 in 16 bits."""
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


def words(text: bytes) -> int:
    """The sum of a text's 16-bit words."""
    padded = text + b"\0" * (len(text) % 2)
    return sum(struct.unpack(f"!{len(padded) // 2}H", padded))


class Syn:
    """TCP SYN segments that differ only in the port they go to."""

    def __init__(self, source: str, target: str, port: int, sequence: int) -> None:
        family = socket.AF_INET6 if ":" in target else socket.AF_INET
        self.port = port
        # an MSS option, as every real stack sends one
        self.head = struct.pack("!H", port)
        self.middle = struct.pack("!IIBBH", sequence, 0, 6 << 4, SYN, 64240)
        self.tail = struct.pack("!HBBH", 0, 2, 4, 1400)
        addresses = socket.inet_pton(family, source) + socket.inet_pton(family, target)
        length = 2 + 2 + len(self.middle) + 2 + len(self.tail)
        pseudo = words(addresses) + socket.IPPROTO_TCP + length
        self.sum = pseudo + words(self.head) + words(self.middle) + words(self.tail)

    def to(self, port: int) -> bytes:
        """The segment for one port."""
        checksum = ~folded(self.sum + port) & 0xFFFF
        return self.head + struct.pack("!H", port) + self.middle + struct.pack("!H", checksum) + self.tail


def filter_code(is_v6: bool, port: int) -> list[tuple[int, int, int, int]]:
    """Classic BPF: SYN-ACKs to our port. A raw IPv4 socket sees the IP header, a raw IPv6 one does not."""
    take = [(0x06, 0, 0, 0xFFFF), (0x06, 0, 0, 0)]
    if is_v6:
        return [(0x28, 0, 0, 2), (0x15, 0, 3, port), (0x30, 0, 0, 13), (0x54, 0, 0, 0x3F), (0x15, 0, 1, SYN_ACK), *take]
    return [
        (0xB1, 0, 0, 0),
        (0x48, 0, 0, 2),
        (0x15, 0, 3, port),
        (0x50, 0, 0, 13),
        (0x54, 0, 0, 0x3F),
        (0x15, 0, 1, SYN_ACK),
        *take,
    ]


def attach(sock: socket.socket, code: list[tuple[int, int, int, int]]) -> None:
    """Let the kernel drop what the filter does not take."""
    text = b"".join(struct.pack("HBBI", *line) for line in code)
    kept = ctypes.create_string_buffer(text)
    sock.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("HP", len(code), ctypes.addressof(kept)))


class Pace:
    """A bounded rate, and a stop where the connection table of a watched namespace fills up."""

    def __init__(self, rate: int, watch: Iterable[str], home: str) -> None:
        self.rate, self.watch, self.home = rate, tuple(watch), home
        self.begun, self.sent = time.monotonic(), 0

    def wait(self) -> float:
        """Seconds to wait before the next burst."""
        self.sent += BURST
        if self.watch and self.sent % 8192 == 0:
            self.room()
        return self.begun + self.sent / self.rate - time.monotonic()

    def room(self) -> None:
        """Wait until every watched table is below two thirds."""
        for path in self.watch:
            enter(path)
            until = time.monotonic() + 40
            while crowded() and time.monotonic() < until:
                time.sleep(0.5)
                self.begun += 0.5
        enter(self.home)


def crowded() -> bool:
    """The connection table of the namespace we are in is two thirds full."""
    try:
        with open(COUNT) as count, open(LIMIT) as limit:
            return int(count.read()) * 3 > int(limit.read()) * 2
    except (OSError, ValueError):
        return False


def sweep(
    ports: Iterable[int], send: Callable[[int], None], read: Callable[[], None], sock: socket.socket, pace: Pace
) -> None:
    """Send to every port, reading in between, and a little longer for what comes late."""
    for number, port in enumerate(ports, 1):
        send(port)
        if number % BURST == 0:
            late = pace.wait()
            if select.select([sock], [], [], max(0.0, late))[0]:
                read()
    until = time.monotonic() + SETTLE
    while (left := until - time.monotonic()) > 0:
        if select.select([sock], [], [], left)[0]:
            read()


def patient(send: Callable[[], object]) -> None:
    """Send; where the queue is full, wait for room; a refusal of this host is as good as silence."""
    for _ in range(50):
        try:
            send()
            return
        except OSError as problem:
            if problem.errno not in (errno.ENOBUFS, errno.EAGAIN):
                return
            time.sleep(0.002)


def own_address(family: int, target: str) -> str:
    """The address from which this place reaches the target."""
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        sock.connect((target, 9))
        return str(sock.getsockname()[0])


def scan_tcp(plan: dict[str, Any], rate: int) -> list[int]:
    """The ports that answer a SYN with a SYN-ACK; the kernel, which knows of no connection, resets each."""
    target = plan["address"]
    family = socket.AF_INET6 if ":" in target else socket.AF_INET
    wanted = socket.inet_pton(family, target)
    found: set[int] = set()
    with socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_TCP) as sock:
        sock.setblocking(False)
        syn = Syn(own_address(family, target), target, random.randrange(20000, 30000), random.getrandbits(32))
        attach(sock, filter_code(":" in target, syn.port))
        roomy(sock)

        def read() -> None:
            for packet, sender, _ in drained(sock):
                if socket.inet_pton(family, sender) != wanted:
                    continue
                start = 0 if family == socket.AF_INET6 else (packet[0] & 15) * 4
                found.add(int.from_bytes(packet[start : start + 2], "big"))

        def send(port: int) -> None:
            patient(lambda: sock.sendto(syn.to(port), (target, 0)))

        twice(plan["tcp"], plan["again_tcp"], found, send, read, sock, Pace(rate, plan["watch"], plan["netns"]))
    return sorted(found)


def scan_udp(plan: dict[str, Any], rate: int) -> list[int]:
    """The ports that answer a datagram."""
    target = plan["address"]
    family = socket.AF_INET6 if ":" in target else socket.AF_INET
    wanted = socket.inet_pton(family, target)
    found: set[int] = set()
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        sock.setblocking(False)
        roomy(sock)

        def read() -> None:
            for _, sender, port in drained(sock):
                if socket.inet_pton(family, sender) == wanted:
                    found.add(port)

        def send(port: int) -> None:
            patient(lambda: sock.sendto(b"?\n", (target, port)))

        twice(plan["udp"], plan["again_udp"], found, send, read, sock, Pace(rate, plan["watch"], plan["netns"]))
    return sorted(found)


def twice(
    ports: list[int],
    again: list[int],
    found: set[int],
    send: Callable[[int], None],
    read: Callable[[], None],
    sock: socket.socket,
    pace: Pace,
) -> None:
    """Ask all, then once more those that should have answered."""
    sweep(ports, send, read, sock, pace)
    if missing := [p for p in again if p not in found]:
        time.sleep(1.0)
        sweep(missing, send, read, sock, Pace(1000, (), pace.home))


def roomy(sock: socket.socket) -> None:
    """A large receive buffer; where the larger one is refused the usual one must do."""
    for option in (SO_RCVBUFFORCE, socket.SO_RCVBUF):
        try:
            sock.setsockopt(socket.SOL_SOCKET, option, 1 << 23)
            return
        except OSError:
            continue


def drained(sock: socket.socket) -> Iterator[tuple[bytes, str, int]]:
    """Every packet that waits, with its sender's address; what the network says of an earlier one is passed over."""
    while True:
        try:
            packet, sender = sock.recvfrom(256)
        except BlockingIOError:
            return
        except OSError:
            continue
        yield packet, str(sender[0]).partition("%")[0], int(sender[1])


def spread(ports: Iterable[int]) -> list[int]:
    """Any order but the natural one, so that limits on neighbouring ports do not bite at once."""
    mixed = list(ports)
    random.Random(1).shuffle(mixed)
    return mixed


def beside(work: Callable[[], list[int]]) -> Callable[[], list[int]]:
    """Let a child do the work meanwhile; the result waits for it."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.write(writer, json.dumps(work()).encode())
        finally:
            os._exit(0)
    os.close(writer)

    def result() -> list[int]:
        with os.fdopen(reader, "rb") as stream:
            ports: list[int] = json.loads(stream.read())
        os.waitpid(child, 0)
        return ports

    return result


def main() -> None:
    """Scan one address."""
    plan = json.load(sys.stdin)
    plan["tcp"], plan["udp"] = (spread(range(*plan[k])) for k in ("tcp", "udp"))
    begun, rate = time.monotonic(), int(plan["rate"])
    enter(plan["netns"])
    skip = set(plan.get("skip_tcp", ()))
    plan["tcp"] = [p for p in plan["tcp"] if p not in skip]
    udp = beside(lambda: scan_udp(plan, rate))
    found = {"tcp": scan_tcp(plan, rate), "udp": udp()}
    json.dump({**found, "seconds": round(time.monotonic() - begun, 2)}, sys.stdout)


if __name__ == "__main__":
    main()
