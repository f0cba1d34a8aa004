"""ports: one number of one protocol is given away once."""

from __future__ import annotations

import pytest

from tests.spec_texts import BASE, codes, found, said


def exposing(*ports: str, host: str = "vps", more: str = "") -> str:
    """A file where a third service exposes ports."""
    lines = ", ".join(f"{{port: {port}, to: {'u' if 'udp' in port else 't'}{more}}}" for port in ports)
    return BASE + f"  x: {{host: {host}, ports: {{t: 1000, u: 1000/udp}}, expose: [{lines}]}}\n"


def test_two_services_on_one_public_port_names_both_lines() -> None:
    text = exposing("5000") + "  y: {host: vps, ports: {t: 1}, expose: {port: 5000, to: t}}\n"
    [one] = found(text)
    assert one.summary == "5000/tcp of `vps` is given away twice: to the service `x` and to the service `y`"
    assert one.place is not None and one.place.line == 10
    assert [place.line for place in one.related] == [9]


def test_other_protocols_hosts_and_numbers_do_not_clash() -> None:
    assert codes(exposing("5000", "5000/udp", "5001")) == []


def test_ranges_overlap() -> None:
    text = (
        BASE + "  x: {host: vps, ports: {a: 200-300, b: 7}, expose: [{port: 5200-5300, to: a}, {port: 5250, to: b}]}\n"
    )
    assert codes(text) == ["port-taken"]


@pytest.mark.parametrize(
    ("host", "port"),
    [
        ("{public: 203.0.113.10}", "22"),
        ("{public: 203.0.113.10, ssh: 'root@203.0.113.10:2222'}", "2222"),
        ("{public: 203.0.113.10, firewall: {ssh: {port: 2200}}}", "2200"),
        ("{public: 203.0.113.10}", "51820/udp"),
        ("{public: 203.0.113.10, tunnel: {port: 4500}}", "4500/udp"),
        ("{public: 203.0.113.10, firewall: {allow: [80/tcp, 8000-9000/tcp]}}", "8500"),
    ],
)
def test_ports_of_the_host_itself_are_not_exposed(host: str, port: str) -> None:
    assert codes(exposing(port).replace("{public: 203.0.113.10}", host)) == ["port-taken"]


def test_a_lan_host_keeps_its_ssh() -> None:
    assert codes(exposing("22", host="home", more=", at: home")) == ["port-taken"]
    assert codes(exposing("51820/udp", host="home", more=", at: home")) == []


def test_the_ports_that_a_gateway_gives_to_others_are_refused_everywhere() -> None:
    assert codes(exposing("61000")) == ["port-shadow"]
    assert codes(exposing("60999")) == []
    for host in ("tunnel: {port: 65000}", "ssh: 'root@vps:65000'", "firewall: {allow: 65000/udp}"):
        assert codes(BASE.replace("{public:", f"{{{host}, public:")) == ["port-shadow"]


def test_ports_of_one_service_are_different() -> None:
    assert said(BASE + "  x: {host: home, ports: {a: 80, b: 70-90/tcp+udp, c: 80/udp}}\n") == [
        "9:34 same-port `a` and `b` of the service `x` both have 80/tcp",
        "9:52 same-port `b` and `c` of the service `x` both have 80/udp",
    ]
