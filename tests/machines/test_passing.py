"""Names of one gateway on two machines: HAProxy as a user without any right, told of a change, back after a reboot."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.machines.rig import Rig, rig, until
from warren.cli import laboratory

FILE = """\
version: 1
network: {name: NAME, domain: example.org}
hosts:
  vps: {ssh: root@203.0.113.10, public: [203.0.113.10, "2001:db8:10::10"]}
  home: {ssh: admin@192.168.2.10, lan: 192.168.2.0/24, egress: vps}
services:
  blog: {host: vps, unit: UNIT, ports: {web: 80}, expose: [{https: www.example.org}]}
  cloud: {host: home, unit: UNIT, ports: {web: 80}, expose: [{https: NAMES, tls: home}]}
"""
# Says of whom it was told.
SAYS = (
    "import http.server as h; H = type('H', (h.BaseHTTPRequestHandler,), "
    "{'do_GET': lambda s: (s.send_response(200), s.end_headers(), s.wfile.write(s.headers['X-Real-IP'].encode()))}); "
    "h.HTTPServer(('', 80), H).serve_forever()"
)
UNIT = f'{{command: [/usr/bin/python3, -c, "{SAYS}"]}}'
GATEWAYS = {"203.0.113.10": "198.51.100.7", "[2001:db8:10::10]": "2001:db8:ffff::7"}


def file(names: str = "cloud.example.org") -> str:
    """The file with these names."""
    return FILE.replace("NAMES", names).replace("UNIT", UNIT)


@pytest.fixture(scope="module")
def net(machines: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """Two machines, applied, with certificates."""
    with rig(tmp_path_factory.mktemp("passing"), file()) as made:
        assert laboratory.settle(made.lab, made.topology, lambda host, words: None).succeeded
        until(lambda: told(made, "cloud.example.org") and told(made, "www.example.org"), 60)
        yield made


def told(net: Rig, name: str, address: str = "203.0.113.10") -> str:
    """Of which client the service behind a name was told; empty where it does not answer."""
    authority = net.lab.path("ca.pem").read_text()
    visit = f"curl -sS -f --max-time 5 --cacert ca.pem --connect-to ::{address}: https://{name}/ || :"
    said = net.run("internet", f"cd $(mktemp -d) && cat > ca.pem <<'END'\n{authority}END\n{visit}").strip()
    # After a boot a stand-in may have the port before the program of the file.
    return str(json.loads(said)["client"]) if said.startswith("{") else said


def pids(net: Rig, host: str, user: str) -> set[str]:
    """The processes of HAProxy in an entry."""
    return set(net.run(host, f"pgrep -x -u $(id -u {user}) haproxy").split())


@pytest.mark.parametrize("name", ["www.example.org", "cloud.example.org"])
@pytest.mark.parametrize(("address", "client"), GATEWAYS.items())
def test_each_service_is_told_of_the_client(net: Rig, name: str, address: str, client: str) -> None:
    assert told(net, name, address) == client


@pytest.mark.parametrize(("host", "user"), [("vps", "web0"), ("home", "web1-g0")])
def test_it_has_no_right_whatever(net: Rig, host: str, user: str) -> None:
    for pid in pids(net, host, user):
        status = net.run(host, f"grep -E '^(Uid|CapEff)' /proc/{pid}/status")
        assert "CapEff:\t0000000000000000" in status and "Uid:\t0\t" not in status
    assert len(pids(net, host, user)) == 2, "a master and its worker"


def test_a_name_more_is_told_to_what_runs(net: Rig) -> None:
    before = pids(net, "vps", "web0")
    net.say(file("[cloud.example.org, new.example.org]").replace("name: NAME", f"name: {net.topology.name}"))
    assert laboratory.settle(net.lab, net.topology, lambda host, words: None).succeeded
    until(lambda: told(net, "new.example.org"), 60)
    assert told(net, "www.example.org") and pids(net, "vps", "web0") & before, "the master is the same"


def test_what_is_taken_away_by_others_is_made_again(net: Rig) -> None:
    net.run("home", "ip -n web1-g0 route del local default dev lo table local; ip -n web1-g0 rule del pref 11")
    assert not told(net, "cloud.example.org")
    assert laboratory.settle(net.lab, net.topology, lambda host, words: None).succeeded
    assert told(net, "cloud.example.org") == GATEWAYS["203.0.113.10"]


def test_everything_is_back_after_a_reboot(net: Rig) -> None:
    for host in ("vps", "home"):
        net.machine(host).reboot()
    until(lambda: told(net, "cloud.example.org") and told(net, "www.example.org"), 60)
    assert told(net, "cloud.example.org") == GATEWAYS["203.0.113.10"]
