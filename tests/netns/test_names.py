"""Names in a real network: real resolvers, a root of their own, a hostile domain, outages (T5, T7, T16)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.netns.world import World, world
from warren.lab import faults
from warren.lab.internet import BRIEF, FORGED, HOSTILE, ORDINARY, PRIVATE, PROVED, ROOT
from warren.lab.proving import Proving
from warren.verify import unwatch, watch

pytestmark = [pytest.mark.netns, pytest.mark.slow]

FILE = """\
version: 1
network: {name: names, domain: example.org%s}
hosts:
  vps: {public: [203.0.113.10, "2001:db8:10::10"]}
  home: {lan: 192.168.2.0/24, egress: vps, programs: {mysql: 3306}}
services:
  blog: {host: vps, ports: {web: 80}, expose: [{https: www.example.org}]}
  cloud: {host: home, ports: {web: 80}, needs: [db.sql, home.mysql]}
  db: {host: home, ports: {sql: 5432}, egress: none}
  game: {host: home, ports: {play: 12345/udp}}
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("names"), FILE % "") as found:
        yield found


def address(made: World, service: str) -> str:
    """The IPv4 address of a service."""
    return str(made.topology.services[service].addresses.v4)


def test_everything_is_as_declared(made: World) -> None:
    report = made.verify()
    assert report.names and not [one.sentence for one in report.names if one.why]


def test_the_c_library_finds_short_names_and_both_families(made: World) -> None:
    made.said("cloud", "getent ahostsv4 db.names.internal | grep -q " + address(made, "db"))
    assert "fd" in made.said("cloud", "getent ahostsv6 db")
    assert made.asked("cloud", "home.names.internal") == str(made.topology.hosts["home"].addresses.v4)


def test_what_a_service_does_not_need_has_no_name(made: World) -> None:
    assert made.code("db", "cloud.names.internal") == "NXDOMAIN"
    assert made.code("game", "db.names.internal") == "NXDOMAIN"
    assert made.asked("game", "-x", address(made, "db")) == ""


def test_another_ones_resolver_does_not_hear_the_question(made: World) -> None:
    own, other = made.topology.services["game"].resolver, made.topology.services["db"].resolver
    assert own and other and own != other
    assert made.code("game", f"@{address(made, other)}", "db.names.internal") == ""
    assert made.code("home", f"@{address(made, other)}", "db.names.internal") == "", "nor that of the host itself"
    assert made.code("lan:home", f"@{address(made, own)}", "db.names.internal") == ""


def test_a_resolver_offers_its_one_port_and_nothing_of_itself(made: World) -> None:
    own = made.topology.services["game"].resolver
    assert own
    assert made.code("game", "version.bind", "CH", "TXT") == "REFUSED"
    assert [port for port in (22, 53, 853, 8953) if made.connects("game", address(made, own), port)] == [53]


def test_a_public_name_never_has_a_private_address(made: World) -> None:
    assert made.asked("game", HOSTILE) == "" and made.asked("game", HOSTILE, "AAAA") == ""
    assert PRIVATE[0] in made.said("internet", f"dig +short @{ROOT[0]} {HOSTILE}"), "which it has for everybody else"
    assert made.asked("game", ORDINARY) == str(ROOT[0])


def test_a_forged_answer_is_none(made: World) -> None:
    assert made.code("game", FORGED) == "SERVFAIL"
    assert made.asked("game", "+cd", FORGED), "who proves by itself gets it"


@pytest.mark.parametrize(
    ("name", "proved"),
    [(PROVED, True), (f"nobody.{PROVED}", True), ("nobody", True), (ORDINARY, False), (f"nobody.{ORDINARY}", False)],
)
def test_an_answer_says_whether_it_is_proved(made: World, name: str, proved: bool) -> None:
    assert ("ad" in made.flags("game", name)) == proved
    assert made.code("game", name) == ("NXDOMAIN" if name.startswith("nobody") else "NOERROR")


def test_what_may_not_leave_learns_nothing_of_the_outside(made: World) -> None:
    assert made.code("db", ORDINARY) == "NXDOMAIN"
    assert made.code("db", f"@{ROOT[0]}", ORDINARY) == "", "nor by asking the outside itself"


def test_own_public_names_are_near(made: World) -> None:
    assert made.asked("game", "www.example.org") == address(made, "web0")
    assert made.code("db", "www.example.org") == "NXDOMAIN"
    assert made.code("game", "www.example.org", "MX") == "NOERROR", "the rest of the name is for the outside to say"


def test_a_service_has_a_name_below_local(made: World) -> None:
    assert made.asked("game", "game.local.example.org") == address(made, "game")
    assert made.code("game", "db.local.example.org") == "NXDOMAIN", "and nobody else has it there"
    assert made.asked("game", "game.home.names.internal") == address(made, "game")
    assert made.asked("game", "-x", address(made, "game")) == "game.names.internal."


def test_own_public_names_have_their_certificates_inside(made: World) -> None:
    """The near address, the public name: from another host, and from the very service that is exposed."""
    for place in ("game", "blog"):
        until = time.monotonic() + 40
        while made.run(place, "curl -sS -f -o /dev/null --max-time 5 https://www.example.org/").code:
            assert time.monotonic() < until, made.run(place, "curl -v --max-time 5 https://www.example.org/").stderr
            time.sleep(0.5)
        near = made.said(place, "curl -sS -o /dev/null -w '%{remote_ip} %{ssl_verify_result}' https://www.example.org/")
        entry = made.topology.services["web0"].addresses
        assert near in (f"{entry.v4} 0", f"{entry.v6} 0")


