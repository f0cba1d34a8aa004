"""passing: what HAProxy is told at a gateway and at home."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.spec_texts import resolved
from warren.desired.items.file import File
from warren.desired.items.loopback import Loopback
from warren.desired.parts.https import https
from warren.desired.parts.passing import passing
from warren.desired.view import HostView, views

FILE = """\
version: 1
network: {name: test, https: {dns: cloudflare}}
hosts: {vps: {public: 203.0.113.10}, home: {egress: vps}, flat: {egress: vps}}
services:
  blog: {host: vps, ports: {web: 80}, expose: {https: [www.example.org, "*.example.org"]%s}}
  cloud: {host: home, ports: {web: 80}, expose: {https: cloud.example.org%s}}
  photos: {host: flat, ports: {web: 80}, expose: {https: photos.example.org%s}}
"""
HOME = ", tls: home"


def view(host: str, text: str = FILE % ("", HOME, HOME)) -> HostView:
    """A host's side of the network."""
    return views(resolved(text), {})[host]


def told(host: str, text: str = FILE % ("", HOME, HOME)) -> str:
    """The file of its HAProxy."""
    [file] = [item for item in passing(view(host, text)) if isinstance(item, File)]
    assert (file.mode, file.group) == (0o640, file.path.split("/")[3].removesuffix("-names"))
    return file.content


def test_a_name_that_is_written_out_goes_before_a_star() -> None:
    lines = [each.strip() for each in told("vps").splitlines() if "req.ssl_sni" in each]
    assert lines == [
        "use_backend web0-ipv4 if { req.ssl_sni,lower -m str -- www.example.org } { src 0.0.0.0/0 }",
        "use_backend web0-ipv6 if { req.ssl_sni,lower -m str -- www.example.org }",
        "use_backend web1-g0 if { req.ssl_sni,lower -m str -- cloud.example.org }",
        "use_backend web2-g0 if { req.ssl_sni,lower -m str -- photos.example.org }",
        "use_backend web0-ipv4 if { req.ssl_sni,lower -m reg -- '^[^.]+[.]example[.]org$' } { src 0.0.0.0/0 }",
        "use_backend web0-ipv6 if { req.ssl_sni,lower -m reg -- '^[^.]+[.]example[.]org$' }",
    ]


def test_nobody_has_what_no_name_fits() -> None:
    assert "default_backend" not in told("vps") and "http-request reject unless known" in told("vps")


def test_the_client_goes_ahead_to_homes_and_comes_by_the_loopback_to_its_own() -> None:
    text = told("vps")
    assert "server web1-g0 10.86.1.3:8443 send-proxy-v2\n" in text
    assert "backend web0-ipv4\n    source 0.0.0.0 usesrc clientip\n    server caddy 127.0.0.1:443\n" in text


def test_at_home_nobody_but_the_gateway_is_believed() -> None:
    text = told("home")
    gateway = view("vps").topology.services["web0"].addresses
    assert f"reject unless {{ src {gateway.v4} {gateway.v6} }}" in text
    assert text.index("reject unless") < text.index("expect-proxy layer4")


def test_only_who_decrypts_has_such_a_loopback() -> None:
    homes = FILE.replace(', expose: {https: [www.example.org, "*.example.org"]%s}', "") % (HOME, HOME)
    assert [item for item in passing(view("home", homes)) if isinstance(item, Loopback)] == [
        Loopback("web1-g0", str(view("home", homes).topology.services["web1-g0"].addresses.v4))
    ]
    assert not any(isinstance(item, Loopback) for item in passing(view("vps", homes)))
    assert list(https(view("vps", homes))) == [], "and no Caddy where nothing is decrypted"


def test_where_nothing_is_passed_on_there_is_nothing() -> None:
    assert [*passing(view("vps", FILE % ("", "", ""))), *passing(view("home", FILE % ("", "", "")))] == []


def test_http3_is_not_offered_where_it_would_not_arrive() -> None:
    [home] = [file.content for file in https(view("home")) if file.path.endswith("Caddyfile")]
    [vps] = [file.content for file in https(view("vps")) if file.path.endswith("Caddyfile")]
    assert "protocols h1 h2\n" in home and "protocols" not in vps


@pytest.mark.parametrize("host", ["vps", "home"])
def test_haproxy_itself_accepts_it(host: str, tmp_path: Path) -> None:
    if not shutil.which("haproxy"):
        pytest.skip("haproxy is not installed")
    (tmp_path / "haproxy.cfg").write_text(told(host))
    done = subprocess.run(
        ["haproxy", "-c", "-f", tmp_path / "haproxy.cfg"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0 and "WARNING" not in done.stderr, done.stderr
