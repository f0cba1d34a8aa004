"""Packets from hosts to gateways, against hosts that count as told."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.topologies import two_hosts
from warren.hosts.base import Result, Unreachable
from warren.survey.reach import reach

COUNTED = "counter a0 {\npackets 1 bytes 176\n--\ncounter b0 {\npackets 1 bytes 176\n"


@dataclass(slots=True)
class End:
    """One end of a tunnel."""

    name: str
    said: str | None = ""
    code: int = 0
    told: list[str] = field(default_factory=list)

    def run(self, script: str, stdin: bytes = b"", timeout: float = 60.0) -> Result:
        """See `Host.run`."""
        self.told.append(script)
        if self.said is None:
            raise Unreachable(f"{self.name} cannot be reached")
        return Result(self.code, self.said.encode(), b"")


def codes(vps: End, home: End) -> list[str]:
    """What is found of the gateway."""
    return [each.code for each in reach({"vps": vps, "home": home}, two_hosts())["vps"]]


def test_both_ends_are_told_their_part() -> None:
    vps, home = End("vps", COUNTED), End("home")
    assert codes(vps, home) == ["reachable"]
    assert "nft -f -" in vps.told[0]
    assert "send 203.0.113.10 51820" in home.told[0]


def test_nothing_came() -> None:
    assert codes(End("vps", COUNTED.replace("packets 1", "packets 0")), End("home")) == ["not-reachable"]


def test_what_could_not_be_tried_is_no_error() -> None:
    assert codes(End("vps", None), End("home")) == ["reach-untried"]
    assert codes(End("vps", "", code=1), End("home")) == ["reach-untried"]
    assert codes(End("vps", COUNTED), End("home", None)) == ["reach-untried"]
    assert codes(End("vps", COUNTED), End("home", "lacking\n")) == ["reach-untried"]


def test_one_host_alone_dials_nobody() -> None:
    vps = End("vps")
    assert reach({"vps": vps}, two_hosts()) == {}
    assert vps.told == []
