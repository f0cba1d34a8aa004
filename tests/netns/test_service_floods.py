"""One service opens connections without end: the others keep theirs, and a gateway keeps ports for them (T8)."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from ipaddress import ip_address

import pytest

from tests.netns.world import World, world
from warren.desired.parts.connections import TOWARDS_ONE

pytestmark = [pytest.mark.netns, pytest.mark.slow]

# As many as there are ports to send from: one that is used again would be an old connection.
MOST, FLOOD = 2000, 64_000
# All ports that a gateway has for one server (nat.MASQUERADE_PORTS).
PORTS = 65535 - 61000 + 1
UPSTREAM = "198.51.100.53"
# Where the server outside does not even say no.
SILENT = 9998
FILE = """\
version: 1
network: {name: floods, dns: {upstream: %s, dnssec: false}}
hosts:
  vps: {public: [203.0.113.10, "2001:db8:10::10"]}
  home: {lan: 192.168.2.0/24, egress: vps, programs: {store: 7000/udp}}
services:
  loud: {host: home, connections: %s, needs: [sink.take, home.store]}
  calm: {host: home, needs: [sink.take, home.store]}
  sink: {host: home, ports: {take: 6000/udp}}
  far: {host: vps, connections: none, needs: [sink.take]}
"""
# Each datagram, or handshake that is only begun, is a connection of its own, from a port of its own.
LOUD = """\
import socket, sys
address, port, count, protocol = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
kind = socket.AF_INET6 if ":" in address else socket.AF_INET
how = socket.SOCK_DGRAM if protocol == "udp" else socket.SOCK_STREAM
for number in range(count):
    with socket.socket(kind, how) as one:
        try:
            one.setblocking(False)
            one.bind(("", 1024 + number % 64000))
            one.sendto(b"flood", (address, port)) if protocol == "udp" else one.connect_ex((address, port))
        except OSError:
            pass
"""
# New connections one after the other; what was not answered.
CALM = """\
import socket, sys
address, port, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
kind = socket.AF_INET6 if ":" in address else socket.AF_INET
lost = 0
for number in range(count):
    with socket.socket(kind, socket.SOCK_DGRAM) as one:
        one.settimeout(5)
        try:
            one.sendto(b"calm", (address, port))
            one.recv(100)
        except OSError:
            lost += 1
print(lost)
"""
# Answers the calm one alone: the other's connections stay half open.
ANSWERS = """\
import socket, sys
one = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 24)
one.bind(("::", int(sys.argv[1])))
while True:
    words, whence = one.recvfrom(100)
    if words != b"flood":
        one.sendto(words, whence)
