"""Stand-ins answer every declared port with the address that they saw: real namespaces, real packets."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.lab.running import running
from tests.lab.topologies import BLOG, DB, GAME, HOME, VPS, host, pair, port, service, topology, two_hosts
from warren.basis.address import Protocol
from warren.lab import netns
from warren.lab.lab import Lab
from warren.topology.model import LocalPort

pytestmark = pytest.mark.netns

# Asks as (protocol, address, port); prints what came back, or the error's name.
ASK = """\
import json, socket, sys
for protocol, address, port in json.loads(sys.argv[1]):
    kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
    asking = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, kind)
    asking.settimeout(2)
    try:
        asking.connect((address, port))
        asking.send(b"who\\n")
        print(asking.recv(4096).decode().strip(), flush=True)
    except OSError as error:
        print(json.dumps({"error": type(error).__name__}))
"""

# A service's namespace as warren would make it, by its host's second and third address.
BUILD = """\
ip netns add {name}
ip link add v-{name} type veth peer name eth0 netns {name}
ip addr add {gate4}/32 dev v-{name}; ip addr add fe80::1/64 dev v-{name} nodad; ip link set v-{name} up
ip route add {v4}/32 dev v-{name}; ip -6 route add {v6}/128 dev v-{name}
ip -n {name} link set lo up; ip -n {name} link set eth0 up
ip -n {name} addr add {v4}/32 dev eth0; ip -n {name} addr add {v6}/128 dev eth0 nodad
ip -n {name} route add {gate4} dev eth0; ip -n {name} route add default via {gate4} dev eth0
ip -n {name} -6 route add default via fe80::1 dev eth0
sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
"""


def ask(lab: Lab, place: str, *questions: tuple[str, str, int]) -> list[dict[str, Any]]:
    """The answers to questions asked from a place."""
    result = lab.run(place, sys.executable, "-I", "-S", "-c", ASK, json.dumps(questions))
    assert result.code == 0, result.stderr.decode()
    return [json.loads(line) for line in result.stdout.splitlines()]


def make(lab: Lab, on: str, name: str, host_number: int, number: int) -> None:
    """A service's namespace on a host."""
    gate, own = pair(host_number, 1), pair(host_number, number)
    script = BUILD.format(name=name, gate4=gate.v4, v4=own.v4, v6=own.v6)
    result = lab.host(on).run(script)
    assert result.code == 0, result.stderr.decode()


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with running(two_hosts()) as built:
        make(built, "home", "db", 2, 2)
        make(built, "home", "game", 2, 3)
        yield built


def test_every_declared_port_answers_in_both_protocols_and_families(lab: Lab) -> None:
    standing = lab.stand_ins(two_hosts())
    assert (standing.missing, standing.failed) == (("blog",), ())
    game = pair(2, 3)
    questions = [(p, str(a), n) for p in ("tcp", "udp") for a in game for n in (12345, 27015, 27018, 7777)]
    answers = ask(lab, "db", *questions)
    assert answers == [
        {
            "service": "game",
            "port": number,
            "protocol": protocol,
            "peer": str(pair(2, 2).v6 if ":" in at else pair(2, 2).v4),
        }
        for protocol, at, number in questions
    ]
    assert ask(lab, "db", ("tcp", str(game.v4), 8888)) == [{"error": "ConnectionRefusedError"}]


def test_hosts_and_machines_outside_answer(lab: Lab) -> None:
    lab.stand_ins(two_hosts())
    (sql,) = ask(lab, "db", ("tcp", "192.168.2.10", 3306))
    assert (sql["service"], sql["peer"]) == ("home", "10.86.2.2")
    for protocol in ("tcp", "udp"):
        outside, outside6, neighbour = ask(
            lab,
            "home",
            (protocol, "192.0.2.53", 53),
            (protocol, "2001:db8:fffd::53", 443),
            (protocol, "192.168.2.50", 80),
        )
        assert (outside["service"], outside["peer"]) == ("server", "198.18.2.1"), "IPv4 leaves by the router's address"
        assert (outside6["service"], outside6["peer"]) == ("server", "2001:db8:a002::a"), "IPv6 as it is"
        assert (neighbour["service"], neighbour["peer"]) == ("lan:home", "192.168.2.10")
    (vps,) = ask(lab, "internet", ("tcp", "203.0.113.10", 22))
    assert (vps["service"], vps["peer"]) == ("vps", "198.51.100.7")


