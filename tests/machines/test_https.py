"""Names and HTTPS on whole machines: real units of real users, told of a change, back after a reboot."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.machines.rig import Rig, rig, until
from warren.cli import laboratory
from warren.cli.glance import glance
from warren.desired.model import Platform
from warren.lab.internet import FORGED, PROVED

FILE = """\
version: 1
network: {name: NAME, domain: example.org}
hosts:
  vps: {ssh: root@203.0.113.10, public: [203.0.113.10, "2001:db8:10::10"]}
  home: {ssh: admin@192.168.2.10, lan: 192.168.2.0/24, egress: vps}
services:
  cloud:
    host: home
    unit: /bin/busybox httpd -f -p 80 -h /usr/share/dns
    ports: {web: 80}
    expose: [{https: NAMES, to: web}]
"""
GATEWAY = "203.0.113.10"


def file(names: str = "cloud.example.org") -> str:
    """The file with these names."""
    return FILE.replace("NAMES", names)


@pytest.fixture(scope="module")
def net(machines: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """Two machines, applied, with a certificate."""
    with rig(tmp_path_factory.mktemp("https"), file()) as made:
        assert laboratory.settle(made.lab, made.topology, lambda host, words: None).succeeded
        until(lambda: visited(made, "cloud.example.org"), 40)
        yield made


def visited(net: Rig, name: str) -> bool:
    """Whether a name answers outside with a certificate of the lab's own authority."""
    authority = net.lab.path("ca.pem").read_text()
    visit = f"curl -sS -f -o /dev/null --max-time 5 --cacert ca.pem --connect-to ::{GATEWAY}: https://{name}/root.hints"
    return not net.fails("internet", f"cd $(mktemp -d) && cat > ca.pem <<'END'\n{authority}END\n{visit}")


def pid(net: Rig, host: str, program: str) -> str:
    """The process of a program, by its user."""
    return net.run(host, f"pgrep -x -u $(id -u {program}) 'caddy|unbound'")


def test_each_program_is_a_user_without_any_right(net: Rig) -> None:
    for host, program in (("vps", "web0"), ("vps", "dns0-out"), ("home", "dns1-g0")):
        status = net.run(host, f"grep -E '^(Uid|CapEff)' /proc/{pid(net, host, program)}/status")
        assert "CapEff:\t0000000000000000" in status and "Uid:\t0\t" not in status


def test_what_an_entry_is_told_nobody_else_reads(net: Rig) -> None:
    file = "/etc/warren/web0/Caddyfile"
    assert net.run("vps", f"stat -c '%a %U %G' {file}").strip() == "640 root web0"
    assert net.fails("vps", f"setpriv --reuid=dns0-out --regid=dns0-out --clear-groups cat {file}")


def test_status_says_when_certificates_are_renewed(net: Rig) -> None:
    vps, home = glance(net.topology, net.hosts, Platform.SYSTEMD)
    [held] = vps.certificates
    assert held.names == ("cloud.example.org",) and vps.now < held.due < held.ends and not vps.bare
    assert not home.certificates and not home.bare


def test_services_and_logins_ask_their_own_resolver(net: Rig) -> None:
    own = str(net.topology.services["dns1-g0"].addresses.v4)
    inside = "ip netns exec cloud getent ahostsv4 cloud"
    assert own in net.run("home", "ip netns exec cloud cat /etc/resolv.conf")
    assert str(net.topology.services["cloud"].addresses.v4) in net.run("home", inside)


def finds(net: Rig, name: str) -> bool:
    """Whether `cloud` finds a name of the outside, through its resolver and the tunnel."""
    return not net.fails("home", f"ip netns exec cloud getent ahosts {name}")


def test_names_of_the_outside_are_proved(net: Rig) -> None:
    assert finds(net, PROVED) and not finds(net, FORGED)


def test_a_name_more_is_told_to_what_runs(net: Rig) -> None:
    assert finds(net, PROVED)
    resolver = pid(net, "home", "dns1-g0")
    before = pid(net, "vps", "web0"), pid(net, "vps", "dns0-out")
    text = file("[cloud.example.org, new.example.org]").replace("name: NAME", f"name: {net.topology.name}")
    net.say(text)
    assert laboratory.settle(net.lab, net.topology, lambda host, words: None).succeeded
    until(lambda: visited(net, "new.example.org"), 40)
    assert visited(net, "cloud.example.org")
    assert (pid(net, "vps", "web0"), pid(net, "vps", "dns0-out")) == before
    assert finds(net, "new.example.org") and pid(net, "home", "dns1-g0") == resolver
    control = "ip netns exec dns1-g0 unbound-control -c /etc/warren/dns1-g0/unbound.conf"
    assert PROVED in net.run("home", f"{control} dump_cache"), "what was known is known still"


def test_everything_is_back_after_a_reboot(net: Rig) -> None:
    for host in ("vps", "home"):
        net.machine(host).reboot()
    until(lambda: visited(net, "cloud.example.org"), 60)
    assert net.run("home", "ip netns exec cloud getent ahostsv4 cloud")


def test_what_is_killed_is_started_again(net: Rig) -> None:
    old = pid(net, "vps", "web0")
    net.run("vps", f"kill -9 {old}")
    until(lambda: visited(net, "cloud.example.org"), 40)
    assert pid(net, "vps", "web0") != old


def test_a_resolver_that_is_killed_is_started_again(net: Rig) -> None:
    old = pid(net, "home", "dns1-g0")
    net.run("home", f"kill -9 {old}")
    until(lambda: finds(net, PROVED), 40)
    assert pid(net, "home", "dns1-g0") != old
