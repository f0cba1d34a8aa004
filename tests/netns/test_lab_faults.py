"""Lines are cut and heal, packets are lost, homes move, tunnels die: real packets."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tests.lab.running import running
from tests.lab.topologies import two_hosts
from warren.basis.diagnostic import Refused
from warren.lab import faults, netns
from warren.lab.lab import Lab
from warren.lab.proving import Proving
from warren.probe.ask import Probe, ask

pytestmark = pytest.mark.netns

# One socket asks `count` times; each answer's peer is printed.
ASK = """\
import json, socket, sys
address, count = sys.argv[1], int(sys.argv[2])
asking = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)
asking.settimeout(float(sys.argv[3]))
asking.connect((address, 53))
for line in sys.stdin if count == 0 else range(count):
    try:
        asking.send(b"who")
        print(json.loads(asking.recv(4096))["peer"], flush=True)
    except OSError as error:
        print("-", flush=True)
"""
SERVER4, SERVER6 = "192.0.2.53", "2001:db8:fffd::53"


@pytest.fixture
def lab() -> Iterator[Lab]:
    with running(two_hosts()) as built:
        built.stand_ins(two_hosts())
        yield built


def peers(lab: Lab, place: str, address: str = SERVER4, count: int = 1, timeout: float = 0.2) -> list[str]:
    """With which addresses a place is seen by the server; `-` where nothing comes back."""
    result = lab.run(place, sys.executable, "-I", "-S", "-c", ASK, address, str(count), str(timeout))
    return result.stdout.decode().split()


def test_a_cut_line_is_silent_and_heals(lab: Lab) -> None:
    assert peers(lab, "home") == ["198.18.2.1"]
    faults.cut(lab, "home")
    assert (peers(lab, "home"), peers(lab, "home", SERVER6), peers(lab, "vps")) == (["-"], ["-"], ["203.0.113.10"])
    assert peers(lab, "lan:home") == ["198.18.2.1"], "only the host's own line is cut"
    faults.cut(lab, "vps")
    assert (peers(lab, "vps"), faults.listed(lab)) == (["-"], ("home: the line is cut", "vps: the line is cut"))
    faults.heal(lab, "home")
    assert (peers(lab, "home"), peers(lab, "vps")) == (["198.18.2.1"], ["-"])
    faults.heal(lab)
    assert (peers(lab, "vps"), faults.listed(lab)) == (["203.0.113.10"], ())


def test_some_packets_are_lost(lab: Lab) -> None:
    faults.lose(lab, 50, "vps")
    faults.lose(lab, 20)
    answers = peers(lab, "vps", count=60, timeout=0.02)
    assert 0 < answers.count("-") < 60
    assert faults.listed(lab) == ("vps: 50 % is lost", "everywhere: 20 % is lost")
    faults.heal(lab)
    assert peers(lab, "vps", count=20).count("-") == 0


def test_a_home_moves_and_its_connections_with_it(lab: Lab) -> None:
    argv = [*lab.place("home").entry, sys.executable, "-I", "-S", "-c", ASK, SERVER4, "0", "0.3"]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=netns.environment()) as held:
        assert held.stdin and held.stdout

        def seen() -> bytes:
            assert held.stdin and held.stdout
            held.stdin.write(b"again\n")
            held.stdin.flush()
            return held.stdout.readline().strip()

        assert seen() == b"198.18.2.1"
        faults.readdress(lab, "home")
        until = time.monotonic() + 5
        while (last := seen()) != b"198.18.2.2" and time.monotonic() < until:
            pass
        assert last == b"198.18.2.2"
    assert peers(lab, "home", SERVER6) == ["2001:db8:a402::a"]
    around = Proving(lab, two_hosts()).surroundings()
    assert [str(a) for a in around.seen["home"]] == ["198.18.2.2", "2001:db8:a402::a"]
    faults.readdress(lab, "home")
    assert (peers(lab, "home"), faults.listed(lab)) == (["198.18.2.3"], ("home: moved 2 times",))
    with pytest.raises(Refused, match="vps has public addresses of the file"):
        faults.readdress(lab, "vps")


def test_a_tunnel_is_killed_at_one_host_alone(lab: Lab) -> None:
    make = "ip link add wrn-vps type wireguard 2>/dev/null || wireguard-go wrn-vps"
    for name in ("vps", "home"):
        assert lab.host(name).run(make).code == 0
    faults.kill_tunnel(lab, "home")
    assert lab.host("home").run("ip link show wrn-vps").code != 0
    assert lab.host("vps").run("wg show wrn-vps").code == 0
    assert lab.host("home").run(make).code == 0, "and can be made again"
    with pytest.raises(Refused, match="home has no tunnel of other"):
        faults.kill_tunnel(lab, "home", "other")


def test_an_unknown_host_is_named(lab: Lab) -> None:
    with pytest.raises(Refused, match="has no host `hom`") as refused:
        faults.cut(lab, "hom")
    assert refused.value.diagnostics[0].hint == "did you mean `home`?"


def test_the_ground_of_a_verification(lab: Lab) -> None:
    ground = Proving(lab, two_hosts())
    assert ground.uplinks() == {"home": "router:home"}
    spaces = ground.namespaces()
    assert {"internet", "vps", "home", "lan:home", "game", "blog"} <= set(spaces)
    found = ask(ground, [Probe("internet", around, 22, "tcp", 2.0) for around in ground.surroundings().seen["vps"]])
    assert [(o.by, o.peer) for o in found] == [("vps", "198.51.100.7"), ("vps", "2001:db8:ffff::7")]
    assert json.loads(json.dumps(dict(spaces)))
