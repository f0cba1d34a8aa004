"""HTTPS in a real network: real certificates, requests that lie, a home that is gone, a name that is added (T29)."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.netns.visiting import GATEWAY, answer, curl
from tests.netns.world import World, world
from warren.lab import faults

pytestmark = [pytest.mark.netns, pytest.mark.slow]

CLIENT = "198.51.100.7"
# `caddy hash-password --plaintext secret`, as cheap as bcrypt can be.
HASH = "$2a$04$rDKWZ2yS7c2DXAAmtsKVXe0J/TXLV3tUQ20BaDZ1mYIRb98GzbnZu"
FILE = """\
version: 1
network: {name: web, domain: example.org, https: {offline: "<h1>back soon</h1>"}}
hosts:
  vps: {public: [203.0.113.10, "2001:db8:10::10"]}
  home: {lan: 192.168.2.0/24, egress: vps}
services:
  blog: {host: vps, ports: {web: 80}, expose: [{https: www.example.org}]}
  cloud:
    host: home
    ports: {web: 80, api: 8080}
    expose:
      - {https: cloud.example.org, to: web, headers: {X-Frame-Options: DENY}}
      - {https: cloud.example.org, to: api, path: /api, strip: true}
      - {https: cloud.example.org, to: web, path: /api/long}
      - {https: cloud.example.org, to: api, path: /secret, auth: {basic: {alice: "HASH"}}}
      - {https: cloud.example.org, to: api, path: /small, max_body: 1k}
      - {https: cloud.example.org, to: api, path: /friends, from: 192.0.2.0/24}
      - https: cloud.example.org
        to: api
        path: /asked
        auth: {forward: {to: auth.web, uri: /v, copy: [Host, Remote-User]}}
      - {https: cloud.example.org, to: api, path: /raw, raw: "respond \\"by hand\\" 418"}
  auth: {host: home, ports: {web: 9000}, egress: none}
""".replace("HASH", HASH)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("https"), FILE) as found:
        assert found.verify().holds
        yield found


def code(made: World, url: str, more: str = "", place: str = "internet") -> str:
    """The status alone, 000 where there is none."""
    return curl(made, f"-o /dev/null -w '%{{http_code}}' {more} {url}", place)[-3:]


def test_the_longest_path_wins_and_its_beginning_goes_where_the_file_says(made: World) -> None:
    assert answer(made, "cloud.example.org/x")["path"] == "/x"
    assert (answer(made, "cloud.example.org/api/x")["port"], answer(made, "cloud.example.org/api/x")["path"]) == (
        8080,
        "/x",
    )
    assert answer(made, "cloud.example.org/api/long/x")["path"] == "/api/long/x"
    assert answer(made, "cloud.example.org/apix")["port"] == 80, "a path ends at a slash"


def test_the_client_is_who_it_is_whatever_it_says(made: World) -> None:
    lies = " ".join(
        f"-H '{name}: 6.6.6.6'" for name in ("X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Forwarded-Proto")
    )
    found = answer(made, "www.example.org/", lies)
    assert (found["client"], found["real_ip"], found["scheme"]) == (CLIENT, CLIENT, "https")
    assert "forwarded" not in found
    assert "6.6.6.6" not in json.dumps(found)


def test_a_proxy_header_before_the_handshake_is_no_way_in(made: World) -> None:
    lie = "printf 'PROXY TCP4 6.6.6.6 203.0.113.10 1 443\\r\\nGET / HTTP/1.0\\r\\n\\r\\n'"
    heard = int(made.said("internet", f"{lie} | nc -w 2 {GATEWAY} 443 | wc -c"))
    assert heard < 20, "an alert at most"


@pytest.mark.parametrize(
    "words",
    [
        "https://nobody.example.org/",
        "-k https://nobody.example.org/",
        "-k https://203.0.113.10/",
        "http://nobody.example.org/",
        "http://203.0.113.10/",
        "-0 -H 'Host:' http://203.0.113.10/",
        "-H 'Host: nobody.example.org' http://www.example.org/",
    ],
)
def test_a_name_that_nobody_has_is_closed(made: World, words: str) -> None:
    assert code(made, "", words) == "000"


def test_a_request_names_no_other_site_than_its_handshake(made: World) -> None:
    assert code(made, "https://www.example.org/", "-H 'Host: cloud.example.org'") == "421"
    assert code(made, "https://www.example.org/", "-H 'Host: nobody.example.org'") == "000"


def test_plain_http_goes_to_https(made: World) -> None:
    found = curl(made, "-o /dev/null -w '%{http_code} %{redirect_url}' http://cloud.example.org/a?b")
    assert found == "308 https://cloud.example.org/a?b"


def test_who_may_use_a_path(made: World) -> None:
    assert code(made, "https://cloud.example.org/secret") == "401"
    assert code(made, "https://cloud.example.org/secret", "-u alice:wrong") == "401"
    assert code(made, "https://cloud.example.org/friends") == "000"
    assert code(made, "https://cloud.example.org/friends", place="internet2") == "200"
    asked = answer(made, "cloud.example.org/asked/x", "-H 'Remote-User: root'")
    assert asked["port"] == 8080, "the service that was asked says yes to all"
    assert not asked.get("user"), "and nothing of a user, so that nobody is one"


def test_headers_bodies_and_words_of_caddy(made: World) -> None:
    found = curl(made, "-D - -o /dev/null https://cloud.example.org/").lower()
    assert "x-frame-options: deny" in found and "server:" not in found and "strict-transport" not in found
    body = "head -c 4096 /dev/zero | curl -sk -o /dev/null -w '%{http_code}' --data-binary @-"
    assert made.said("internet", f"{body} --connect-to ::{GATEWAY}: https://cloud.example.org/small") == "413"
    assert code(made, "https://cloud.example.org/raw/x") == "418"


def test_services_ask_the_near_address_with_the_right_certificate(made: World) -> None:
    found = made.said("cloud", "curl -sS --max-time 5 https://www.example.org/")
    assert json.loads(found)["client"] in {str(each) for each in made.topology.services["cloud"].addresses}
    assert made.run("auth", "curl -sS --max-time 3 https://www.example.org/").code != 0


def test_a_home_that_is_gone_has_a_page_within_a_second_and_others_notice_nothing(made: World) -> None:
    faults.cut(made.lab, "home")
    try:
        begun = time.monotonic()
        found = curl(made, "-w '%{http_code} %{time_total}' https://cloud.example.org/")
        assert time.monotonic() - begun < 2
        page, _, said = found.rpartition("\n")
        status, seconds = said.split()
        assert "<h1>back soon</h1>" in page and status == "503" and float(seconds) < 1.1
        assert answer(made, "www.example.org/")["service"] == "blog"
    finally:
        faults.heal(made.lab, "home")


LOAD = """\
end=$(($(date +%s) + 6)); bad=0; all=0
while [ "$(date +%s)" -lt $end ]; do
    all=$((all+1))
    curl -sk -o /dev/null -f --max-time 3 --connect-to ::203.0.113.10: https://www.example.org/ || bad=$((bad+1))
