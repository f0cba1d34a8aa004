"""WebSockets through gateway, tunnel and service: opened by name, with the client's address, and for how long."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.netns.world import World, world

pytestmark = [pytest.mark.netns, pytest.mark.slow]

GATEWAY, CLIENT, NAME = "203.0.113.10", "198.51.100.7", "chat.example.org"
PROGRAM = f"{shlex.quote(sys.executable)} -I -S {Path(__file__).parent / 'upgrade_program.py'}"
# The folder is that of this machine: each process has a file of its own.
AUTHORITY = f"/tmp/warren-upgrades-ca-{os.getpid()}"
FILE = """\
version: 1
network: {name: chats, domain: example.org, https: {OWN}}
hosts:
  vps: {public: [203.0.113.10, "2001:db8:10::10"]}
  home: {lan: 192.168.2.0/24, egress: vps}
services:
  chat: {host: home, ports: {web: 80}, expose: [{https: NAMES, path: [/, /below], strip: true}]}
"""
# The stand-in has the port; what comes from outside is led to the program that speaks WebSocket.
REDIRECT = "table ip chat { chain c { type nat hook prerouting priority -100; tcp dport 80 redirect to :8888; }; }"


# Of 2.7 or later, as many have it from its makers.
OWN = shutil.which("caddy", path=f"{sys.prefix}/bin")


def file(names: str = NAME, own: str = "") -> str:
    """The file with these names."""
    return FILE.replace("NAMES", names).replace("OWN", own)


@contextmanager
def chatting(folder: Path, text: str) -> Iterator[World]:
    """A network with a service that speaks WebSocket."""
    with world(folder, text) as found:
        assert found.verify().holds
        found.said("internet", f"cat > {AUTHORITY} <<'END'\n{found.lab.path('ca.pem').read_text()}END")
        found.said("chat", f"nft -f - <<'END'\n{REDIRECT}\nEND")
        found.said("chat", f"setsid {PROGRAM} serve 8888 >/dev/null 2>&1 </dev/null & sleep 0.5")
        yield found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with chatting(tmp_path_factory.mktemp("upgrades"), file()) as found:
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


def stayed(made: World, text: str) -> dict[str, Any]:
    """What somebody finds who is there for eight seconds, after two of which the file changes."""
    found: list[dict[str, Any]] = []
    staying = threading.Thread(target=lambda: found.append(visited(made, 8)))
    staying.start()
    time.sleep(2)
    made.say(text)
    staying.join()
    return found[0]


def test_a_change_of_names_sends_visitors_away_who_may_come_again_at_once(made: World) -> None:
    """Debian's Caddy closes what it has taken over when it reads its file anew, as its word for it (1001) says."""
    found = stayed(made, file(f"[{NAME}, new.example.org]"))
    assert (found["status"], found["closed"]) == (101, 1001) and found["echoed"] > 3
    assert visited(made, 0.3)["status"] == 101


@pytest.mark.skipif(OWN is None, reason="needs a Caddy of 2.7 or later beside this Python")
def test_with_a_caddy_of_ones_own_they_stay(tmp_path: Path) -> None:
    own = f"program: {OWN}"
    with chatting(tmp_path, file(own=own)) as made:
        found = stayed(made, file(f"[{NAME}, new.example.org]", own))
        assert (found["status"], found["closed"]) == (101, None) and found["echoed"] > 20
