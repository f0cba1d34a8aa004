"""`warren verify` on the LAN of real hosts, where one of them speaks as a neighbour of the other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.machines.rig import Rig, rig
from warren.probe.field import Field
from warren.probe.lookout import watching
from warren.verify.afield import links, places, seen, verify_real
from warren.verify.lans import on_lans
from warren.verify.report import Report, sentences

pytestmark = pytest.mark.long

TEXT = """\
version: 1
network: {name: NAME, dns: false}
hosts:
  vps: {ssh: root@203.0.113.10, public: 203.0.113.10}
  home: {ssh: admin@192.168.2.10, lan: 192.168.2.0/24, site: house, egress: vps}
  nas: {ssh: admin@192.168.2.11, lan: 192.168.2.0/24, site: house, egress: vps}
services:
  page:
    host: home
    unit: /bin/busybox httpd -f -p 80 -h /usr/share/dns
    ports: {web: 80}
    egress: lan
    expose: [{port: 8080, to: web, at: home}]
  echo:
    host: home
    unit: {command: [python3, -c, "import socket; s = socket.socket(10, 2); s.bind(('::', 81)); s.recv(99)"]}
    ports: {talk: 81/udp}
    egress: none
    expose: [{port: 8081/udp, to: talk, at: home}]
expect:
  - lan:home -> page.web: open
  - lan:home -> echo.talk: open
"""


@pytest.fixture(scope="module")
def net(machines: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """Three machines, two of them on one LAN."""
    with rig(tmp_path_factory.mktemp("lan"), TEXT) as made:
        assert made.apply().succeeded
        yield made


def verified(net: Rig) -> Report:
    """What `warren verify` does where this machine is one of the hosts."""
    with watching(net.by_ssh, links(net.topology)) as eyes:
        ground = on_lans(net.topology, Field(net.by_ssh, places(net.topology), seen(net.topology, ())), eyes)
        return verify_real(net.topology, ground, eyes, scan=False)


def opened(report: Report) -> set[tuple[str, str, int, str]]:
    """What was found open, by its ends."""
    return {r.key[:4] for r in report.reaches if r.probed_open}


def test_the_other_host_is_a_neighbour_and_finds_what_is_declared(net: Rig) -> None:
    report = verified(net)
    assert sentences(report) == ()
    assert not report.untold
    assert [(line.text, line.held) for line in report.expect] == [
        ("lan:home -> page.web", True),
        ("lan:home -> echo.talk", True),
    ]
    wanted = {("lan:home", "page", 8080, "tcp"), ("lan:home", "echo", 8081, "udp"), ("page", "lan:home", 9, "udp")}
    assert wanted <= opened(report) and ("echo", "lan:home", 9, "udp") not in opened(report)
    assert ("echo", "lan:home", 9, "udp") in {r.key[:4] for r in report.reaches}


def test_a_hole_to_the_lan_and_a_closed_door_are_told(net: Rig) -> None:
    echo = net.topology.services["echo"]
    net.run("home", "systemctl stop warren-heal.timer warren-heal.service")
    net.run("home", f"nft insert rule inet warren forward iifname {echo.veth} accept")
    net.run("home", "nft add table inet other; nft 'add chain inet other f { type filter hook forward priority 0; }'")
    net.run("home", "nft add rule inet other f tcp dport 80 drop")
    try:
        said = sentences(verified(net))
    finally:
        net.run("home", "nft delete table inet other")
        assert net.apply().succeeded
    assert any(one.startswith("from echo") and "a datagram came through" in one for one in said)
    assert any(one.startswith("from lan:home, port 8080/tcp of page") and "nothing came back" in one for one in said)
