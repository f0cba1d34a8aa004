"""Two namespaces and a wire between them, with a program that answers at one end.

In: nothing. Out: a ground on which the probing programs really run. Never leaves anything behind: its namespaces end
with its one process.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from warren.probe.ground import Running, Surroundings

# `two` answers at ports 1000 to 1019 and lets in 1000 to 1009 and 1019
SETUP = """
set -e
mount -t tmpfs none /run
mkdir -p /run/netns
ip netns add one
ip netns add two
ip link add name x0 netns one type veth peer name y0 netns two
ip -n one addr add 10.9.0.1/24 dev x0
ip -n two addr add 10.9.0.2/24 dev y0
ip netns exec one sysctl -qw net.ipv6.conf.x0.accept_dad=0
ip netns exec two sysctl -qw net.ipv6.conf.y0.accept_dad=0
ip -n one addr add fd09::1/64 dev x0 nodad
ip -n two addr add fd09::2/64 dev y0 nodad
for each in one two; do ip -n $each link set lo up; done
ip -n one link set x0 up
ip -n two link set y0 up
ip -n one route add default via 10.9.0.2
ip -n one route add default via fd09::2
ip netns exec two nft -f - <<RULES
table inet guard {
  chain input {
    type filter hook input priority 0; policy drop;
    ct state established,related accept
    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
    meta l4proto { tcp, udp } th dport { 1000-1009, 1019 } accept
  }
}
RULES
exec ip netns exec two "$PYTHON" -I -S -c "$SERVER"
"""

SERVER = """
import json, selectors, socket
waiting = selectors.DefaultSelector()
for family, where in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):
    for port in range(1000, 1020):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            sock = socket.socket(family, kind)
            if family == socket.AF_INET6:
                sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            sock.bind((where, port))
            if kind == socket.SOCK_STREAM:
                sock.listen(128)
            waiting.register(sock, selectors.EVENT_READ, (kind, port))
print("ready", flush=True)
while True:
    for key, _ in waiting.select():
        kind, port = key.data
        if kind == socket.SOCK_STREAM:
            taken, peer = key.fileobj.accept()
            if port == 1019:
                taken.close()
                continue
            taken.sendall(json.dumps({"service": "two", "port": port, "peer": peer[0]}).encode() + b"\\n")
            taken.close()
        else:
            _, peer = key.fileobj.recvfrom(100)
            answer = {"service": "two", "port": port, "peer": peer[0]}
            key.fileobj.sendto(json.dumps(answer).encode() + b"\\n", peer)
"""


class Started:
    """A program of the ground that runs."""

    def __init__(self, running: subprocess.Popen[bytes]) -> None:
        self.running = running

    def stop(self, timeout: float = 10.0) -> bytes:
        return self.running.communicate(timeout=timeout)[1]


class Wire:
    """The ground; places are `one` and `two`, and `late`, whose namespace nobody made yet."""

    def __init__(self, pid: int) -> None:
        user = [] if os.geteuid() == 0 else ["-U", "--preserve-credentials"]
        self.enter = ["nsenter", "-t", str(pid), *user, "-m", "-n", "-r"]

    def namespaces(self) -> Mapping[str, str]:
        return {name: f"/run/netns/{name}" for name in ("one", "two", "late")}

    def surroundings(self) -> Surroundings:
        return Surroundings({})

    def uplinks(self) -> Mapping[str, str]:
        return {"home": "two"}

    def run_program(self, program: Path, stdin: bytes, timeout: float) -> bytes:
        done = subprocess.run(self.python(program), input=stdin, capture_output=True, timeout=timeout, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    def start_program(self, program: Path, first_line: bytes, stdout: BinaryIO | None = None) -> Running:
        running = subprocess.Popen(
            self.python(program),
            stdin=subprocess.PIPE,
            stdout=stdout or subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        assert running.stdin is not None
        running.stdin.write(first_line)
        running.stdin.flush()
        return Started(running)

    def shell(self, script: str) -> str:
        done = subprocess.run([*self.enter, "sh", "-ec", script], capture_output=True, text=True, check=True)
        return done.stdout

    def python(self, program: Path) -> Sequence[str]:
        return [*self.enter, sys.executable, "-I", "-S", str(program)]


@contextmanager
def wire() -> Iterator[Wire]:
    """A wire for as long as it is needed."""
    become_root = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    anchor = subprocess.Popen(
        ["unshare", *become_root, "--mount", "--net", "--propagation", "private", "sh", "-c", SETUP],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHON": sys.executable, "SERVER": SERVER},
    )
    try:
        assert anchor.stdout is not None
        assert anchor.stdout.readline() == b"ready\n"
        yield Wire(anchor.pid)
    finally:
        anchor.kill()
        anchor.communicate()
