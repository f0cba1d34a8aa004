"""Two ways to ask the same network: stand-ins that answer, and hosts that count what comes to a door. They agree."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address

import pytest

from tests.netns.world import World, world
from warren.hosts.base import Host, Result
from warren.probe import arrivals
from warren.probe.field import Field
from warren.probe.ground import Address
from warren.probe.lookout import Lookout, watching
from warren.verify import Report, sentences
from warren.verify.afield import links, places, seen, verify_real
from warren.verify.lans import on_lans

pytestmark = [pytest.mark.netns, pytest.mark.slow]

FILE = """\
version: 1
network: {name: doors, dns: false}
hosts:
  vps: {public: [203.0.113.10, "2001:db8:10::10"], programs: {ntp: 123/udp}}
  edge: {public: 203.0.113.20, firewall: {allow: [161/udp, 9100]}}
  home: {lan: 192.168.2.0/24, site: house, egress: vps, programs: {mysql: 3306, log: 514/udp}}
  nas: {lan: 192.168.2.0/24, site: house, egress: none}
services:
  blog: {host: vps, ports: {web: 80}, needs: [game.play], expose: [{port: 8080, to: web}]}
  game:
    host: home
    ports: {play: 12345/udp, media: 20000-20009/udp}
    needs: [db.sql, home.log]
    expose:
      - {port: 12345/udp, to: play, at: vps}
      - {port: 12345/udp, to: play, at: edge, client_address: hide}
      - {port: 20000-20009/udp, to: media, at: vps}
      - {port: 12345/udp, to: play, at: home}
  db: {host: home, ports: {sql: 5432, probe: 5433/udp}, egress: none}
  cam: {host: nas, ports: {rtp: 5004/udp}, egress: lan, expose: [{port: 5004/udp, to: rtp, at: nas}]}
"""
# Processes of the whole machine are seen here: those of this host alone are meant.
KILL = """\
for p in $(pgrep -x nft); do
  [ "$(readlink /proc/$p/ns/net)" != "$(readlink /proc/self/ns/net)" ] || kill -KILL $p
done
"""
OUTSIDE: tuple[Address, ...] = (ip_address("198.51.100.7"), ip_address("2001:db8:ffff::7"))


@dataclass(frozen=True, slots=True)
class Outside:
    """The Internet of the lab, where `warren` would run."""

    world: World
    name: str = "internet"

    def run(self, script: str, stdin: bytes = b"", timeout: float = 60.0) -> Result:
        """See `Host.run`."""
        return self.world.lab.run(self.name, "sh", "-c", script, stdin=stdin, timeout=timeout)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("doors"), FILE) as found:
        yield found


def hosts(made: World) -> dict[str, Host]:
    """A carrier for each."""
    return {name: made.lab.host(name) for name in made.topology.hosts}


def afield(made: World) -> Report:
    """What `warren verify` does with real hosts."""
    carriers = hosts(made)
    with watching(carriers, links(made.topology)) as eyes:
        ground = Field(carriers, places(made.topology), seen(made.topology, OUTSIDE), Outside(made))
        return verify_real(made.topology, on_lans(made.topology, ground, eyes), eyes)


def datagrams(report: Report) -> Mapping[tuple[object, ...], bool]:
    """Whether each datagram came through, by the name of its flow and the address."""
    verdicts = (v for reach in report.reaches for v in (*reach.tried, *reach.beside))
    return {(*v.flow.key, v.flow.address): v.open for v in verdicts if v.flow.protocol.value == "udp"}


def test_both_ways_say_the_same_of_every_datagram(made: World) -> None:
    real, lab = afield(made), made.verify()
    assert sentences(real) == () and real.untold == () and sentences(lab) == ()
    one, other = datagrams(real), datagrams(lab)
    both = one.keys() & other.keys()
    assert len(both) > 250 and sum(one[key] for key in both) > 20
    assert {key: one[key] for key in both} == {key: other[key] for key in both}
    edges = {(edge.place, str(edge.address)): edge for edge in real.scan or ()}
    # One gateway has no address of IPv6 from which it could ask the other.
    unable = ("edge", "2001:db8:10::10")
    assert all(edge.equal for edge in edges.values()) and len(edges) == 12
    assert [at for at, edge in edges.items() if edge.untold] == [unable]
    assert edges["internet", "203.0.113.10"].udp == (12345, 20000, 20004, 20009, 51820)
    assert edges["home", "203.0.113.20"].udp == (161, 12345, 51820)


@pytest.mark.parametrize(
    ("host", "change", "said"),
    [
        ("home", "insert rule inet warren forward meta l4proto udp accept", "a datagram came through"),
        pytest.param(
            "vps",
            "insert rule inet warren forward udp dport 12345 drop",
            "it came to vps and did not come to home",
            marks=pytest.mark.long,
        ),
        ("home", "insert rule inet warren forward udp dport 12345 drop", "it came to home and was dropped there"),
        ("home", "insert rule inet warren input udp dport 514 drop", "it came to home and was dropped there"),
    ],
)
def test_a_change_by_hand_is_told_with_its_place(made: World, host: str, change: str, said: str) -> None:
    made.said(host, f"nft '{change}'")
    try:
        assert any(said in one for one in sentences(afield(made)))
    finally:
        made.say(FILE)


def test_whoever_is_killed_leaves_nothing(made: World) -> None:
    found: list[Lookout] = []
    with watching(hosts(made), links(made.topology)) as eyes:
        found.append(eyes)
        table = f"{arrivals.TABLE}_{eyes.token.hex()}"
        assert table in made.said("vps", "nft list tables")
        made.said("vps", KILL)
        until = time.monotonic() + 5
        while table in made.said("vps", "nft list tables") and time.monotonic() < until:
            time.sleep(0.05)
        assert table not in made.said("vps", "nft list tables")
        eyes.read()
        assert eyes.blind == {"vps": "its watch has ended"}
    for name in made.topology.hosts:
        assert arrivals.TABLE not in made.said(name, "nft list tables; ls /run/warren 2>/dev/null || :")
