"""`explain`, `trace` and `plan` as a user types them, against booted machines over ssh."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.machines.rig import Rig, rig, until
from warren.lab import listeners, standing
from warren.lab.stand_in import SOCKET

TEXT = """\
version: 1
network: {name: NAME, dns: false}
hosts:
  vps: {ssh: root@203.0.113.10, public: 203.0.113.10}
  home: {ssh: admin@192.168.2.10, lan: 192.168.2.0/24, egress: vps, programs: {mysql: 3306}}
services:
  cloud:
    host: home
    ports: {web: 80}
    needs: [{to: home.mysql, localhost: 3306}]
    expose: [{port: 8081, to: web}]
"""
PROXY = "/etc/systemd/system/warren-local-cloud-3306.service"
LEAD = "sed -i s/127.0.0.1:{}/127.0.0.1:{}/ " + PROXY


@pytest.fixture(scope="module")
def stand(machines: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """Two machines that hold what the file says; stand-ins listen."""
    with rig(tmp_path_factory.mktemp("live"), TEXT) as made:
        assert made.apply().succeeded
        made.lab.stand_ins(made.topology)
        yield made


def warren(stand: Rig, *words: str) -> tuple[int, list[str]]:
    """The lines of a command on the hosts of the lab."""
    argv = [sys.executable, "-m", "warren", *words, "-f", str(stand.path), "--lab", stand.lab.name]
    env = {**os.environ, "NO_COLOR": "1"}
    done = subprocess.run(argv, capture_output=True, text=True, env=env, check=False, timeout=120)
    return done.returncode, done.stdout.splitlines() or done.stderr.splitlines()


def test_what_works_is_explained_hop_by_hop(stand: Rig) -> None:
    code, lines = warren(stand, "explain", "internet", "cloud")
    assert (code, lines[0]) == (0, "internet -> cloud:8081/tcp answers")
    said = "\n".join(lines)
    assert "goes through the tunnel wrn-vps to home, handshake" in said and "cloud on home  arrives at cloud" in said


def test_what_drops_on_a_machine_is_named(stand: Rig) -> None:
    stand.run("home", "nft 'add table ip theirs; add chain ip theirs c { type filter hook forward priority 5; }'")
    stand.run("home", "nft add rule ip theirs c tcp dport 80 drop")
    try:
        code, lines = warren(stand, "explain", "internet", "cloud")
    finally:
        stand.run("home", "nft delete table ip theirs")
    assert code == 3
    assert lines[0].startswith("internet -> cloud:8081/tcp: on home ") and "table ip theirs" in lines[0]


def test_packets_are_followed_on_both_machines(stand: Rig) -> None:
    _, lines = warren(stand, "trace", "internet", "cloud", "--for", "4", "--knock")
    assert any(line.startswith("vps ") and "the target becomes 10." in line for line in lines), lines
    assert any(line.startswith("home ") and "goes out by v-cloud" in line for line in lines), lines
    assert all(stand.fails(host, "nft list tables | grep trace") for host in ("vps", "home"))


def test_a_proxy_that_somebody_led_elsewhere_is_told_by_plan_and_explain(stand: Rig) -> None:
    stand.run("home", LEAD.format(3306, 22))
    try:
        _, lines = warren(stand, "plan")
        _, said = warren(stand, "explain", "cloud", "localhost:3306")
    finally:
        stand.run("home", LEAD.format(22, 3306))
    assert lines[:2] == [
        "cloud can now reach home:3306/tcp at its localhost:3306",
        "cloud can no longer reach home:22/tcp at its localhost:3306",
    ]
    assert said[0] == (
        "cloud -> home:3306/tcp: 127.0.0.1:3306 in cloud leads to 127.0.0.1:22 on home, not to 127.0.0.1:3306 on home"
    )


def test_a_program_on_loopback_is_reached_by_localhost_alone(stand: Rig) -> None:
    """As databases listen by default."""
    wanted = listeners.wanted(stand.topology, stand.lab.namespaces())
    kept = [each for each in wanted["listeners"] if each["service"] != "home"]
    standing.stand(stand.lab.name, stand.lab.path(SOCKET), {**wanted, "listeners": kept})
    stand.run("home", "systemd-run -q --unit alone bash -c 'while :; do nc -l 127.0.0.1 3306 || sleep 1; done'")
    try:
        until(lambda: "127.0.0.1:3306" in stand.run("home", "ss -Hlnt"))
        _, carried = warren(stand, "explain", "cloud", "localhost:3306")
        _, asked = warren(stand, "explain", "cloud", "home.mysql")
    finally:
        stand.run("home", "systemctl stop alone")
        stand.lab.stand_ins(stand.topology)
    assert carried[0] == "cloud -> home:3306/tcp arrives, and somebody listens"
    assert asked[0].startswith("cloud -> home:3306/tcp: home listens on loopback only: 127.0.0.1:3306/tcp (nc, pid ")


def test_a_socket_that_does_not_listen_is_named(stand: Rig) -> None:
    stand.run("home", "systemctl stop warren-local-cloud-3306.socket")
    try:
        _, lines = warren(stand, "explain", "cloud", "localhost:3306")
    finally:
        stand.run("home", "systemctl start warren-local-cloud-3306.socket")
    assert lines[0] == "cloud -> home:3306/tcp: nothing listens at 127.0.0.1:3306 in cloud, to carry it to home"
