"""needs: each means something, and can be fulfilled."""

from __future__ import annotations

import pytest

from tests.spec_texts import BASE, codes, found, said


def needing(need: str, host: str = "home") -> str:
    """A file with a third service that needs something."""
    return BASE + f"  x: {{host: {host}, ports: {{web: 80, dns: 53/udp}}, needs: {need}}}\n"


@pytest.mark.parametrize(
    "need",
    [
        "db.sql",
        "db",
        "'*'",
        "'*.sql'",
        "home.mysql",
        "home.lan",
        "198.51.100.0/24",
        "2001:db8::1",
        "192.168.2.0/24",
        "0.0.0.0/0",
        "[db, blog.web]",
        "{to: [db.sql], localhost: 5432}",
        "{to: home.mysql, localhost: 3306}",
        "{to: 198.51.100.0/24, except: 198.51.100.7, ports: [443/tcp, 53/tcp+udp]}",
    ],
)
def test_needs_that_mean_something(need: str) -> None:
    assert set(codes(needing(need))) <= {"any-to-any", "need-spans-lan"}


@pytest.mark.parametrize(
    ("need", "code"),
    [
        ("db.sqk", "unknown-port"),
        ("bd", "unknown-name"),
        ("'*.nothing'", "unknown-port"),
        ("home", "host-alone"),
        ("home.mysqll", "unknown-program"),
        ("home.lan.things", "unknown-lan"),
        ("vps.lan", "no-lan"),
        ("10.86.3.0/24", "need-inside"),
        ("169.254.169.254", "need-metadata"),
        ("10.0.0.1/8", "bad-prefix"),
        ("x.web", "need-itself"),
        ("{to: db, localhost: 80, ports: [5]}", "not-a-prefix"),
        ("{to: 198.51.100.0/24, except: 198.51.0.0/16}", "empty-need"),
        ("{to: 198.51.100.0/24, localhost: 5}", "bad-localhost"),
        ("{to: [db.sql, home.mysql], localhost: 5}", "bad-localhost"),
        ("[{to: db.sql, localhost: 5}, {to: home.mysql, localhost: 5}]", "localhost-twice"),
        ("{to: db.sql, localhost: 80}", "localhost-twice"),
    ],
)
def test_needs_that_mean_nothing(need: str, code: str) -> None:
    assert code in codes(needing(need))


def test_localhost_answers_for_one_tcp_port() -> None:
    text = BASE + "  x: {host: home, ports: {dns: 53/udp, many: 100-105}}\n"
    assert (
        "53/udp, and localhost answers for TCP"
        in said(text + "  y: {host: vps, needs: {to: x.dns, localhost: 5}}\n")[0]
    )
    assert "a range of ports" in said(text + "  y: {host: vps, needs: {to: x.many, localhost: 5}}\n")[0]


def test_the_lan_of_another_host_cannot_be_needed() -> None:
    [one] = found(needing("home.lan", host="vps"))
    assert (one.code, one.hint) == ("lan-elsewhere", "run it on `home`, or need a program of that host")


def test_hosts_without_a_common_gateway_cannot_reach_each_other() -> None:
    text = BASE.replace("vps: {public: 203.0.113.10}", "vps: {lan: 192.168.3.0/24}")
    assert codes(text + "  x: {host: vps, needs: [db.sql, home.mysql]}\n") == ["no-way", "no-way"]


def test_a_default_need_does_not_concern_the_service_that_it_names() -> None:
    text = BASE + "defaults: {service: {needs: [{to: db.sql, localhost: 99}]}}\n"
    assert codes(text) == []


def test_a_wrong_default_is_said_once_and_at_its_line() -> None:
    text = BASE + "  x: {host: home}\ndefaults: {service: {needs: [db.sqk], egress: vsp}}\n"
    assert said(text) == [
        "10:30 unknown-port the service `db` has no port `sqk`",
        "10:47 unknown-gateway there is no gateway `vsp`",
    ]


def test_too_many_permissions_are_refused_quickly() -> None:
    services = "".join(f"  s{number}: {{host: home, ports: {{a: 1}}, needs: '*'}}\n" for number in range(1100))
    found_ = codes(BASE + services)
    assert "too-many" in found_
