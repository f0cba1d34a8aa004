"""An ordinary user's lab does what root's does. Run by root, this test becomes nobody for it."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.repo.house import ROOT

pytestmark = pytest.mark.netns

NOBODY = 65534

# Everything that a host, a place, the stand-ins and a fault need, in one lab; prints what it saw.
TRY = """\
import json, os, sys, time
sys.path[:0] = sys.argv[1:3]
from tests.lab.topologies import two_hosts
from warren.apply import apply
from warren.basis.diagnostic import Refused
from warren.desired.lower import lower
from warren.observe import observe
from warren.plan.diff import diff
from warren.lab import faults
from warren.lab.build import build
from warren.lab.lab import find, labs
topology = two_hosts()
try:
    lab = build(topology, f"plain-{os.getpid()}", tied=True)
except Refused as refused:
    print(json.dumps({"refused": str(refused)}))
    raise SystemExit
home = lab.host("home")
made = home.run("echo x >/etc/warren/x && cat /etc/warren/x; id -u")
desired, hosts = lower(topology), {name: lab.host(name) for name in topology.hosts}
def plan(seen):
    return diff(desired, {name: each.state for name, each in seen.items()})
before = observe(hosts, desired)
failure = apply(hosts, plan(before), desired, before).failure
drift = [change.key for each in plan(observe(hosts, desired)).hosts.values() for change in each]
tunnel = home.run("ip link add wt-x type wireguard 2>/dev/null || wireguard-go wt-x; wg show interfaces")
standing = lab.stand_ins(topology)
inside = lab.run("game", "sh", "-c", "ls /sys/class/net; sysctl -n net.ipv4.ip_unprivileged_port_start")
asked = lab.run("internet", sys.executable, "-I", "-S", "-c",
    "import socket; print(socket.create_connection(('203.0.113.10', 22), 2).recv(999).decode())")
faults.readdress(lab, "home")
found = find(lab.name) == lab in labs()
lab.write("x", b"x")
pid = lab.pid
lab.down()
print(json.dumps({
    "uid": os.getuid(), "made": made.stdout.decode().split(),
    "failure": failure and failure.reason, "drift": drift,
    "tunnel": tunnel.stdout.decode().split(),
    "missing": standing.missing, "failed": standing.failed, "inside": inside.stdout.decode().split(),
    "asked": json.loads(asked.stdout or b"null"), "found": found, "gone": find(lab.name) is None,
}))
"""


def as_nobody(*argv: str) -> subprocess.CompletedProcess[str] | None:
    """What a command says to an ordinary user; None where it may not even be run."""
    try:
        if os.geteuid():
            return subprocess.run(argv, capture_output=True, text=True, cwd="/", check=False)
        return subprocess.run(
            argv, capture_output=True, text=True, cwd="/", check=False, user=NOBODY, group=NOBODY, extra_groups=[]
        )
    except PermissionError:
        return None


def interpreter() -> str:
    """A Python that an ordinary user may run with this checkout: root's own may lie in a home that is closed."""
    check = "import sys; sys.path[:0] = sys.argv[1:]; import warren.lab.build, tests.lab.topologies"
    for python in (sys.executable, "/usr/bin/python3"):
        tried = as_nobody(python, "-B", "-c", check, str(ROOT / "src"), str(ROOT))
        if tried and tried.returncode == 0:
            return python
    pytest.skip("no Python that an ordinary user may run here with this checkout")


def attempt() -> dict[str, object]:
    """What an ordinary user's lab saw."""
    done = as_nobody(interpreter(), "-B", "-c", TRY, str(ROOT / "src"), str(ROOT))
    assert done and done.returncode == 0, done and done.stderr
    seen: dict[str, object] = json.loads(done.stdout)
    return seen


def test_an_ordinary_users_lab_works() -> None:
    seen = attempt()
    if "refused" in seen:
        pytest.skip(str(seen["refused"]))
    assert seen == {
        "uid": NOBODY if os.geteuid() == 0 else os.getuid(),
        "made": ["x", "0"],
        "failure": None,
        "drift": [],
        "tunnel": ["wt-x"],
        "missing": [],
        "failed": [],
        "inside": ["eth0", "lo", "0"],
        "asked": {"service": "vps", "port": 22, "protocol": "tcp", "peer": "198.51.100.7"},
        "found": True,
        "gone": True,
    }
