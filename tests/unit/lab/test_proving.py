"""What surrounds the network, as the verification asks for it."""

from __future__ import annotations

import subprocess
import sys
from ipaddress import ip_address

import pytest

from tests.lab.topologies import VPS, host, topology, two_hosts
from warren.lab.chart import chart
from warren.lab.ground import survey
from warren.lab.proving import RunningProgram, surroundings
from warren.probe.ground import Fault


def test_who_appears_with_which_address() -> None:
    around = surroundings(chart(two_hosts(), survey(two_hosts())))
    seen = {name: [str(a) for a in addresses] for name, addresses in around.seen.items()}
    assert seen == {
        "internet": ["198.51.100.7", "2001:db8:ffff::7"],
        "internet2": ["192.0.2.77", "2001:db8:fffe::77"],
        "vps": ["203.0.113.10", "2001:db8:10::10"],
        "home": ["198.18.2.1", "2001:db8:a002::a"],
        "lan:home": ["198.18.2.1", "2001:db8:a002::32"],
    }
    assert around.server == (ip_address("192.0.2.53"), ip_address("2001:db8:fffd::53"))


def test_neighbours_stand_beside_every_host_of_their_lan() -> None:
    house = [host(name, n, lans=("192.168.2.0/24",), site="house") for name, n in (("a", 2), ("b", 3))]
    declared = topology(VPS, *house)
    lans = surroundings(chart(declared, survey(declared))).lans
    assert set(lans) == {"lan:a", "lan:b"}
    assert set(lans["lan:a"].hosts) == {"a", "b"}


def test_a_gateway_appears_with_its_public_address_beside_a_lan_too() -> None:
    declared = topology(host("gate", 1, ("203.0.113.1",), ("192.168.1.0/24",)))
    around = surroundings(chart(declared, survey(declared)))
    assert around.seen["gate"] == (ip_address("203.0.113.1"),)
    assert set(around.lans["lan:gate"].hosts) == {"gate"}


def running(script: str) -> RunningProgram:
    command = [sys.executable, "-I", "-S", "-c", script]
    started = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    return RunningProgram("program.py", started)


def test_a_program_ends_with_its_input() -> None:
    assert running("import sys; sys.stdin.read(); sys.stderr.write('said')").stop() == b"said"


def test_a_program_that_fails_or_does_not_end_is_a_fault() -> None:
    with pytest.raises(Fault, match="program.py failed: SystemExit|program.py failed: worse"):
        running("import sys; sys.exit('worse')").stop()
    with pytest.raises(Fault, match="did not end within 0.1 seconds"):
        running("import time; time.sleep(60)").stop(0.1)
