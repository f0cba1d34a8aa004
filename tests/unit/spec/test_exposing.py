"""exposing: what a line offers, with its defaults filled in."""

from __future__ import annotations

import pytest

from warren.spec.exposing import Fault, Offer, WebOffer, offers
from warren.spec.load import Document, load

HOSTS = {
    "one": "vps: {public: 203.0.113.10}, home: {lan: 192.168.2.0/24}, cabin: {}",
    "two": "vps: {public: 203.0.113.10}, vps2: {public: 203.0.113.20}, home: {lan: 192.168.2.0/24, gateways: [vps]}",
    "none": "home: {lan: 192.168.2.0/24}, shed: {lan: 192.168.3.0/24}",
}
PORTS = "{web: 80, admin: 81, play: 12345/udp, many: 7000-7010/udp}"


def shown(line: str, host: str = "home", hosts: str = "one", more: str = "", ports: str = PORTS) -> list[str]:
    """What a line offers, or the code of its problem."""
    text = f"version: 1\nnetwork: {{name: n}}\nhosts: {{{HOSTS[hosts]}}}\n"
    text += f"services:\n  x: {{host: {host}, ports: {ports}, expose: [{line}]{more}}}\n"
    return [_shown(one) for one in offers(load(Document("warren.yaml", text)), "x")]


def _shown(one: Offer | WebOffer | Fault) -> str:
    match one:
        case Fault():
            return f"{one.problem.code} at {'.'.join(map(str, one.path[4:]))}".removesuffix(" at ")
        case WebOffer():
            return f"{one.at} {one.name} -> {one.port}"
    return f"{one.at}{' lan' if one.is_lan else ''} {one.ports}/{one.protocol} -> {one.target}"


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("{port: 5000/udp, to: play}", ["vps 5000/udp -> 12345"]),
        ("{port: 12345/udp}", ["vps 12345/udp -> 12345"]),
        ("{port: 9/udp}", ["vps 9/udp -> 12345"]),
        ("{port: 81}", ["vps 81/tcp -> 81"]),
        ("{port: 8000-8010/udp}", ["vps 8000-8010/udp -> 7000-7010"]),
        ("{port: 8080, to: web, at: home}", ["home lan 8080/tcp -> 80"]),
        ("{port: 8080, to: web, at: [home, vps, home]}", ["home lan 8080/tcp -> 80", "vps 8080/tcp -> 80"]),
        ("{https: a.example.org, to: web}", ["vps a.example.org -> web"]),
    ],
)
def test_lines_that_offer_something(line: str, found: list[str]) -> None:
    assert shown(line) == found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("{to: web}", "expose-what"),
        ("{port: 80, https: a.example.org, to: web}", "expose-what"),
        ("{port: 8080}", "expose-to"),
        ("{port: 8000-8001}", "expose-to at port"),
        ("{https: a.example.org}", "expose-to"),
        ("{port: 80, to: wbe}", "unknown-port at to"),
        ("{port: 80, to: play}", "expose-protocol at port"),
        ("{port: 80/tcp+udp, to: web}", "expose-protocol at port"),
        ("{port: 80-81, to: web}", "expose-range at port"),
        ("{https: a.example.org, to: play}", "expose-protocol at to"),
        ("{https: a.example.org, to: web, at: home}", "expose-at at at"),
        ("{port: 80, to: web, at: nowhere}", "unknown-host at at.0"),
        ("{port: 80, to: web, at: cabin}", "expose-at at at"),
        ("{port: 80, to: web, from: {cidr: 198.51.100.0/24, except: 198.51.0.0/16}}", "expose-from at from"),
    ],
)
def test_lines_that_offer_nothing(line: str, found: str) -> None:
    assert shown(line) == [found]


def test_the_gateway_is_the_own_one_else_that_of_the_egress_else_the_only_one() -> None:
    line = "{port: 80, to: web}"
    assert shown(line, host="vps2", hosts="two") == ["vps2 80/tcp -> 80"]
    assert shown(line, hosts="two", more=", egress: vps") == ["vps 80/tcp -> 80"]
    assert shown(line, hosts="two") == ["expose-at"]
    assert shown(line, hosts="none") == ["expose-at"]


def test_a_gateway_that_the_host_does_not_dial_offers_nothing_of_it() -> None:
    assert shown("{port: 80, to: web, at: vps2}", hosts="two") == ["expose-unreachable at at"]


def test_a_lan_offers_services_of_other_hosts_only_with_hidden_clients() -> None:
    line = "{port: 80, to: web, at: home}"
    assert shown(line, host="vps") == ["expose-lan-keep at at"]
    hidden = line.replace("}", ", client_address: hide}")
    assert shown(hidden, host="vps") == ["home lan 80/tcp -> 80"]
    assert shown(hidden.replace("home", "shed"), hosts="none") == ["no-way"]


def test_an_unknown_host_is_not_said_twice() -> None:
    assert shown("{port: 80, to: web}", host="nowhere") == []
