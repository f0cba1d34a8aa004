"""Hosts that watch, with hosts that answer as told: what was sent where, and who cannot watch."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from ipaddress import ip_address

import pytest

from warren.hosts.base import Result, Unreachable
from warren.probe.ask import Outcome, Probe
from warren.probe.lookout import PART, UNSENT, watching

HERE = ip_address("10.0.0.1")


@dataclass(slots=True)
class Watcher:
    """A host whose nft begins, or says why not; `held` is what it has written down of what came and got through."""

    name: str
    wrong: str = ""
    away: bool = False
    held: str = "%%came\nelements = { 0x80808081 }\n%%through\nelements = { 0x80808081 }\n%%own\n"
    ended: threading.Event = field(default_factory=threading.Event)
    asked: list[str] = field(default_factory=list)

    def run(self, script: str, stdin: bytes = b"", timeout: float = 60.0) -> Result:
        """See `Host.run`."""
        self.asked.append(script)
        if self.away:
            raise Unreachable(f"{self.name} is away")
        if "monitor trace" in script:
            assert self.ended.wait(10)
            return Result(0, b"", f"noise\nError: {self.wrong}\n  ^^^\n".encode() if self.wrong else b"")
        if script.startswith("rm -f"):
            self.ended.set()
        if "grep -q" in script:
            return Result(1 if self.wrong else 0, b"", b"")
        if "ss -H" in script:
            return Result(0, b"%%\nudp UNCONN 0 0 0.0.0.0:53 0.0.0.0:*\n", b"")
        return Result(0, self.held.encode() if "list set" in script else b"", b"")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Probe]:
    """The probes as they are sent; nothing ever answers."""
    sent: list[Probe] = []

    def ask(ground: object, probes: list[Probe], after: float = 0.0, window: int = 1) -> list[Outcome]:
        sent.extend(probes)
        return [Outcome(error="timeout") for _ in probes]

    monkeypatch.setattr("warren.probe.lookout.ask", ask)
    return sent


def probe(protocol: str) -> Probe:
    """One question."""
    return Probe("db", HERE, 53, protocol, 0.2)


def test_each_datagram_has_a_number_of_its_own_and_is_looked_for_everywhere(asked: list[Probe]) -> None:
    vps, home = Watcher("vps"), Watcher("home", held="%%came\n%%through\n%%own\n")
    with watching({"vps": vps, "home": home}, {"vps": ["v-db"]}) as eyes:
        first, second, third = eyes.ask(None, [probe("udp"), probe("tcp"), probe("udp")])  # type: ignore[arg-type]
        assert eyes.listening({"vps": ["db"]})["home"][""][0].port == 53
    assert (first.came, first.through, first.arrived) == (("vps",), ("vps",), True)
    assert (second.came, third.came, third.arrived) == ((), (), False)
    assert asked[0].payload[:8] == eyes.token and asked[0].payload != asked[2].payload
    assert asked[1].payload == b"?\n"
    assert vps.ended.is_set() and home.ended.is_set() and not eyes.blind


def test_a_host_that_cannot_watch_is_named_with_the_reason(asked: list[Probe]) -> None:
    hosts = {"old": Watcher("old", wrong="syntax error, unexpected typeof"), "gone": Watcher("gone", away=True)}
    with watching(hosts, {}) as eyes:
        assert eyes.blind["old"] == "its nft says: syntax error, unexpected typeof"
        assert eyes.blind["gone"] == "gone is away"
        # Whoever does not answer is not asked again and again.
        assert len(hosts["gone"].asked) == 2
        assert eyes.ask(None, [probe("udp")])[0] == Outcome(error="timeout")  # type: ignore[arg-type]
    assert len(hosts["gone"].asked) == 2


def test_a_watch_that_ends_too_soon_is_no_silence(asked: list[Probe]) -> None:
    host = Watcher("vps")
    with watching({"vps": host}, {}) as eyes:
        host.away = True
        assert eyes.ask(None, [probe("udp")])[0].came == ()  # type: ignore[arg-type]
        assert "away" in eyes.blind["vps"] and len(asked) == 1
        # Nobody would take the next one away in front of a program.
        later = eyes.ask(None, [probe("udp"), probe("tcp")])  # type: ignore[arg-type]
        assert [one.error for one in later] == [UNSENT, "timeout"] and [one.protocol for one in asked] == ["udp", "tcp"]
        host.away = False


def test_many_questions_are_asked_in_parts(asked: list[Probe]) -> None:
    host = Watcher("vps")
    with watching({"vps": host}, {}) as eyes:
        found = eyes.ask(None, [probe("udp")] * (PART + 5))  # type: ignore[arg-type]
    assert len(found) == len({one.payload for one in asked}) == PART + 5
    assert sum("list set" in script for script in host.asked) == 2 and found[0].came and not found[-1].came
