"""risks: legal but dangerous, until the file says why it is meant."""

from __future__ import annotations

import pytest

from tests.spec_texts import BASE, codes, found
from warren.basis.diagnostic import Severity
from warren.spec.checks.risks import RISKS

DANGEROUS = {
    "admin-exposed": "x: {host: vps, ports: {a: 2375}, expose: {port: 2375}}",
    "any-to-any": "x: {host: vps, needs: '*'}",
    "capability": "x: {host: vps, image: 'a:1', cap_add: [CAP_SYS_ADMIN]}",
    "database-exposed": "x: {host: vps, ports: {a: 5432}, expose: {port: 15432, to: a}}",
    "docker-socket": "x: {host: vps, image: 'a:1', volumes: ['/var/run/docker.sock:/var/run/docker.sock:ro']}",
    "egress-shows-home": "x: {host: home, ports: {a: 80}, expose: {port: 80}}",
    "host-root": "x: {host: vps, image: 'a:1', volumes: [{type: bind, source: /, target: /host}]}",
    "host-device": "x: {host: vps, image: 'a:1', devices: ['/dev/sda1:/dev/sda1:r']}",
    "interpolation": "x: {host: vps, image: 'a:1', environment: {HOST: '${DB_HOST:-db}'}}",
    "image-not-pinned": "x: {host: vps, image: 'docker.io:443/library/a'}",
    "lan-attached": "x: {host: home, image: 'a:1', lan: {parent: eth0, address: 192.168.2.5/24}}",
    "need-spans-lan": "x: {host: home, needs: 192.168.0.0/16}",
    "privileged": "x: {host: vps, containers: {a: {image: 'a:1', privileged: true}}}",
    "raw-network": "x: {host: vps, image: 'a:1', quadlet: 'Network = host'}",
    "secret-in-file": "x: {host: vps, image: 'a:1', environment: {POSTGRES_PASSWORD: hunter2}}",
    "ssh-exposed": "x: {host: vps, ports: {a: 22}, expose: {port: 2222, to: a}}",
    "unconfined": "x: {host: vps, image: 'a:1', security_opt: ['seccomp:unconfined']}",
}


@pytest.mark.parametrize("code", DANGEROUS)
def test_every_danger_is_a_warning_that_a_reason_silences(code: str) -> None:
    text = BASE + f"  {DANGEROUS[code]}\n"
    [one] = found(text)
    assert (one.code, one.severity) == (code, Severity.WARNING)
    assert codes(text + f"acknowledge: {{{code}: because}}\n") == []
    assert codes(text[:-2] + f", acknowledge: {{{code}: because}}}}\n") == []


def test_a_public_host_without_firewall() -> None:
    text = BASE.replace("203.0.113.10}", "203.0.113.10, firewall: false}")
    assert codes(text) == ["no-firewall"]
    assert codes(text.replace("firewall: false", "firewall: false, acknowledge: {no-firewall: filtered before}")) == []


@pytest.mark.parametrize(
    ("home", "line", "code"),
    [
        ("", "x: {host: home, egress: none, needs: 192.0.2.0/24}", "egress-shows-home"),
        ("", "x: {host: home, egress: lan, needs: [192.168.2.1/32, '2001:db8::/32']}", "egress-shows-home"),
        ("egress: none, ", "x: {host: home, needs: 192.0.2.0/24}", "egress-shows-home"),
        ("egress: vps, ", "x: {host: home, egress: none, needs: 192.0.2.0/24}", None),
        ("", "x: {host: home, egress: none, needs: [192.168.2.1/32, 10.0.0.0/8]}", None),
        ("", "x: {host: home, egress: vps, needs: 192.0.2.0/24}", None),
        ("", "x: {host: vps, egress: none, needs: 192.0.2.0/24}", None),
    ],
)
def test_a_need_of_addresses_may_show_the_home(home: str, line: str, code: str | None) -> None:
    text = BASE.replace("home: {", f"home: {{{home}") + f"  {line}\n"
    assert codes(text) == ([code] if code else [])


