"""CAA records as a real resolver tells them: unbound on this machine's loopback, asked as `check --dns` asks."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from warren.probe.registrar import authorisations
from warren.topology.caa import Caa

pytestmark = [pytest.mark.netns, pytest.mark.skipif(not shutil.which("unbound"), reason="needs unbound")]

# The last is too long for one packet, so that it is asked for over TCP.
RECORDS = [
    'example.org. CAA 0 issue "ca.example; validationmethods=dns-01"',
    'example.org. CAA 128 iodef "mailto:me@example.org"',
    "www.example.org. A 192.0.2.1",
    *(f'long.example.com. CAA 0 issue "{"x" * 200}{number}"' for number in range(9)),
]
CONF = """\
server:
  directory: "/"
  chroot: ""
  username: ""
  pidfile: ""
  use-syslog: no
  interface: 127.0.0.1@{port}
  local-zone: "." static
{records}
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    conf: Path = tmp_path_factory.mktemp("registrar") / "unbound.conf"
    conf.write_text(CONF.format(port=port, records="\n".join(f"  local-data: '{one}'" for one in RECORDS)))
    running = subprocess.Popen(["unbound", "-d", "-c", str(conf)], stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 10
        while authorisations(["www.example.org"], [("127.0.0.1", port)])["www.example.org"] is None:
            assert time.monotonic() < until, "unbound does not answer"
            time.sleep(0.1)
        yield "127.0.0.1", port
    finally:
        running.terminate()
        running.wait()


def test_what_a_domain_above_a_name_says(server: tuple[str, int]) -> None:
    found = authorisations(["www.example.org", "*.example.org", "www.example.net"], [server])
    said = {Caa(0, "issue", "ca.example; validationmethods=dns-01"), Caa(128, "iodef", "mailto:me@example.org")}
    assert set(found["www.example.org"] or ()) == set(found["*.example.org"] or ()) == said
    assert found["www.example.net"] == ()


def test_an_answer_that_is_too_long_for_a_packet(server: tuple[str, int]) -> None:
    assert len(authorisations(["long.example.com"], [server])["long.example.com"] or ()) == 9
