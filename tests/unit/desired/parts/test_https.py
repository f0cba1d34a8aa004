"""https: the Caddyfile of an entry."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.spec_texts import resolved
from warren.desired.items.file import File
from warren.desired.parts.https import OFFLINE, https
from warren.desired.view import views

HASH = "$2a$14$4lEXRUNczW.4ZYIJZAJnSeR4iS7XS8RlxFrYYGxL3CUPCgTvpMTVu"
FILE = """\
version: 1
network: {name: test, https: {email: me@example.org%s}}
hosts: {vps: {public: 203.0.113.10}, home: {egress: vps}}
services:
  blog: {host: vps, ports: {web: 80}, expose: {https: www.example.org}}
  cloud:
    host: home
    ports: {web: 80, api: 81}
    expose:
      - {https: cloud.example.org, to: web, headers: {X-A: "a {b}"}, request_headers: {X-B: c}}
      - {https: cloud.example.org, to: api, path: /api, strip: true, auth: {basic: {alice: HASH}}}
      - https: cloud.example.org
        to: api
        path: /api/long
        from: 192.0.2.0/24
        auth: {forward: {to: auth.web, copy: Remote-User}}
  auth: {host: home, ports: {web: 9000}}
secrets: {k: file:k.txt}
""".replace("HASH", HASH)


def files(more: str = "") -> dict[str, str]:
    """The files of the gateway's entry."""
    made = https(views(resolved(FILE % more), {})["vps"])
    return {item.path.rpartition("/")[2]: item.content for item in made if isinstance(item, File)}


def test_the_longest_path_is_asked_first() -> None:
    text = files()["Caddyfile"]
    assert text.index("path /api/long /api/long/*") < text.index("path /api /api/*") < text.index("10.86.1.2:80 ")
    assert "uri strip_prefix /api\n" in text and f"alice {HASH}\n" in text


def test_unknown_names_and_paths_are_nobodys() -> None:
    text = files()["Caddyfile"]
    assert "@known host www.example.org cloud.example.org\n" in text and "\t\tabort\n" in text
    assert ":443 {\n\tabort\n}" in text
    assert "@elsewhere not vars {http.request.tls.server_name} `` www.example.org\n" in text
    assert "respond 404" in text


def test_who_the_client_is_says_nobody_but_us() -> None:
    text = files()["Caddyfile"]
    assert text.count("request_header -Forwarded\n") == text.count("request_header -*_*\n") == 2
    assert "request_header X-Real-IP {remote_host}\n" in text


def test_a_visitor_is_not_who_it_says_to_be() -> None:
    text = files()["Caddyfile"]
    assert text.index("request_header -Remote-User\n") < text.index("copy_headers Remote-User\n")


def test_texts_of_the_user_are_no_words_of_caddy() -> None:
    text = files()["Caddyfile"]
    assert "\tX-A `a \\{b}`\n" in text and "\tdefer\n" in text and "header_up X-B c\n" in text
    assert "@strange not remote_ip 192.0.2.0/24\n" in text and "abort @strange\n" in text


def test_what_bcrypt_made_of_passwords_is_read_by_the_entry_alone() -> None:
    made = {item.path.rpartition("/")[2]: item for item in https(views(resolved(FILE % ""), {})["vps"])}
    assert (made["Caddyfile"].mode, made["Caddyfile"].group) == (0o640, "web0")
    assert made["offline.html"].mode == 0o644


def test_the_page_of_those_that_do_not_answer() -> None:
    assert files()["offline.html"] == OFFLINE
    assert files(', offline: "<p>later"')["offline.html"] == "<p>later\n"


def test_connections_to_targets_are_used_again_and_not_for_long() -> None:
    """Where the time alone is said, Caddy keeps two of them, and most requests begin with a connection."""
    text = files()["Caddyfile"]
    targets = text.count("reverse_proxy ") + text.count("forward_auth ")
    assert text.count("\tkeepalive 1s\n") == text.count("\tkeepalive_idle_conns_per_host 32\n") == targets > 0


def test_hosts_without_an_entry_have_none() -> None:
    assert list(https(views(resolved(FILE % ""), {})["home"])) == []


def test_what_is_open_outlives_a_change_where_caddy_can_do_that() -> None:
    assert "stream_close_delay" not in files()["Caddyfile"]
    for own in ("program: /opt/caddy", "image: a.example/caddy:2"):
        assert files(f", {own}")["Caddyfile"].count("stream_close_delay 1h\n") == 4


def test_a_proof_by_dns_may_have_lines_of_its_own() -> None:
    text = files(', program: /opt/caddy, dns: "rfc2136 {\\n  key {env.K}\\n}\\n", secrets: {K: k}')["Caddyfile"]
    assert "\tacme_dns rfc2136 {\n\t  key {env.K}\n\t}\n" in text


@pytest.mark.parametrize("where", [None, f"{sys.prefix}/bin"])
def test_a_proof_by_dns_lacks_nothing_but_its_module(tmp_path: Path, where: str | None) -> None:
    """No Caddy with such a module is within reach of the tests: everything around its words is read before it lacks."""
    if not (caddy := shutil.which("caddy", path=where)):
        pytest.skip("caddy is not installed")
    dns = ', program: /opt/caddy, dns: "rfc2136 {\\n  key {env.K}\\n}\\n", secrets: {K: k}'
    (tmp_path / "Caddyfile").write_text(files(dns)["Caddyfile"])
    read = [caddy, "adapt", "--adapter", "caddyfile", "--config", str(tmp_path / "Caddyfile")]
    done = subprocess.run(read, capture_output=True, text=True, check=False)
    assert done.returncode and "module not registered: dns.providers.rfc2136" in done.stderr


@pytest.mark.parametrize(("where", "own"), [(None, ""), (f"{sys.prefix}/bin", ", program: /opt/caddy")])
def test_caddy_itself_accepts_it(tmp_path: Path, where: str | None, own: str) -> None:
    if not (caddy := shutil.which("caddy", path=where)):
        pytest.skip("caddy is not installed")
    more = f', ca: "https://ca.example/directory", raw: "order abort first"{own}'
    (tmp_path / "Caddyfile").write_text(files(more)["Caddyfile"])
    read = [caddy, "adapt", "--adapter", "caddyfile", "--config", str(tmp_path / "Caddyfile")]
    done = subprocess.run(read, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
