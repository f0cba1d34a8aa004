"""Words of the command line as ends: services, ports, hosts, outsiders, addresses."""

from __future__ import annotations

import pytest

from tests.networks import example
from warren.basis.diagnostic import Refused
from warren.explain.question import question


@pytest.mark.parametrize(
    ("target", "name", "port", "protocol"),
    [
        ("db", "db", None, None),
        ("db.sql", "db", 5432, "tcp"),
        ("game.play", "game", 12345, "udp"),
        ("db:80", "db", 80, None),
        ("db:80/udp", "db", 80, "udp"),
        ("home", "home", None, None),
        ("home.mysql", "home", 3306, "tcp"),
        ("internet:443", "internet", 443, None),
        ("lan:home", "lan:home", None, None),
        ("lan:home:631/tcp", "lan:home", 631, "tcp"),
        ("192.0.2.1:53/udp", "192.0.2.1", 53, "udp"),
        ("2001:db8::1", "2001:db8::1", None, None),
        ("[2001:db8::1]:443", "2001:db8::1", 443, None),
        ("10.86.1.3:5432", "db", 5432, None),
        ("203.0.113.10:80", "vps", 80, None),
    ],
)
def test_targets(target: str, name: str, port: int | None, protocol: str | None) -> None:
    asked = question(example("nine-worlds"), "cloud", target)
    assert (asked.target.name, asked.port, asked.protocol) == (name, port, protocol)


def test_loopback_is_what_it_carries_to() -> None:
    topology = example("nine-worlds")
    asked = question(topology, "cloud", "127.0.0.1:3306")
    assert asked == question(topology, "cloud", "localhost:3306")
    assert (asked.target.name, asked.port, asked.through) == ("home", 3306, 3306)
    assert question(topology, "cloud", "::1").through == 3306
    with pytest.raises(Refused, match="nothing of the file answers at 127.0.0.1:80 in cloud"):
        question(topology, "cloud", "127.0.0.1:80")


def test_a_source_is_a_place_whatever_port_it_names() -> None:
    topology = example("nine-worlds")
    assert question(topology, "cloud.web", "db").source.service == topology.services["cloud"]
    assert question(topology, "internet", "db").source.is_inside is False
    assert question(topology, "192.0.2.9", "db").source.place is None


@pytest.mark.parametrize(
    ("target", "code", "hint"),
    [
        ("cluod", "no-place", "did you mean `cloud`?"),
        ("db.sqll", "no-such-port", "did you mean `sql`?"),
        ("home.zzz", "no-such-port", "it has `mysql`"),
        ("vps.zzz", "no-such-port", "`vps:NUMBER` asks for any port"),
        ("db:70000", "bad-question", None),
        ("lan:hoem", "no-place", "did you mean `lan:home`?"),
        ("?", "no-place", None),
    ],
)
def test_what_the_file_does_not_have_is_refused(target: str, code: str, hint: str | None) -> None:
    with pytest.raises(Refused) as refused:
        question(example("nine-worlds"), "cloud", target)
    (found,) = refused.value.diagnostics
    assert found.code == code
    assert hint is None or found.hint == hint
