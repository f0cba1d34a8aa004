"""A doctor among real kernels: rules of others, closed ways, full disks, lacking tools (T48, T49, T52, T53)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_address

import pytest

from tests.netns.standing import Standing, standing
from tests.topologies import two_hosts
from tests.unit.doctor.patients import codes, troubles
from warren.doctor.examine import NETWORK, examine
from warren.doctor.model import Finding
from warren.doctor.preflight import preflight
from warren.doctor.script import PREFLIGHT
from warren.hosts.local import LocalHost
from warren.lab import faults
from warren.survey.ask import survey_host
from warren.survey.reach import reach
from warren.topology.model import Topology

pytestmark = pytest.mark.netns

# This kernel may have no WireGuard of its own.
SLOW = {"wireguard-slow"}
CLOSED = """\
table inet mine {
    chain incoming { type filter hook input priority 0; policy drop; ct state established accept; }
    chain through { type filter hook forward priority 5; policy drop; ct state established accept; }
}
"""
LISTENER = """\
import socket
asked = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
asked.bind(("0.0.0.0", 7777))
print("ready", flush=True)
input()
"""


@pytest.fixture(scope="module")
def net() -> Iterator[Standing]:
    with standing(two_hosts()) as made:
        yield made


def found(net: Standing, name: str, topology: Topology | None = None) -> tuple[Finding, ...]:
    """What there is to say about a host's network."""
    return examine(survey_host(net.hosts[name]), topology or net.topology, name, NETWORK)


def test_a_network_that_works_has_nothing_to_complain_about(net: Standing) -> None:
    for name in net.topology.hosts:
        assert codes(found(net, name)) <= SLOW
    assert [each.code for each in reach(net.hosts, net.topology)["vps"]] == ["reachable"]


def test_asking_leaves_no_trace(net: Standing) -> None:
    before = net.dump()
    survey_host(net.hosts["vps"])
    reach(net.hosts, net.topology)
    assert net.dump() == before


def test_rules_of_others_are_found_and_their_mend_mends(net: Standing) -> None:
    net.on("vps", f"nft -f - <<'END'\n{CLOSED}END\n")
    try:
        drops = [each for each in found(net, "vps") if each.code == "foreign-drop"]
        assert ["`inet mine incoming`" in each.summary for each in drops] == [True, False]
        assert [each.code for each in reach(net.hosts, net.topology)["vps"]] == ["not-let-in"]
        for each in drops:
            assert each.mend is not None
            net.on("vps", each.mend.command)
        assert codes(found(net, "vps")) <= SLOW
        assert [each.code for each in reach(net.hosts, net.topology)["vps"]] == ["reachable"]
    finally:
        net.on("vps", "nft delete table inet mine")


def test_a_provider_that_drops_is_told_from_a_host_that_drops(net: Standing) -> None:
    faults.cut(net.lab, "home")
    try:
        assert [each.code for each in reach(net.hosts, net.topology)["vps"]] == ["not-reachable"]
    finally:
        faults.heal(net.lab, "home")


def test_a_port_that_is_taken(net: Standing) -> None:
    moved = replace(
        net.topology, hosts={**net.topology.hosts, "vps": replace(net.topology.hosts["vps"], tunnel_port=7777)}
    )
    assert "port-taken" not in codes(found(net, "vps", moved))
    listener = subprocess.Popen(
        [*net.lab.places()["vps"].entry, sys.executable, "-I", "-S", "-c", LISTENER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert listener.stdout is not None
        assert listener.stdout.readline() == b"ready\n"
        taken = troubles(found(net, "vps", moved))["port-taken"]
        assert taken.blocks
        assert "python" in taken.summary
    finally:
        listener.communicate(b"\n")


def test_an_address_that_is_not_there(net: Standing) -> None:
    vps = net.topology.hosts["vps"]
    claimed = replace(vps, public=(*vps.public, ip_address("203.0.113.99")))
    exposures = tuple(replace(each, addresses=claimed.public) for each in net.topology.exposures)
    greedy = replace(net.topology, hosts={**net.topology.hosts, "vps": claimed}, exposures=exposures)
    assert troubles(found(net, "vps", greedy))["not-its-address"].blocks


def closed(*commands: str) -> LocalHost:
    """This machine in a mount and network namespace of its own, in which something was done before."""
    become_root = () if os.geteuid() == 0 else ("--user", "--map-root-user")
    before = " && ".join(commands)
    return LocalHost("vps", ("unshare", *become_root, "--mount", "--net", "sh", "-c", f'{before} && exec "$@"', "sh"))


def refusals(host: LocalHost) -> set[str]:
    """What forbids an apply there, but for what this machine lacks anyway."""
    here = {each.code for each in preflight(survey_host(closed(":"), PREFLIGHT), two_hosts(), "vps")}
    return {each.code for each in preflight(survey_host(host, PREFLIGHT), two_hosts(), "vps")} - here


def test_a_disk_that_is_full() -> None:
    assert refusals(closed("mount -t tmpfs -o size=64k none /var/lib")) == {"disk-full"}
    assert refusals(closed("mount -t tmpfs -o nr_inodes=20 none /var/lib")) == {"disk-full"}


@pytest.mark.skipif(os.geteuid() != 0, reason="/etc is read-only for who is not root, anyway")
def test_a_disk_that_is_only_for_reading() -> None:
    assert refusals(closed("mount --bind /etc /etc", "mount -o remount,bind,ro /etc")) == {"read-only"}


@pytest.mark.parametrize(("tool", "code"), [("nft", "no-nft"), ("ip", "no-iproute2"), ("wg", "no-wg")])
def test_a_host_without_a_tool(tool: str, code: str) -> None:
    places = " ".join(f"{folder}/{tool}" for folder in ("/bin", "/sbin", "/usr/bin", "/usr/sbin"))
    hide = f"for each in {places}; do [ ! -e $each ] || mount --bind /dev/null $each; done"
    assert code in refusals(closed(hide))


def test_a_host_without_a_tool_still_answers_everything_else() -> None:
    hide = "for each in ss nft unshare df getent; do mount --bind /dev/null $(command -v $each); done"
    survey = survey_host(closed(hide))
    assert survey.pairs("system")["kernel"]
    assert survey.lines("sockets") == []
    assert "no-nft" in codes(examine(survey, two_hosts(), "vps"))


def test_a_clock_is_compared_with_ours() -> None:
    assert survey_host(closed(":"), PREFLIGHT).skew == 0.0
    shifted = closed("printf '#!/bin/sh\\necho now=86400\\n' > /tmp/date.$$", "chmod +x /tmp/date.$$",
                     "mount --bind /tmp/date.$$ $(command -v date)", "rm -f /tmp/date.$$")  # fmt: skip
    assert "clock-wrong" in refusals(shifted)
