"""LANs of real hosts: who stands where, and what is asked from there."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address

import pytest

from tests.spec_texts import resolved
from warren.probe.ask import Outcome, Probe
from warren.probe.field import Field
from warren.probe.ground import Address
from warren.topology.model import Topology
from warren.verify.afield import places, seen
from warren.verify.askable import tried, untried
from warren.verify.datagrams import Sight, judged
from warren.verify.declared import declared
from warren.verify.flow import Flow
from warren.verify.lans import on_lans
from warren.verify.verdict import Verdict
from warren.verify.world import world

TEXT = """\
version: 1
network: {name: test, dns: false}
hosts:
  vps: {public: 203.0.113.10}
  home: {lan: 192.168.2.0/24, site: house, programs: {mysql: 3306}}
  nas: {lan: 192.168.2.0/24, site: house}
services:
  page: {host: home, ports: {web: 80, talk: 81/udp}, egress: lan, expose: [
    {port: 8080, to: web, at: home}, {port: 8081/udp, to: talk, at: home}]}
  db: {host: home, ports: {sql: 5432}, egress: none}
  files: {host: nas, ports: {smb: 445}, egress: none}
"""
HOME, NAS, HERE = (ip_address(f"192.168.2.{n}") for n in (10, 11, 77))
OUTSIDE: tuple[Address, ...] = (HERE,)


@dataclass(slots=True)
class Eyes:
    """Hosts to which everything comes, or nothing."""

    comes: bool = True
    blind: dict[str, str] = field(default_factory=dict)
    asked: list[Probe] = field(default_factory=list)

    def ask(self, ground: object, probes: list[Probe], after: float = 0.0, window: int = 1) -> list[Outcome]:
        """See `Lookout.ask`."""
        self.asked += probes
        names = {HOME: "home", NAS: "nas"}
        return [Outcome(error="timeout", came=(names[p.address],) if self.comes else ()) for p in probes]


@pytest.fixture(autouse=True)
def _standing(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {"home": (HOME, ip_address("10.0.0.1")), "nas": (NAS,)}
    monkeypatch.setattr("warren.verify.lans.seats", lambda hosts: {name: found[name] for name in hosts})
    monkeypatch.setattr("warren.verify.lans.ways_out", lambda targets: OUTSIDE if targets else ())


def field_of(topology: Topology, here: bool = False) -> Field:
    """Real hosts; this machine stands outside, or is one of them."""
    hosts = dict.fromkeys(topology.hosts)
    return Field(hosts, places(topology), seen(topology, OUTSIDE if here else ()))  # type: ignore[arg-type]


def flows(ground: Field, topology: Topology) -> tuple[Flow, ...]:
    """All that is tried."""
    around = ground.surroundings()
    return tried(world(topology, around), declared(topology, around), ground.namespaces(), True)


def test_another_host_speaks_as_a_neighbour() -> None:
    topology = resolved(TEXT)
    ground = on_lans(topology, field_of(topology), Eyes())  # type: ignore[arg-type]
    assert ground.lans["lan:home"].neighbour == (NAS,) and ground.lans["lan:nas"].neighbour == (HOME,)
    assert ground.namespaces()["lan:home"] == "nas "
    found = [f for f in flows(ground, topology) if f.source == "lan:home"]
    opened = {(f.target, f.protocol.value, f.port, str(f.address)) for f in found if f.open}
    assert opened == {
        ("page", "tcp", 8080, str(HOME)),
        ("page", "udp", 8081, str(HOME)),
    }
    assert any(f.target == "db" and f.port == 5432 and f.address == HOME and not f.open for f in found)
    # What the neighbour may do as the host that it is says nothing of neighbours.
    assert not [f for f in found if f.target in ("files", "nas")]


def test_what_services_send_to_a_neighbour_is_told_by_where_it_comes() -> None:
    topology = resolved(TEXT)
    ground = on_lans(topology, field_of(topology), Eyes())  # type: ignore[arg-type]
    mine = {f.source: f for f in flows(ground, topology) if f.target == "lan:home"}
    assert mine["page"].open and not mine["db"].open and "files" not in mine and mine["page"].port == 9
    sight = Sight(topology, neighbours={"lan:home": "nas"})
    arrived, stopped = Outcome(error="timeout", came=("home", "nas")), Outcome(error="timeout", came=("home",))
    ends = [judged(sight, mine[name], one) for name in ("page", "db") for one in (arrived, stopped)]
    assert [end.why if isinstance(end, Verdict) else end for end in ends] == [
        None,
        "it came to home and did not come to nas",
        "a datagram came through",
        None,
    ]


def test_this_machine_speaks_first_and_only_where_it_is_heard() -> None:
    topology = resolved(TEXT)
    ground = on_lans(topology, field_of(topology, here=True), Eyes())  # type: ignore[arg-type]
    assert ground.lans["lan:home"].neighbour == (HERE,) and ground.namespaces()["lan:home"] == " "
    assert not [f for f in flows(ground, topology) if f.target == "lan:home"]
    assert not [s for s in untried(topology, ground.namespaces()) if "LAN" in s]
    elsewhere = on_lans(topology, field_of(topology, here=True), Eyes(comes=False))  # type: ignore[arg-type]
    assert "lan:home" not in elsewhere.namespaces() and not elsewhere.lans["lan:home"].neighbour
    assert [s for s in untried(topology, elsewhere.namespaces()) if "nobody of ours stands on the LAN of home" in s]


def test_a_host_that_cannot_watch_is_not_asked() -> None:
    topology = resolved(TEXT)
    eyes = Eyes(blind={"home": "its nft is old"})
    ground = on_lans(topology, field_of(topology), eyes)  # type: ignore[arg-type]
    assert "lan:home" not in ground.namespaces() and {one.address for one in eyes.asked} == {NAS}