done
echo $bad $all
"""


def test_a_name_is_added_without_one_failed_request_elsewhere(made: World) -> None:
    found: list[str] = []
    loading = threading.Thread(target=lambda: found.append(made.said("internet", LOAD)))
    loading.start()
    time.sleep(1)
    made.say(FILE.replace("https: www.example.org", "https: [www.example.org, new.example.org]"))
    loading.join()
    bad, requests = map(int, found[0].split())
    assert bad == 0 and requests > 20
    assert made.verify().holds


def test_a_configuration_that_caddy_refuses_changes_nothing(made: World) -> None:
    before = made.said("vps", "cat /run/lab/web0/pid")
    made.said("vps", "echo { nonsense >> /etc/warren/web0/Caddyfile")
    admin = "unix/$(echo /run/user/*/web0)/admin"
    reload = f"caddy reload --adapter caddyfile --config /etc/warren/web0/Caddyfile --address {admin}"
    assert made.run("vps", f"ip netns exec web0 {reload} --force").code != 0
    assert answer(made, "www.example.org/")["service"] == "blog"
    assert made.said("vps", "cat /run/lab/web0/pid") == before


def test_what_is_decrypted_at_home_is_so_and_keeps_the_client(tmp_path: Path) -> None:
    text = """\
version: 1
network: {name: homely}
hosts:
  vps: {public: [203.0.113.10, "2001:db8:10::10"]}
  home: {lan: 192.168.2.0/24, egress: vps}
services:
  cloud: {host: home, ports: {web: 80}, expose: [{https: cloud.example.org, tls: home}]}
"""
    with world(tmp_path, text) as made:
        report = made.verify()
        assert report.visits and report.holds, [one.sentence for one in report.told if one.why]
        assert {one.client for one in report.visits if one.visit.site} == {CLIENT, "2001:db8:ffff::7"}
        assert made.run("vps", "ls /etc/warren/web0").code != 0, "the gateway has no key, nor Caddy"
