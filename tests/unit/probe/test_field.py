"""Real hosts as a ground, with hosts that answer as told: who is asked what, and how the answers are read."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from typing import Any

import pytest

from warren.hosts.base import Result, Unreachable
from warren.probe.ask import Outcome, Probe, ask
from warren.probe.field import HERE, LACKS, Field, by_bash, read_bash, ways_out
from warren.probe.ground import PROGRAMS, Fault

LOOPBACK = ip_address("127.0.0.1")


@dataclass(slots=True)
class Far:
    """A host with python3, with bash alone, or with neither; every connection to port 80 is made."""

    name: str
    tools: tuple[str, ...] = ("python3", "bash")
    asked: list[tuple[str, bytes]] = field(default_factory=list)

    def run(self, script: str, stdin: bytes = b"", timeout: float = 60.0) -> Result:
        """See `Host.run`."""
        self.asked.append((script, stdin))
        tool = "python3" if stdin else "bash"
        if tool not in self.tools:
            return Result(LACKS, b"", b"nothing there\n")
        return Result(0, self._prober(json.loads(stdin)["probes"]) if stdin else b"0 0 \n", b"")

    def _prober(self, probes: list[dict[str, Any]]) -> bytes:
        blank = {"answer": None, "ms": 1.0}
        return json.dumps(
            {"results": [{"id": p["id"], "connected": p["port"] == 80, "error": None, **blank} for p in probes]}
        ).encode()


def probe(place: str, port: int = 80) -> Probe:
    """One question."""
    return Probe(place, LOOPBACK, port, "tcp", 0.2)


def test_each_host_is_asked_for_its_own_places_and_nothing_is_sent() -> None:
    vps, home = Far("vps"), Far("home")
    ground = Field({"vps": vps, "home": home}, {"vps": ("vps", ""), "db": ("home", "db")})
    outcomes = ask(ground, [probe("vps"), probe("db"), probe("db", 81), probe("nobody")])
    assert [each.connected for each in outcomes] == [True, True, False, False]
    assert outcomes[3] == Outcome(error="absent")
    [(_, said)] = home.asked
    assert [(p["netns"], p["payload"]) for p in json.loads(said)["probes"]] == [("/run/netns/db", "")] * 2
    assert json.loads(vps.asked[0][1])["probes"][0]["netns"] == ""


def test_of_a_datagram_everything_is_sent() -> None:
    home = Far("home")
    ask(Field({"home": home}, {"db": ("home", "db")}), [replace(probe("db"), protocol="udp", payload=b"\x80x")])
    assert json.loads(home.asked[0][1])["probes"][0]["payload"] == "\x80x"


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
def test_bash_sends_a_datagram_twice_byte_for_byte() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
        ear.bind(("127.0.0.1", 0))
        ear.settimeout(5)
        asked = {"id": 7, "netns": "", "address": "127.0.0.1", "port": ear.getsockname()[1], "protocol": "udp"}
        rest = {"timeout": 0.1, "payload": "\x80\xff%s'\\"}
        said = subprocess.run(["sh"], input=by_bash([asked | rest]).encode(), capture_output=True, check=True).stdout
        assert [ear.recv(99) for _ in range(2)] == [b"\x80\xff%s'\\"] * 2
    [found] = read_bash(said.decode())
    assert (found["id"], found["connected"], found["error"]) == (7, False, "timeout")


def test_a_host_without_python_connects_by_bash_and_one_with_neither_is_told() -> None:
    places = {"db": ("home", "db")}
    assert ask(Field({"home": Far("home", ("bash",))}, places), [probe("db")])[0].connected
    with pytest.raises(Fault, match="home has neither python3 nor bash"):
        ask(Field({"home": Far("home", ())}, places), [probe("db")])


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
def test_bash_connects_and_says_what_hinders_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as held, socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        ports = (held.getsockname()[1], bound.getsockname()[1])
        asked = [
            {"id": n, "netns": "", "address": "127.0.0.1", "port": port, "protocol": "tcp", "timeout": 2.0}
            for n, port in enumerate(ports)
        ]
        said = subprocess.run(["sh"], input=by_bash(asked).encode(), capture_output=True, check=True).stdout.decode()
    found = {each["id"]: (each["connected"], each["error"]) for each in read_bash(said)}
    assert found == {0: (True, None), 1: (False, "refused")}


def test_what_bash_does_not_say_is_a_time_that_ran_out() -> None:
    [late, odd] = read_bash("3 124 \n4 1 bash: connect: No route to host\nnoise\n")
    assert (late["error"], odd["error"]) == ("timeout", "unreachable")


def test_the_internet_is_this_machine_where_it_has_a_way_out() -> None:
    ground = Field({}, {}, {HERE: (LOOPBACK,)})
    with socket.create_server(("127.0.0.1", 0)) as held:
        [outcome] = ask(ground, [probe(HERE, held.getsockname()[1])])
    assert outcome.connected and HERE in ground.surroundings().seen
    assert HERE not in Field({}, {}).namespaces() and not ground.uplinks()
    assert ways_out([LOOPBACK]) == (LOOPBACK,)


def test_an_answer_that_is_none_and_a_watch_are_refused() -> None:
    class Mute(Far):
        def run(self, script: str, stdin: bytes = b"", timeout: float = 60.0) -> Result:
            return Result(0, b"hello", b"")

    with pytest.raises(Unreachable, match="did not say"):
        ask(Field({"home": Mute("home")}, {"home": ("home", "")}), [probe("home")])
    with pytest.raises(Fault, match="labs only"):
        Field({}, {}).start_program(PROGRAMS / "watch.py", b"")