def test_an_answer_leaves_from_the_address_that_was_asked(lab: Lab) -> None:
    """Connected sockets hear nothing else; the second address is not what the kernel would choose."""
    lab.stand_ins(two_hosts())
    lab.host("home").run("ip addr add 192.168.2.99/32 dev eth0; ip addr add 2001:db8:a002::99/128 dev eth0 nodad")
    for address in ("192.168.2.99", "2001:db8:a002::99"):
        (answer,) = ask(lab, "lan:home", ("udp", address, 9))
        assert answer.get("service") == "home", address


HOLD = """\
import socket, sys
stream = socket.create_connection((sys.argv[1], 7777), 2).makefile("rwb", buffering=0)
stream.readline()
stream.write(b"hold\\n")
for line in iter(sys.stdin.buffer.readline, b""):
    stream.write(line)
    sys.stdout.buffer.write(stream.readline())
    sys.stdout.flush()
"""


def echoed(held: subprocess.Popen[bytes], line: bytes) -> bytes:
    """What a held connection says to a line."""
    assert held.stdin and held.stdout
    held.stdin.write(line)
    held.stdin.flush()
    return held.stdout.readline()


def test_a_held_connection_survives_a_change(lab: Lab) -> None:
    lab.stand_ins(two_hosts())
    game = str(pair(2, 3).v4)
    argv = [*lab.place("db").entry, sys.executable, "-I", "-S", "-c", HOLD, game]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=netns.environment()) as held:
        assert echoed(held, b"one\n") == b"one\n"
        # Neither the ports that change nor the port of the connection itself, when it goes.
        changed = replace(GAME, ports=(port("other", 7777), port("more", 4000)))
        lab.stand_ins(topology(VPS, HOME, services=(BLOG, DB, changed)))
        assert ask(lab, "db", ("tcp", game, 12345)) == [{"error": "ConnectionRefusedError"}]
        assert ask(lab, "db", ("tcp", game, 4000))[0]["service"] == "game"
        assert echoed(held, b"two\n") == b"two\n"


def test_a_namespace_made_anew_is_found(lab: Lab) -> None:
    lab.stand_ins(two_hosts())
    assert lab.host("home").run("ip link del v-db; ip netns del db").code == 0
    make(lab, "home", "db", 2, 2)
    until = time.monotonic() + 5
    while time.monotonic() < until:
        (answer,) = ask(lab, "game", ("tcp", str(pair(2, 2).v4), 5432))
        if answer.get("service") == "db":
            return
        time.sleep(0.1)
    pytest.fail("the stand-in of db did not come back")


def test_localhost_ports_are_carried() -> None:
    mysql = LocalPort(3306, HOME.addresses, 3306, "home.mysql", "home")
    sql = LocalPort(15432, pair(2, 2), 5432, "db.sql")
    cloud = service("cloud", HOME, 4, port("web", 80), localhost=(mysql, sql))
    declared = topology(VPS, HOME, services=(DB, cloud))
    with running(declared) as lab:
        make(lab, "home", "db", 2, 2)
        make(lab, "home", "cloud", 2, 4)
        lab.host("home").run("ip addr add 10.86.2.1/32 dev lo; ip addr add fd86:0:0:2::1/128 dev lo nodad")
        assert lab.stand_ins(declared).failed == ()
        for at in ("127.0.0.1", "::1"):
            mysql_said, sql_said = ask(lab, "cloud", ("tcp", at, 3306), ("tcp", at, 15432))
            assert mysql_said["service"] == "home"
            assert (sql_said["service"], sql_said["peer"]) == ("db", str(pair(2, 4).v6 if ":" in at else pair(2, 4).v4))


def test_a_range_of_ports_stands_at_once() -> None:
    many = service("many", HOME, 2, port("range", 20000, 24095, Protocol.UDP))
    declared = topology(host("vps", 1, ("203.0.113.10",)), HOME, services=(many,))
    with running(declared) as lab:
        make(lab, "home", "many", 2, 2)
        begun = time.monotonic()
        standing = lab.stand_ins(declared)
        assert standing.failed == () and standing.open > 8192
        assert time.monotonic() - begun < 5
        assert ask(lab, "home", ("udp", str(pair(2, 2).v4), 24095))[0]["port"] == 24095