@pytest.mark.parametrize("words", ["", "+tcp"])
def test_other_servers_are_asked_as_the_service_leaves(made: World, words: str) -> None:
    """Plain questions to somebody else are what any connection is (T7)."""
    assert made.asked("game", words, f"@{ROOT[0]}", ORDINARY)
    assert made.code("db", words, f"@{ROOT[0]}", ORDINARY) == ""


@pytest.mark.parametrize("port", [53, 443, 853])
def test_what_may_not_leave_has_no_other_way_to_ask(made: World, port: int) -> None:
    assert not made.connects("db", str(ROOT[0]), port)
    # Nobody listens for names over TLS in this lab.
    assert made.connects("game", str(ROOT[0]), port) == (port != 853)


def test_questions_leave_as_their_service_does(made: World) -> None:
    """A question of a home whose services leave through the gateway is never seen on the home's own line."""
    watching = Proving(made.lab, made.topology)
    report = watch(made.topology, watching)
    for number in range(5):
        made.asked("game", f"x{number}.{ORDINARY}")
        made.asked("game", f"@{ROOT[0]}", f"y{number}.{ORDINARY}")
    found = unwatch(made.topology, report)
    assert (found.leaked, found.lost) == (0, 0), found.examples
    assert found.wireguard > 5


def test_a_change_keeps_the_cache(tmp_path: Path) -> None:
    with world(tmp_path, FILE % "") as made:
        assert made.asked("game", ORDINARY)
        own = made.topology.services["game"].resolver
        before = made.said("home", f"cat /run/lab/{own}/pid")
        made.say(FILE % "" + "  more: {host: home}\n")
        assert made.code("more", "more.names.internal") == "NOERROR", "the new one is told"
        kept = f"ip netns exec {own} unbound-control -c /etc/warren/{own}/unbound.conf dump_cache | grep -c {ORDINARY}"
        assert int(made.said("home", kept)) > 0, "what was known is known still"
        assert made.said("home", f"cat /run/lab/{own}/pid") == before


@pytest.mark.parametrize(
    "upstream", ["", pytest.param("198.18.7.7", marks=pytest.mark.long), "tls://198.18.7.7#dns.example"]
)
def test_an_outage_leaves_what_was_known_and_nothing_behind(tmp_path: Path, upstream: str) -> None:
    with world(tmp_path, FILE % (f', dns: {{upstream: "{upstream}"}}' if upstream else "")) as made:
        assert made.asked("game", BRIEF) == str(ROOT[0])
        time.sleep(1.2)
        faults.cut(made.lab, "home")
        assert made.asked("game", "game.names.internal") == address(made, "game")
        for _ in range(3):
            # The resolver waits 800 ms; the rest is for a busy machine.
            answer = made.said("game", f"dig +time=3 +tries=1 {BRIEF}")
            assert str(ROOT[0]) in answer and int(answer.split("Query time: ")[1].split()[0]) < 1500, answer
        for number in range(5):
            made.run("game", f"dig +time=1 +tries=1 out{number}.{ORDINARY}")
        faults.heal(made.lab)
        ended = time.monotonic()
        while made.code("game", f"in{time.monotonic()}.{ORDINARY}") != "NXDOMAIN":
            assert time.monotonic() - ended < 25, "new names are found again"


def test_a_resolver_that_is_killed_comes_back(made: World) -> None:
    own = made.topology.services["game"].resolver
    made.said("home", f"kill -9 $(cat /run/lab/{own}/pid)")
    made.say(FILE % "")
    assert made.asked("game", "game.names.internal") == address(made, "game")


def test_servers_of_the_file_are_asked_over_tls(tmp_path: Path) -> None:
    with world(tmp_path, FILE % ', dns: {upstream: "tls://198.18.7.7#dns.example"}') as made:
        assert made.asked("game", ORDINARY) == str(ROOT[0])
        assert "ad" in made.flags("game", PROVED)
        assert made.code("game", FORGED) == "SERVFAIL", "what was forwarded is proved as well"
        # T16: whoever owns the server that is asked, or the gateway on the way to it, leads nobody to a LAN.
        assert made.asked("game", HOSTILE) == "" and made.asked("game", HOSTILE, "AAAA") == ""


def test_who_asks_for_no_proof_gets_none_and_private_domains_may_be_private(tmp_path: Path) -> None:
    with world(tmp_path, FILE % f", dns: {{dnssec: false, private: {HOSTILE}}}") as made:
        assert made.asked("game", FORGED) == str(ROOT[0])
        assert "ad" not in made.flags("game", PROVED)
        assert "192.168.2.1" in made.asked("game", HOSTILE)


def test_a_real_host_believes_the_real_root_alone(tmp_path: Path) -> None:
    with world(tmp_path, FILE % "") as made:
        own = made.topology.services["game"].resolver
        assert made.code("game", PROVED) == "NOERROR"
        # Below what the lab laid over it is the file of Debian's package.
        made.said("home", f"umount /usr/share/dns/root.key && kill -9 $(cat /run/lab/{own}/pid)")
        made.say(FILE % "")
        assert made.code("game", "game.names.internal") == "NOERROR"
        assert made.code("game", PROVED) == "SERVFAIL"
