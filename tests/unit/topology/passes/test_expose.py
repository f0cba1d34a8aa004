"""expose: what the Internet and the LANs may reach."""

from __future__ import annotations

import pytest

from tests.spec_texts import BASE, loaded, resolved
from warren.basis.diagnostic import Refused
from warren.topology.ledger import HostEntry, Ledger
from warren.topology.model import Topology
from warren.topology.resolve import resolve


def exposing(line: str, host: str = "home") -> Topology:
    """A network where service `x` exposes something."""
    ports = "{web: 80, play: 12345/udp, many: 7000-7010/tcp+udp}"
    return resolved(BASE + f"  x: {{host: {host}, egress: vps, ports: {ports}, expose: [{line}]}}\n")


def test_at_a_gateway_for_all_its_addresses() -> None:
    [one] = exposing("{port: 5000/udp, to: play}").exposures
    assert (one.at, [str(a) for a in one.addresses], one.is_lan, one.keep) == ("vps", ["203.0.113.10"], False, True)
    assert (one.protocol, str(one.ports), str(one.target), one.sources, one.limit) == ("udp", "5000", "12345", (), None)
    assert one.place is not None and one.place.line == 9


def test_on_the_lan_for_its_prefixes_unless_others_are_named() -> None:
    [one] = exposing("{port: 8080, to: web, at: home}").exposures
    assert (one.at, one.is_lan, [str(p) for p in one.sources]) == ("home", True, ["192.168.2.0/24"])
    [one] = exposing("{port: 8080, to: web, at: home, from: 192.168.2.128/25}").exposures
    assert [str(p) for p in one.sources] == ["192.168.2.128/25"]


def test_a_range_over_both_protocols_at_two_places() -> None:
    found = exposing("{port: 8000-8010/tcp+udp, to: many, at: [vps, home], client_address: hide}").exposures
    assert [(one.at, str(one.protocol)) for one in found] == [
        ("vps", "tcp"),
        ("vps", "udp"),
        ("home", "tcp"),
        ("home", "udp"),
    ]
    assert {(str(one.ports), str(one.target), one.keep) for one in found} == {("8000-8010", "7000-7010", False)}


def test_names_for_https() -> None:
    text = (
        BASE
        + "  x: {host: vps, ports: {web: 80, admin: 81}, expose: {https: [a.example.org, b.example.org], to: web}}\n"
    )
    assert [(one.at, one.name, one.port.name) for one in resolved(text).https] == [
        ("vps", "a.example.org", "web"),
        ("vps", "b.example.org", "web"),
    ]


def test_a_tunnel_port_that_the_ledger_remembers_is_taken() -> None:
    spec = loaded(BASE + "  x: {host: vps, ports: {p: 4500/udp}, expose: {port: 4500/udp}}\n")
    with pytest.raises(Refused, match="4500/udp of `vps` is the port of its tunnel"):
        resolve(spec, Ledger({"vps": HostEntry(0, (0,), 4500)}))