def test_a_need_that_shows_the_home_says_what_to_write() -> None:
    [one] = found(BASE + "  x: {host: home, egress: none, needs: 192.0.2.0/24}\n")
    assert one.summary == "`x` reaches `192.0.2.0/24` directly, and shows the address of `home`"
    otherwise = ", or `acknowledge: {egress-shows-home: why}` here"
    assert one.hint == f"write `egress: vps` at the host `home`{otherwise}"
    inherits = BASE.replace("home: {", "home: {egress: none, ") + "  x: {host: home, needs: 192.0.2.0/24}\n"
    assert found(inherits)[0].hint == f"write `egress: none` at `x` and `egress: vps` at the host `home`{otherwise}"


def test_without_a_gateway_nothing_is_hidden() -> None:
    alone = BASE.replace("public: 203.0.113.10", "lan: 192.168.3.0/24")
    assert codes(alone + "  x: {host: home, egress: none, needs: 192.0.2.0/24}\n") == []


def test_every_risk_of_the_list_is_found_by_a_test() -> None:
    assert {*DANGEROUS, "no-firewall", "no-way-back"} == set(RISKS)


TWO = """\
version: 1
network: {name: two}
hosts:
  vps: {public: 203.0.113.10, gateways: [two]}
  two: {public: 203.0.113.20}
  home: {lan: 192.168.2.0/24, egress: two, gateways: [vps, two]}
services:
  a: {host: vps, ports: {web: 80}, expose: [{port: 8080, to: web, at: two}]}
"""


@pytest.mark.parametrize(
    ("line", "who"),
    [
        ("b: {host: vps}", "`b`"),
        ("b: {host: vps, egress: two}", "`b`"),
        ("b: {host: home, egress: vps}", "`b`"),
        ("b: {host: home}", None),
        ("b: {host: two}", None),
        ("b: {host: vps, egress: none}", None),
        ("b: {host: vps}\n  c: {host: vps}", "2 services, `b` among them,"),
    ],
)
def test_who_is_led_back_to_the_host_that_it_leaves_by(line: str, who: str | None) -> None:
    said = [one.summary for one in found(f"{TWO}  {line}\n") if one.code == "no-way-back"]
    rest = "would get no answer from `a` at `two`: the connection comes back to `vps`"
    assert said == ([f"{who} {rest}"] if who else [])


def test_a_hidden_client_comes_back_from_the_gateway() -> None:
    hidden = TWO.replace("at: two", "at: two, client_address: hide")
    assert codes(hidden + "  b: {host: vps}\n") == []
    assert codes(hidden + "  b: {host: vps, egress: two}\n") == ["no-way-back"]


@pytest.mark.parametrize(
    "line",
    [
        "x: {host: vps, ports: {a: 5432}, expose: {port: 5432, from: 198.51.100.0/24}}",
        "x: {host: home, ports: {a: 5432}, expose: {port: 5432, at: home}}",
        "x: {host: home, ports: {a: 80}, egress: vps, expose: {port: 80}}",
        "x: {host: vps, image: 'a@sha256:00'}",
        "x: {host: home, needs: {to: 192.168.0.0/16, except: 192.168.2.0/24}}",
        "x: {host: home, needs: 192.168.2.128/25}",
        "x: {host: vps, image: 'a:1', volumes: ['data:/', '/srv:/srv'], cap_add: [NET_BIND_SERVICE]}",
    ],
)
def test_what_is_not_dangerous(line: str) -> None:
    assert codes(BASE + f"  {line}\n") == []


def test_a_database_is_known_by_its_image_as_well() -> None:
    line = "x: {host: vps, image: 'registry.example.org/bitnami/mariadb:11', ports: {a: 7000}, expose: {port: 7000}}"
    [one] = found(BASE + f"  {line}\n")
    assert one.summary == "the Internet can reach the database `x` (the image `mariadb`) at `vps`"


def test_a_reason_for_no_risk_is_an_error() -> None:
    [one] = found(BASE + "acknowledge: {database-exposd: why}\n")
    assert (one.code, one.hint) == ("unknown-risk", "did you mean `database-exposed`?")
