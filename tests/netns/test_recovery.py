"""What breaks heals by itself: a cut line, a new home address, within 30 seconds and without hands (T50)."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator

import pytest

from tests.netns.standing import Standing, standing
from tests.topologies import two_hosts
from warren.lab import faults
from warren.lab.lab import Lab

pytestmark = pytest.mark.netns

LIMIT = 30.0
CUT = 4.0
ASK = """\
import json, socket, sys
found = {}
for kind, port in (("udp", 12345), ("tcp", 12346)):
    for family, host in ((socket.AF_INET, "203.0.113.10"), (socket.AF_INET6, "2001:db8:10::10")):
        asked = socket.socket(family, socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM)
        asked.settimeout(0.7)
        try:
            asked.connect((host, port))
            asked.send(b"x\\n")
            found[f"{kind} {host}"] = json.loads(asked.recv(999))["peer"]
        except (OSError, ValueError):
            found[f"{kind} {host}"] = None
print(json.dumps(found))
"""
EVERYBODY = {
    "udp 203.0.113.10": "198.51.100.7",
    "udp 2001:db8:10::10": "2001:db8:ffff::7",
    "tcp 203.0.113.10": "198.51.100.7",
    "tcp 2001:db8:10::10": "2001:db8:ffff::7",
}


@pytest.fixture(scope="module")
def net() -> Iterator[Standing]:
    topology = two_hosts()
    with standing(topology) as made:
        made.lab.stand_ins(topology)
        yield made


def seen(lab: Lab) -> dict[str, str | None]:
    """Which address the game saw from the Internet, over TCP and UDP, IPv4 and IPv6."""
    answer: dict[str, str | None] = json.loads(lab.run("internet", sys.executable, "-I", "-S", "-c", ASK).stdout)
    return answer


def until_everybody_is_served(lab: Lab) -> float:
    """Seconds until the game answers everybody, with the client's own address."""
    began = time.monotonic()
    while seen(lab) != EVERYBODY:
        assert time.monotonic() - began < LIMIT, seen(lab)
        time.sleep(0.3)
    return time.monotonic() - began


def test_a_new_home_address_is_found_without_hands(net: Standing) -> None:
    until_everybody_is_served(net.lab)
    faults.readdress(net.lab, "home")
    assert until_everybody_is_served(net.lab) < LIMIT


def test_a_cut_line_heals_without_hands(net: Standing) -> None:
    until_everybody_is_served(net.lab)
    faults.cut(net.lab, "home")
    time.sleep(CUT)
    assert not any(seen(net.lab).values())
    faults.heal(net.lab, "home")
    assert until_everybody_is_served(net.lab) < LIMIT
