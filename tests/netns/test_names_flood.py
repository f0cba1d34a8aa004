"""One service asks without end, and holds connections open: the others of its resolver still hear answers (T8)."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

import pytest

from tests.netns.world import World, world
from warren.lab.internet import ORDINARY, PROVED

pytestmark = [pytest.mark.netns, pytest.mark.slow]

FILE = """\
version: 1
network: {name: names}
hosts:
  vps: {public: 203.0.113.10}
  home: {lan: 192.168.2.0/24, egress: vps}
services:
  loud: {host: home}
  calm: {host: home, needs: [db.sql]}
  db: {host: home, ports: {sql: 5432}}
"""
# New names for six seconds, so that each must be asked of the outside; and more connections than unbound has places.
FLOOD = f"""\
import socket, sys, time
server = (sys.argv[1], 53)
held = [socket.create_connection(server, 2) for _ in range(14)]
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
labels = b"".join(bytes([len(part)]) + part for part in b"{ORDINARY}".split(b".")) + bytes(5)
labels = labels[:-4] + bytes([0, 1, 0, 1])
end, number = time.monotonic() + 6, 0
while time.monotonic() < end:
    for _ in range(20):
        number += 1
        name = b"n%06d" % number
        sender.sendto(number.to_bytes(4, "big")[2:] + bytes([1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 7]) + name + labels, server)
    time.sleep(0.01)
print(number)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("flood"), FILE) as found:
        yield found


def test_a_loud_service_leaves_the_others_their_answers(made: World) -> None:
    resolver = made.topology.services["loud"].resolver
    assert resolver and resolver == made.topology.services["calm"].resolver
    server = str(made.topology.services[resolver].addresses.v4)
    assert made.code("calm", PROVED) == "NOERROR"
    flood = f"cat > /tmp/flood.py; setsid {sys.executable} -I -S /tmp/flood.py {server} >/tmp/flood.out 2>&1 &"
    assert not made.lab.run("loud", "sh", "-c", flood, stdin=FLOOD.encode()).code
    time.sleep(1)
    for words in ("db.names.internal", PROVED, f"+tcp {PROVED}", f"one.{PROVED}"):
        code = made.said("calm", f"dig +time=3 +tries=2 {words} | sed -n 's/.*status: \\([A-Z]*\\),.*/\\1/p'")
        assert code == ("NXDOMAIN" if words.startswith("one.") else "NOERROR"), words
    time.sleep(5)
    assert int(made.said("loud", "cat /tmp/flood.out")) > 3000, "it was loud"
