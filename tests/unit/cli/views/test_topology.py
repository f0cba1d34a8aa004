"""A topology for people and for programs."""

from __future__ import annotations

import json

import click

from tests.spec_texts import BASE, resolved
from tests.topologies import two_hosts
from warren.cli.views.topology import document, lines, numbers, summary


def test_one_line() -> None:
    assert summary(two_hosts()) == "2 hosts, 4 services, 3 permissions, 3 exposures"


def test_numbers() -> None:
    assert numbers(two_hosts())["exposures"] == 3


def test_everything_for_programs() -> None:
    found = json.loads(json.dumps(document(two_hosts())))
    assert found["services"]["game"] == {
        "host": "home",
        "addresses": ["10.86.1.4", "fd86:86:86:1::4"],
        "ports": {"play": "12345/udp", "query": "12346/tcp"},
        "egress": "vps",
        "connections": 4096,
        "localhost": [],
    }
    assert found["hosts"]["vps"]["public"] == ["203.0.113.10", "2001:db8:10::10"]
    assert found["hosts"]["vps"]["guard"]["ssh_limit"] == "3/20s"
    assert found["hosts"]["home"]["lans"] == {"lan": ["192.168.2.0/24"]}
    assert found["tunnels"][0]["interface"] == "wrn-vps"
    assert [each["kind"] for each in found["permissions"]] == ["service", "service", "program"]
    assert found["exposures"][1]["limit"] == "20/1s"


def test_tables() -> None:
    shown = "\n".join(" ".join(click.unstyle(line).split()) for line in lines(two_hosts()))
    assert "game home 10.86.1.4 fd86:86:86:1::4 play:12345/udp query:12346/tcp vps" in shown
    assert "cloud db 5432/tcp db.sql" in shown
    assert "game:12346/tcp 12346/tcp vps 198.51.100.0/24, 2001:db8::/32 at most 20/1s" in shown
    assert "home -> vps wrn-vps 203.0.113.10 port 51820 1420" in shown


def test_it_says_who_can_read_what_is_exposed_by_name() -> None:
    exposed = "{https: x.example, path: /a, tls: home, from: 192.0.2.0/24}"
    text = f"{BASE}  x: {{host: home, ports: {{web: 80}}, expose: [{exposed}]}}\n"
    [row] = [click.unstyle(line).split() for line in lines(resolved(text)) if "https x.example/a" in line]
    assert row == ["x:80/tcp", "https", "x.example/a", "vps", "192.0.2.0/24", "read", "on", "home", "only"]
