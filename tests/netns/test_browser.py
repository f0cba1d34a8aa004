"""A real browser opens a page of a service at home, over HTTP/2 and over HTTP/3, from the Internet."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.netns.world import World, world

BROWSER = shutil.which("chromium")
pytestmark = [
    pytest.mark.netns,
    pytest.mark.slow,
    pytest.mark.skipif(not BROWSER or not shutil.which("certutil"), reason="needs chromium and libnss3-tools"),
]

PAGE = "document.body.textContent='by '+performance.getEntriesByType('navigation')[0].nextHopProtocol"
FILE = """\
version: 1
network: {name: browser, domain: example.org}
hosts:
  vps: {public: [203.0.113.10, "2001:db8:10::10"]}
  home: {lan: 192.168.2.0/24, egress: vps}
services:
  cloud:
    host: home
    ports: {web: 80}
    expose:
      - https: cloud.example.org
        raw: |
          @page path /page
          header @page Content-Type text/html
          respond @page `<body><script>addEventListener('load',()=>PAGE)</script></body>` 200
"""
URL = "https://cloud.example.org"
# The key of the authority's intermediate certificate, as the browser wants it.
PIN = (
    "openssl s_client -connect 203.0.113.10:443 -servername cloud.example.org -showcerts </dev/null 2>/dev/null"
    " | awk '/BEGIN/{n++} n==2' | openssl x509 -pubkey -noout | openssl pkey -pubin -outform der"
    " | openssl dgst -sha256 -binary | base64"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("browser"), FILE.replace("PAGE", f"{{{PAGE}}}")) as found:
        assert found.verify().holds
        yield found


def opened(made: World, folder: Path, path: str, *more: str) -> str:
    """The page as the browser shows it, trusting the lab's authority alone."""
    keys = f"sql:{folder}/.pki/nssdb"
    authority = made.lab.path("ca.pem").read_text()
    words = (
        f"env HOME={folder} chromium --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage"
        f" --user-data-dir={folder}/browser --virtual-time-budget=4000 --dump-dom"
        f" --host-resolver-rules='MAP cloud.example.org 203.0.113.10' {' '.join(more)} {URL}{path} 2>/dev/null"
    )
    script = (
        f"mkdir -p {folder}/.pki/nssdb && certutil -d {keys} -N --empty-password && cat > {folder}/ca.pem <<'END'\n"
        f"{authority}END\ncertutil -d {keys} -A -t C,, -n lab -i {folder}/ca.pem && {words}"
    )
    return made.said("internet", script)


def test_a_page_over_http_2_with_a_certificate_that_is_checked(made: World, tmp_path: Path) -> None:
    assert "<body>by h2</body>" in opened(made, tmp_path, "/page")


def test_the_service_at_home_tells_the_browser_who_it_is(made: World, tmp_path: Path) -> None:
    shown = opened(made, tmp_path, "/")
    assert '"service": "cloud"' in shown and '"client": "198.51.100.7"' in shown


def test_a_page_over_http_3(made: World, tmp_path: Path) -> None:
    # A browser takes HTTP/3 from authorities that everybody knows, or from a key that it is told.
    told = f"--ignore-certificate-errors-spki-list={made.said('internet', PIN)}"
    shown = opened(made, tmp_path, "/page", "--origin-to-force-quic-on=cloud.example.org:443", told)
    assert "<body>by h3</body>" in shown
