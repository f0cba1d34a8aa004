"""What a line of HTTPS says is so, to the letter of each request: headers, addresses, bodies, passwords, decisions."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.netns.test_https import CLIENT, HASH, code
from tests.netns.test_upgrades import OWN, PROGRAM
from tests.netns.visiting import GATEWAY, curl
from tests.netns.world import World, world
from warren.lab import faults

pytestmark = [pytest.mark.netns, pytest.mark.slow]

FILE = """\
version: 1
network: {name: rules, domain: example.org, https: {OWN}}
hosts:
  vps: {public: [203.0.113.10, "2001:db8:10::10"]}
  home: {lan: 192.168.2.0/24, egress: vps}
services:
  app:
    host: home
    ports: {web: 80}
    expose:
      - {https: app.example.org, headers: {X-Powered-By: us, X-A: "{b} c"}, request_headers: {X-Given: "{d}"}}
      - {https: app.example.org, path: /secret, auth: {basic: {alice: "HASH"}}}
      - {https: app.example.org, path: /others, from: {cidr: [0.0.0.0/0, "::/0"], except: 192.0.2.0/24}}
      - {https: app.example.org, path: /small, max_body: 1k}
      - {https: app.example.org, path: /asked, auth: {forward: {to: gate.web, uri: /ask, copy: Remote-User}}}
  gate: {host: home, ports: {web: 80}, egress: none}
""".replace("HASH", HASH)
REDIRECT = "table ip hand { chain c { type nat hook prerouting priority -100; tcp dport 80 redirect to :8888; }; }"
LISTENS = "timeout 20 bash -c 'until exec 3<>/dev/tcp/127.0.0.1/8888; do sleep 0.1; done' 2>/dev/null"
SITE = "https://app.example.org"
# What proxies say of clients, in the names that are known for it, and what servers that know no `-` take for the same.
LIES = (
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Forwarded-Port",
    "X-Forwarded-Server",
    "X-Original-Forwarded-For",
    "X-Real-IP",
    "X-Client-IP",
    "X-Cluster-Client-IP",
    "X-ProxyUser-Ip",
    "Forwarded",
    "True-Client-IP",
    "CF-Connecting-IP",
    "CF-Connecting-IPv6",
    "Fastly-Client-IP",
    "X_Forwarded_For",
    "X_Real_IP",
)


def caddies() -> list[object]:
    """What the file may say of Caddy: nothing, or that it is the newer one beside this Python."""
    missing = pytest.mark.skipif(OWN is None, reason="needs a Caddy of 2.7 or later beside this Python")
    return [pytest.param("", id="debian"), pytest.param(f"program: {OWN}", id="own", marks=missing)]


@pytest.fixture(scope="module", params=caddies())
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("rules"), FILE.replace("OWN", request.param)) as found:
        assert found.verify().holds
        for service in ("app", "gate"):
            found.said(service, f"nft -f - <<'END'\n{REDIRECT}\nEND")
            found.said(service, f"setsid {PROGRAM} serve 8888 >/dev/null 2>&1 </dev/null &\n{LISTENS}")
        yield found


def told(made: World, path: str = "/", more: str = "") -> dict[str, str]:
    """The headers that the service was told."""
    said = curl(made, f"-D - {more} {SITE}{path}")
    found: dict[str, Any] = json.loads(said.rpartition("\r\n")[2])
    return dict(found["headers"])


def test_nobody_outside_says_who_the_client_is(made: World) -> None:
    found = told(made, more=" ".join(f"-H '{name}: 6.6.6.6'" for name in LIES))
    assert "6.6.6.6" not in json.dumps(found)
    assert (found["x-forwarded-for"], found["x-real-ip"], found["x-forwarded-proto"]) == (CLIENT, CLIENT, "https")
    assert found["x-forwarded-host"] == found["host"] == "app.example.org"


def test_a_lie_said_twice_or_hidden_in_a_connection_is_none(made: World) -> None:
    twice = "-H 'X-Forwarded-For: 6.6.6.6' -H 'x-forwarded-for: 6.6.6.6, 127.0.0.1' -H 'Connection: X-Real-IP'"
    found = told(made, more=twice)
    assert (found["x-forwarded-for"], found["x-real-ip"]) == (CLIENT, CLIENT)


def test_headers_of_answers_and_requests_are_those_of_the_file(made: World) -> None:
    said = curl(made, f"-D - -o /dev/null {SITE}/").lower()
    assert "x-powered-by: us\r\n" in said and "x-a: {b} c\r\n" in said and "hand" not in said
    assert told(made, more="-H 'X-Given: mine'")["x-given"] == "{d}"


def test_a_password_opens(made: World) -> None:
    assert code(made, f"{SITE}/secret") == "401"
    assert code(made, f"{SITE}/secret/x", "-u alice:secret") == "200"
    assert code(made, f"{SITE}/secret/../secret/x", "--path-as-is") == "401"
    assert code(made, f"{SITE}/%73ecret/x") == "401"
    assert code(made, f"{SITE}//secret/x") in ("401", "308", "404"), "the service must not take it for the same"


def test_who_is_shut_out_hears_nothing(made: World) -> None:
    assert code(made, f"{SITE}/others") == "200"
    assert code(made, f"{SITE}/others", place="internet2") == "000"
    assert code(made, f"{SITE}/", place="internet2") == "200"


def test_a_body_that_does_not_say_its_size_is_cut_off_all_the_same(made: World) -> None:
    sent = "curl -sk -o /dev/null -w '%{http_code}' --max-time 5 --data-binary @-"
    sent += f" -H 'Transfer-Encoding: chunked' --connect-to ::{GATEWAY}: {SITE}/small"
    assert made.run("internet", f"head -c 200000 /dev/zero | {sent} --http1.1").stdout.decode() == "413"
    assert made.said("internet", f"head -c 900 /dev/zero | {sent} --http1.1") == "200"


def test_another_service_decides(made: World) -> None:
    refused = curl(made, f"-o /dev/null -w '%{{http_code}} %{{redirect_url}}' {SITE}/asked/x")
    assert refused == f"302 {SITE}/login"
    for lie in ("Remote-User", "remote-user", "Remote_User"):
        found = told(made, "/asked/x", f"-H '{lie}: root' -H 'Cookie: me=alice'")
        assert found["remote-user"] == "alice" and "root" not in json.dumps(found)


def test_a_connection_that_was_kept_to_a_home_that_is_gone_keeps_nobody_waiting(made: World) -> None:
    asking = f"-H 'Cookie: me=alice' {SITE}/asked/x"
    assert code(made, f"{SITE}/") == code(made, asking) == "200"
    faults.cut(made.lab, "home")
    try:
        time.sleep(2.5)
        for words in (f"{SITE}/", asking):
            found = curl(made, f"-o /dev/null -w '%{{http_code}} %{{time_total}}' {words}").split()
            assert found[0] == "503" and float(found[1]) < 1.1, found
    finally:
        faults.heal(made.lab, "home")
