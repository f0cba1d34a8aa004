"""What visitors, authorities and resolvers outside learn of the homes behind a gateway: nothing (T60)."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator

import pytest

from tests.netns.visiting import GATEWAY, curl
from tests.netns.world import World, world
from warren.lab import faults
from warren.lab.internet import ROOT
from warren.lab.proving import Proving
from warren.verify import unwatch, watch

pytestmark = [pytest.mark.netns, pytest.mark.slow]

FILE = """\
version: 1
network: {name: hidden, domain: example.org}
hosts:
  vps: {public: [203.0.113.10, "2001:db8:10::10"]}
  home: {lan: 192.168.2.0/24, egress: vps}
services:
  blog: {host: vps, ports: {web: 80}, expose: [{https: www.example.org}]}
  cloud:
    host: home
    ports: {web: 80, api: 81}
    expose: [{https: cloud.example.org, to: web}, {https: cloud.example.org, to: api, path: /api}]
  photos: {host: home, ports: {web: 80}, expose: [{https: photos.example.org, tls: home}]}
"""
NAMES = ("www.example.org", "cloud.example.org", "photos.example.org")
# Its address on its own LAN, that LAN, what its provider calls it, and the network's own addresses.
SECRET = ("192.168.2.", "198.18.2.", "2001:db8:a002:", "2001:db8:f000:", "10.86.", "fd86:")
VISITS = (
    *(f"https://{name}/" for name in NAMES),
    *(f"http://{name}/a?b=c" for name in NAMES),
    "https://cloud.example.org/api/x",
    "https://cloud.example.org/%00",
    "-X TRACE https://cloud.example.org/",
    "-X OPTIONS https://photos.example.org/",
    "-H 'Host: photos.example.org' https://cloud.example.org/",
    "-H 'X-Forwarded-For: 192.0.2.1' -H 'Via: 1.1 x' https://cloud.example.org/",
    "-H 'Range: bytes=9-1' https://cloud.example.org/",
    "-H 'Upgrade: x' -H 'Connection: upgrade' https://cloud.example.org/",
    "-H 'Content-Length: 5' -X POST --max-time 2 https://cloud.example.org/",
    "--http1.1 https://photos.example.org/ --http1.0",
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("hidden"), FILE) as found:
        yield found


def secrets(made: World) -> list[str]:
    """Every text that would tell."""
    inner = [str(each) for service in made.topology.services.values() for each in service.addresses]
    hosts = [str(each) for host in made.topology.hosts.values() for each in host.addresses]
    return [*SECRET, *inner, *hosts]


def told(made: World) -> str:
    """All that a visitor gets to see: heads, bodies, handshakes, errors."""
    return "\n".join(curl(made, f"-v --trace-ascii - {words}") for words in VISITS)


def named(made: World, text: str) -> list[str]:
    """The lines that would tell; that a stand-in of the lab says who spoke with it is the lab's own way."""
    lines = (re.sub(r'"peer": "[^"]*"', "", line) for line in text.splitlines())
    return [line for line in lines for secret in secrets(made) if secret in line]


def test_nothing_that_a_visitor_sees_names_the_home(made: World) -> None:
    assert made.verify().holds
    seen = told(made)
    assert seen.count("200 OK") + seen.count("HTTP/2 200") >= len(NAMES)
    assert named(made, seen) == []


def test_nor_where_the_home_is_gone(made: World) -> None:
    faults.cut(made.lab, "home")
    try:
        seen = told(made)
        assert "HTTP/2 502" in seen or "HTTP/2 503" in seen or "HTTP/2 504" in seen
        assert named(made, seen) == []
    finally:
        faults.heal(made.lab)


def test_certificates_name_what_is_public_alone(made: World) -> None:
    for name in NAMES:
        script = f"openssl s_client -connect {GATEWAY}:443 -servername {name} -showcerts </dev/null 2>/dev/null"
        (pem, *_) = made.said("internet", script).split("-----END CERTIFICATE-----")
        chain = pem[pem.index("-----BEGIN") :] + "-----END CERTIFICATE-----\n"
        text = made.said("internet", f"openssl x509 -noout -text <<'END'\n{chain}END")
        assert f"DNS:{name}" in text and text.count("DNS:") == 1 and "IP Address" not in text
        assert named(made, text) == [] and ssl.PEM_cert_to_DER_cert(chain)


def test_public_names_are_the_gateways(made: World) -> None:
    for name in NAMES:
        for kind in ("A", "AAAA", "TXT", "HTTPS", "CAA"):
            assert named(made, made.asked("internet", f"@{ROOT[0]}", name, kind)) == []
    assert made.asked("internet", f"@{ROOT[0]}", "photos.example.org") == GATEWAY


def test_certificates_are_asked_for_by_the_gateways_address(made: World) -> None:
    """Whoever decrypts at home asks an authority, proves a name and looks up another: all of it by the tunnel."""
    watching = watch(made.topology, Proving(made.lab, made.topology))
    more = "  more: {host: home, ports: {web: 80}, expose: [{https: more.example.org, tls: home}]}\n"
    made.say(FILE + more)
    assert made.verify().holds
    made.say(FILE)
    found = unwatch(made.topology, watching)
    assert (found.leaked, found.lost) == (0, 0), found.examples
    assert found.wireguard > 20