"""
PYTHON = f"{sys.executable} -I -S"
TRACKED = "cat /proc/net/nf_conntrack"
COUNT = "cat /proc/sys/net/netfilter/nf_conntrack_count"


def start(made: World, place: str, name: str, text: str, *words: object) -> None:
    """A program in the background, its output in a file."""
    path = f"/tmp/{name}-{place.replace(':', '-')}"
    said = " ".join(map(str, words))
    line = f"cat >{path}.py; setsid {PYTHON} {path}.py {said} >{path}.out 2>&1 & echo $! >{path}.pid"
    assert not made.lab.run(place, "sh", "-c", line, stdin=text.encode()).code


def ended(made: World, place: str, name: str) -> str:
    """What it said, once it has ended."""
    path = f"/tmp/{name}-{place}"
    return made.said(place, f"while kill -0 $(cat {path}.pid) 2>/dev/null; do sleep 0.1; done; cat {path}.out", 120)


def lost(made: World, address: str, port: int, count: int = 200, protocol: str = "udp") -> int:
    """Of so many questions of the calm one, while the other is loud, how many stay without an answer."""
    start(made, "loud", "flood", LOUD, address, SILENT if protocol == "tcp" else port, FLOOD, protocol)
    time.sleep(0.5)
    done = made.lab.run("calm", *PYTHON.split(), "-", address, str(port), str(count), stdin=CALM.encode(), timeout=120)
    ended(made, "loud", "flood")
    return int(done.stdout)


def of(made: World, service: str, version: int = 4) -> str:
    return str(list(made.topology.services[service].addresses)[0 if version == 4 else 1])


def tracked(made: World, host: str, source: str, port: int) -> int:
    """The connections that a host remembers from an address to a port."""
    words = ip_address(source).exploded
    return int(made.run(host, f"{TRACKED} | grep -c 'src={words} .* dport={port} '").stdout)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("floods"), FILE % (UPSTREAM, MOST)) as found:
        start(found, "home", "store", ANSWERS, 7000)
        start(found, "internet", "server", ANSWERS, 9999)
        silence = f"chain c {{ type filter hook input priority 0; tcp dport {SILENT} drop; }}"
        found.said("internet", f"nft 'table inet silent {{ {silence}; }}'")
        yield found


@pytest.fixture(scope="module")
def outside(made: World) -> str:
    return made.said("internet", "ip -o -4 addr show eth0 | awk '{print $4}'").partition("/")[0]


@pytest.mark.parametrize("version", [4, 6])
def test_a_flood_of_another_service_is_bounded_where_it_begins(made: World, version: int) -> None:
    assert lost(made, of(made, "sink", version), 6000) == 0
    assert MOST / 2 < tracked(made, "home", of(made, "loud", version), 6000) <= MOST


def test_so_is_a_flood_of_a_program_of_the_host(made: World) -> None:
    time.sleep(1)
    host = str(made.topology.hosts["home"].addresses.v4)
    assert lost(made, host, 7000) == 0
    held = sum(tracked(made, "home", of(made, "loud"), port) for port in (6000, 7000))
    assert held <= MOST, "it is one limit for all that it opens"


@pytest.mark.parametrize(("protocol", "port"), [("udp", 9999), pytest.param("tcp", SILENT, marks=pytest.mark.long)])
def test_a_gateway_keeps_ports_towards_a_server_for_the_others(
    made: World, outside: str, protocol: str, port: int
) -> None:
    made.said("home", f"while [ $({COUNT}) -gt 200 ]; do sleep 1; done", 60)
    assert lost(made, outside, 9999, protocol=protocol) == 0
    assert TOWARDS_ONE / 2 < tracked(made, "vps", of(made, "loud"), port) <= TOWARDS_ONE


def test_later_packets_of_a_connection_are_not_counted(made: World, outside: str) -> None:
    for host in ("home", "vps"):
        made.said(host, f"nft insert rule inet warren connections ip daddr {outside} udp dport 9999 counter")
    one_way = "import socket; one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); "
    one_way += f"[one.sendto(b'flood', ('{outside}', 9999)) for _ in range(1000)]"
    made.said("calm", f'{PYTHON} -c "{one_way}"')
    for host in ("home", "vps"):
        counted = made.said(host, "nft list chain inet warren connections | grep -o 'packets [0-9]*' | head -1")
        assert counted == "packets 1", host


def test_what_comes_from_another_host_has_the_limit_of_that_host(made: World) -> None:
    held = []
    # A tunnel that has more to do than it can loses some of them; they are sent again from the same ports.
    for _ in range(5):
        start(made, "far", "flood", LOUD, of(made, "sink"), 6000, 6000, "udp")
        ended(made, "far", "flood")
        held.append(tracked(made, "home", of(made, "far"), 6000))
        if held[-1] > 4096:
            return
    raise AssertionError(held)


def test_a_question_to_a_plain_upstream_gives_its_port_back_soon(made: World) -> None:
    made.asked("calm", "one.ordinary.example")
    line = made.said("vps", f"{TRACKED} | grep 'dst={UPSTREAM} .* dport=53 '").splitlines()[0]
    assert int(line.split()[4]) <= 5, line


@pytest.mark.long
def test_without_a_limit_nobody_else_gets_through(made: World, outside: str) -> None:
    made.say(FILE % (UPSTREAM, "none"))
    try:
        assert lost(made, outside, 9999, 3) > 0
        assert tracked(made, "vps", of(made, "loud"), 9999) > PORTS * 9 // 10
        assert int(made.said("home", COUNT)) > FLOOD // 4
    finally:
        made.say(FILE % (UPSTREAM, MOST))
