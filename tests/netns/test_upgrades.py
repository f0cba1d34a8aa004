"""WebSockets through gateway, tunnel and service: opened by name, with the client's address, and for how long."""

from __future__ import annotations

import json
import shlex
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.netns.world import World, world

pytestmark = [pytest.mark.netns, pytest.mark.slow]

GATEWAY, CLIENT, NAME = "203.0.113.10", "198.51.100.7", "chat.example.org"
PROGRAM = f"{shlex.quote(sys.executable)} -I -S {Path(__file__).parent / 'upgrade_program.py'}"
AUTHORITY = "/tmp/warren-upgrades-ca"
FILE = """\
version: 1
network: {name: chats, domain: example.org}
hosts:
  vps: {public: [203.0.113.10, "2001:db8:10::10"]}
  home: {lan: 192.168.2.0/24, egress: vps}
services:
  chat: {host: home, ports: {web: 80}, expose: [{https: NAMES, path: [/, /below], strip: true}]}
"""
# The stand-in has the port; what comes from outside is led to the program that speaks WebSocket.
REDIRECT = "table ip chat { chain c { type nat hook prerouting priority -100; tcp dport 80 redirect to :8888; }; }"


def file(names: str = NAME) -> str:
    """The file with these names."""
    return FILE.replace("NAMES", names)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("upgrades"), file()) as found:
        assert found.verify().holds
        found.said("internet", f"cat > {AUTHORITY} <<'END'\n{found.lab.path('ca.pem').read_text()}END")
        found.said("chat", f"nft -f - <<'END'\n{REDIRECT}\nEND")
        found.said("chat", f"setsid {PROGRAM} serve 8888 >/dev/null 2>&1 </dev/null & sleep 0.5")
        yield found


def visited(made: World, seconds: float, path: str = "/") -> dict[str, Any]:
    """What somebody finds who stays so long."""
    words = f"visit {GATEWAY} {NAME} {path} {AUTHORITY} {seconds}"
    found: dict[str, Any] = json.loads(made.said("internet", f"{PROGRAM} {words}", timeout=seconds + 30))
    return found


def test_a_websocket_from_the_internet_to_a_home(made: World) -> None:
    found = visited(made, 1)
    assert (found["status"], found["closed"]) == (101, None) and found["echoed"] > 3
    assert found["told"] == f"/ {CLIENT} https"


def test_the_beginning_of_the_path_is_cut_off_there_too(made: World) -> None:
    assert visited(made, 0.3, "/below/room")["told"] == f"/room {CLIENT} https"


def test_a_change_of_names_sends_visitors_away_who_may_come_again_at_once(made: World) -> None:
    """Debian's Caddy closes what it has taken over when it reads its file anew, as its word for it (1001) says."""
    found: list[dict[str, Any]] = []
    staying = threading.Thread(target=lambda: found.append(visited(made, 8)))
    staying.start()
    time.sleep(2)
    made.say(file(f"[{NAME}, new.example.org]"))
    staying.join()
    assert found[0]["status"] == 101 and found[0]["closed"] == 1001 and found[0]["echoed"] > 3
    assert visited(made, 0.3)["status"] == 101
