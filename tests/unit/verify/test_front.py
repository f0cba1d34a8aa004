"""What places outside should see of a gateway."""

from __future__ import annotations

from ipaddress import ip_address

from tests.spec_texts import BASE, resolved
from warren.basis.address import Protocol
from warren.probe.ground import Surroundings
from warren.verify.declared import INTERNET
from warren.verify.front import EVERY, MOST_PLACES, front, fronts
from warren.verify.world import World, world

TCP, UDP = Protocol.TCP, Protocol.UDP
FOUR = ip_address("203.0.113.10")
TEXT = (
    BASE
    + """\
  web: {host: vps, ports: {web: 80, play: 9000-9009/udp, talk: 5000-5009}, expose: [
    {port: 8080, to: web}, {port: 9000-9009/udp, to: play}, {port: 5000-5009, to: talk}]}
  tool: {host: home, ports: {api: 7000, slow: 7001, mine: 7002}, expose: [
    {port: 7100, to: api, at: vps, from: 192.0.2.0/24},
    {port: 7101, to: slow, at: vps, limit: 3/minute},
    {port: 7102, to: mine, at: vps}]}
"""
)


def at(text: str = TEXT, **seen: str) -> World:
    """The world of a file."""
    around = {INTERNET: "198.51.100.7"} | seen
    return world(resolved(text), Surroundings({place: (ip_address(one),) for place, one in around.items()}))


def test_what_must_be_open_what_may_be_and_what_is_asked() -> None:
    there = at()
    found = front(there, INTERNET, there.topology.hosts["vps"], FOUR)
    assert found.must[TCP] == {22, 8080, 7102} and found.may[TCP] == {7100, 7101, *range(5000, 5010)}
    assert found.must[UDP] == {51820, *range(9000, 9010)} and not found.may[UDP]
    # What the file names anywhere, also inside, is asked for.
    assert {22, 80, 8080, 5432, 7000, 7001, 2375, 5010} <= found.asked[TCP] and len(found.asked[TCP]) < 200
    assert {9000, 9009, 9010} <= found.asked[UDP]


def test_a_place_that_is_known_is_judged_by_its_address() -> None:
    there = at(other="192.0.2.9")
    host = there.topology.hosts["vps"]
    assert 7100 in front(there, "other", host, FOUR).must[TCP]
    # What a router makes of a packet that comes back to its own home is nobody's promise.
    assert 7102 in front(there, "home", host, FOUR).may[TCP]


def test_guarded_ssh_and_what_a_guard_lets_in_may_be_open() -> None:
    guard = "203.0.113.10, firewall: {ssh: {from: 192.0.2.0/24}, allow: [9100, 161/udp]}}"
    there = at(TEXT.replace("203.0.113.10}", guard))
    found = front(there, INTERNET, there.topology.hosts["vps"], FOUR)
    assert {22, 9100} <= found.may[TCP] and 22 not in found.must[TCP] and 161 in found.may[UDP]


def test_all_ports_are_asked_from_one_place_only() -> None:
    there = at()
    standing = dict.fromkeys((INTERNET, "home", "vps"), "")
    wide, short = fronts(there, standing, every_port=True)
    assert (wide.place, wide.asked[UDP]) == (INTERNET, EVERY) and len(short.asked[UDP]) < 200
    assert [one.place for one in fronts(there, {"home": ""}, every_port=True)] == ["home"]


def test_no_more_than_some_places_ask() -> None:
    homes = "".join(f"  h{n}: {{}}\n" for n in range(12))
    there = at(TEXT.replace("services:", f"{homes}services:"))
    standing = dict.fromkeys((INTERNET, *there.topology.hosts), "")
    assert len(list(fronts(there, standing))) == MOST_PLACES
