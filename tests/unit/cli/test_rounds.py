"""A doctor's round, against hosts that answer as told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.topologies import two_hosts
from tests.unit.doctor.patients import survey, without
from warren.basis.diagnostic import Refused
from warren.cli.rounds import asked, chosen, mend, visit
from warren.hosts.base import Host, Result, Unreachable
from warren.lab.netns import LabHost

COUNTED = "counter a0 {\npackets 0 bytes 0\n"


class Told:
    """A host that describes itself, and counts nothing; one without words is away."""

    def __init__(self, name: str, sections: dict[str, str] | None) -> None:
        self.name, self.sections = name, sections
        self.told: list[str] = []

    def run(self, script: str, stdin: bytes = b"", timeout: float = 60.0) -> Result:
        """See `Host.run`."""
        if self.sections is None:
            raise Unreachable(f"{self.name} cannot be reached")
        self.told.append(script)
        if "section end" not in script:
            return Result(0, COUNTED.encode() if "counter" in script else b"", b"")
        said = "".join(f"\n%%warren {name}\n{text}\n" for name, text in self.sections.items())
        return Result(0, f"{said}\n%%warren end\n".encode(), b"")


def told(name: str, **sections: str) -> Told:
    """A healthy host but for what is said; its clock is not asked."""
    held = {key: text for key, text in survey(name, **sections).sections.items() if key != "clock"}
    return Told(name, held)


def test_names_are_those_of_the_file() -> None:
    hosts: dict[str, Host] = {"vps": told("vps"), "home": told("home")}
    assert list(chosen((), two_hosts(), hosts)) == ["vps", "home"]
    assert list(chosen(("home",), two_hosts(), hosts)) == ["home"]
    with pytest.raises(Refused, match="there is no host `hom`"):
        chosen(("hom",), two_hosts(), hosts)


def test_the_other_ends_take_part_where_they_can_be_reached() -> None:
    net = two_hosts()
    assert asked((), net) == ["vps", "home"]
    assert asked(("vps",), net) == ["vps"]
    reached = replace(net, hosts={**net.hosts, "home": replace(net.hosts["home"], ssh="admin@home.lan")})
    assert asked(("vps",), reached) == ["vps", "home"]


def test_everything_about_every_host() -> None:
    hosts: dict[str, Host] = {"vps": told("vps", tools=without("tools", "nft=")), "home": told("home")}
    vps, home = visit(hosts, hosts, two_hosts())
    assert vps.is_ill
    assert not home.is_ill
    assert {"no-nft", "not-reachable"} <= {each.code for each in vps.findings}


def test_a_gateway_that_was_not_asked_about_is_named_where_it_matters() -> None:
    hosts: dict[str, Host] = {"vps": told("vps"), "home": told("home")}
    home, vps = visit({"home": hosts["home"]}, hosts, two_hosts())
    assert (home.name, home.is_ill) == ("home", False)
    assert [each.code for each in vps.findings] == ["not-reachable"]


def test_who_is_away_is_not_tried() -> None:
    vps, home = told("vps"), Told("home", None)
    seen = visit({"vps": vps, "home": home}, {"vps": vps, "home": home}, two_hosts())
    assert seen[1].trouble == "home cannot be reached"
    assert seen[1].is_ill
    assert len(vps.told) == 1


def test_repairs() -> None:
    vps = told("vps", tools=without("tools", "nft="))
    done = mend({"vps": vps, "home": Told("home", None)}, two_hosts())
    assert [(each.host, each.code, each.trouble) for each in done] == [("vps", "no-nft", None)]


def test_a_lab_is_not_mended() -> None:
    with pytest.raises(Refused, match="share this machine's system"):
        mend({"vps": LabHost("vps", 1)}, two_hosts())
