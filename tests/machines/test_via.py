"""A home behind NAT that nobody is beside: reached by way of its gateway, over the tunnel, and changed there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest

from tests.machines.rig import Rig, rig
from warren import pipeline
from warren.apply.terms import new_terms
from warren.desired.model import Platform
from warren.hosts.ssh import SshHost

pytestmark = pytest.mark.long

FILE = """\
version: 1
network: {name: NAME}
hosts:
  vps:  {ssh: root@203.0.113.10, public: 203.0.113.10, firewall: {ssh: {limit: none}}}
  home: {ssh: {to: admin@home, via: vps}, lan: 192.168.2.0/24, egress: vps}
services:
  db: {host: home, ports: {sql: 5432}, egress: none, unit: {command: [sleep, "100000"]}}
"""


@contextmanager
def by_ssh(made: Rig) -> Iterator[Mapping[str, SshHost]]:
    """Both hosts as an operator outside reaches them."""
    hosts = {name: made.lab.host(name) for name in made.topology.hosts}
    reached = {name: host for name, host in hosts.items() if isinstance(host, SshHost)}
    try:
        yield reached
    finally:
        for each in reached.values():
            each.close()


@pytest.fixture(scope="module")
def led(machines: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """The first apply is made from beside them, as there is no tunnel before it."""
    with rig(tmp_path_factory.mktemp("via"), FILE) as made:
        assert made.apply().succeeded
        yield made


def test_it_is_reached_from_its_gateway_and_from_nowhere_else(led: Rig) -> None:
    home = led.topology.hosts["home"]
    with by_ssh(led) as hosts:
        done = hosts["home"].run("id -u; echo $SSH_CONNECTION").stdout.decode().split()
    assert done[:2] == ["0", str(led.topology.hosts["vps"].addresses.v4)]
    assert led.reaches("vps", str(home.addresses.v4), 22)
    assert led.fails("home", f"ip netns exec db nc -z -w 1 {home.addresses.v4} 22")
    assert led.fails("home", f"nc -z -w 1 {led.topology.hosts['vps'].addresses.v4} 22")


def test_a_change_travels_the_tunnel_and_stays(led: Rig) -> None:
    topology = led.say(led.path.read_text().replace("egress: none", "egress: vps"))
    with by_ssh(led) as hosts:
        planned = pipeline.plan(topology, hosts, Platform.SYSTEMD)
        assert not planned.plan.is_empty
        done = pipeline.apply(planned, hosts, terms=new_terms())
        assert done.succeeded, done.failure
        assert pipeline.plan(topology, hosts, Platform.SYSTEMD).plan.is_empty
