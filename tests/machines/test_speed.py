"""A rootless container sends into the tunnel as fast as any process in its namespace: nothing stands between.

They send in turn, and the median of the rounds' ratios is judged; a machine that has other work to do is no judge.
"""

from __future__ import annotations

import json
import os
import shlex
from pathlib import Path
from statistics import median

import pytest

from tests.machines.images import Behaviour, image
from tests.machines.rig import WORLDS, Rig, rig, until
from warren.desired.account import as_user

ROUNDS, MEGABYTES = 9, 24
# What comes in is counted where it arrives, from the first byte, which says who sends, to the last. The sink ends the
# connection, because not every nc does.
SINK = f"""\
import json, socket, threading, time

pytestmark = pytest.mark.long
server = socket.create_server(("", 80))
def take(peer):
    who, size, begun = peer.recv(1).decode(), 1, time.monotonic()
    while size <= {MEGABYTES << 20}:
        size += len(peer.recv(1 << 18))
    with open("/run/sink", "a") as file:
        file.write(json.dumps([who, size / (time.monotonic() - begun)]) + "\\n")
    peer.close()
while True:
    threading.Thread(target=take, args=server.accept()[:1]).start()
"""
SEND = "(printf %s; dd if=/dev/zero bs=65536 count=%d 2>/dev/null) | nc %s 80"


def rates(net: Rig, senders: list[str]) -> dict[str, float]:
    """Bytes in a second of senders, one after the other, as the sink saw them."""
    net.run("vps", ": >/run/sink")
    net.run("home", "; ".join(senders), timeout=120)
    until(lambda: len(net.run("vps", "cat /run/sink").splitlines()) == len(senders))
    lines = net.run("vps", "cat /run/sink").splitlines()
    return dict(json.loads(line) for line in lines)


def busy() -> str | None:
    """Why speeds cannot be compared here now, or None."""
    waiting, cores = os.getloadavg()[0], os.cpu_count() or 1
    return f"{waiting:.0f} programs want this machine's {cores} cores" if waiting > 1.5 * cores else None


def entering(uid: int, script: str) -> str:
    """A script in the container, whose network is that of whoever enters it: it has none of its own."""
    entered = as_user("cloud", uid, f"podman exec cloud sh -c {shlex.quote(script)}")
    return f"ip netns exec cloud sh -c {shlex.quote(entered)}"


@pytest.mark.long
def test_a_container_is_as_fast_as_a_process_of_its_namespace(machines: None, tmp_path: Path) -> None:
    with rig(tmp_path, WORLDS.replace("needs: [db.sql]", "needs: [db.sql, blog.web]")) as net:
        net.publish(image("web", behaviour=Behaviour.IDLE), "docker.io/library/web", "1")
        assert net.apply().succeeded
        net.run("vps", f"ip netns exec blog setsid python3 -c {shlex.quote(SINK)} >/dev/null 2>&1 &")
        uid, target = int(net.run("home", "id -u cloud")), net.topology.services["blog"].addresses.v4
        until(lambda: not net.fails("home", entering(uid, "true")))
        until(lambda: not net.fails("vps", "ip netns exec blog ss -Hltn 'sport = :80' | grep -q ."))
        where = "readlink /proc/self/ns/net"
        assert net.run("home", entering(uid, where)) == net.run("home", f"ip netns exec cloud {where}")
        assert net.fails("home", "pgrep -x 'pasta|slirp4netns|rootlessport'")
        inside = entering(uid, SEND % ("c", MEGABYTES << 4, target))
        beside = f"ip netns exec cloud busybox sh -c {shlex.quote(SEND % ('p', MEGABYTES << 4, target))}"
        before = busy()
        rounds = [rates(net, [inside, beside][:: 1 - 2 * (number % 2)]) for number in range(ROUNDS)]
    ratios = [each["c"] / each["p"] for each in rounds]
    if reason := before or busy():
        pytest.skip(f"{reason}; measured {sorted(round(each, 2) for each in ratios)}")
    assert median(ratios) > 0.9, ratios
