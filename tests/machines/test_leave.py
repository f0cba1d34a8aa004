"""Whoever leaves goes without a trace: machines are byte for byte what they were before the first change (T53, T57)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.machines.images import image
from tests.machines.rig import Rig, rig, until
from warren import pipeline
from warren.apply.terms import new_terms
from warren.cli.glance import glance
from warren.desired.model import Platform

pytestmark = pytest.mark.long

TEXT = """\
version: 1
network: {name: NAME}
hosts:
  vps: {ssh: root@203.0.113.10, public: [203.0.113.10, "2001:db8:10::10"]}
  home: {ssh: admin@192.168.2.10, lan: 192.168.2.0/24, egress: vps}
services:
  blog: {host: vps, image: "web:1", ports: {web: 80}, expose: [{port: 8080, to: web}]}
  cloud:
    host: home
    image: web:1
    volumes: [data:/data]
    ports: {web: 80}
    needs: [{to: db.sql, localhost: 5432}]
    expose: [{port: 8081, to: web}]
  db: {host: home, image: "web:1", environment: {PORT: 5432}, ports: {sql: 5432}, egress: none}
"""
# What a host is, a line each, but for what it counts.
LOOK = r"""
export LC_ALL=C
echo == rules of all; nft list ruleset
echo == ways; ip -4 rule; ip -6 rule; ip -4 route show table all; ip -6 route show table all
echo == links; ip -d addr | sed 's/ *valid_lft.*//'
echo == settings; sysctl -a 2>/dev/null | grep '^net\.' | grep -v 'nf_conntrack_count\|nf_conntrack_buckets'
echo == files; find /etc -xdev -printf '%p %y %m %u %g %l\n' | sort
find /etc -xdev -type f -exec sha256sum {} + | sort -k 2
echo == accounts; cat /etc/passwd /etc/group /etc/subuid /etc/subgid
echo == units; systemctl list-unit-files --no-legend --no-pager
systemctl list-units --all --plain --no-legend --no-pager 'warren*' 'user@*'
ls -A /etc/systemd/system /run/systemd/system
echo == folders; ls -A /var/lib; ls -A /run/netns 2>/dev/null; ls -A /var/lib/systemd/linger /var/lib/pam
echo == processes; ps -eo comm= | grep -x 'wireguard-go\|podman\|conmon\|busybox\|unbound\|caddy' || :
"""


@pytest.fixture
def lived_in(machines: None, tmp_path: Path) -> Iterator[Rig]:
    """Two machines that somebody has used before: a firewall, users and settings of their own."""
    with rig(tmp_path, TEXT) as made:
        made.publish(image("web", "1"), "docker.io/library/web", "1")
        for host in made.hosts:
            made.run(
                host, "useradd -m anna && sysctl -qw net.ipv4.conf.all.rp_filter=1 net.ipv4.conf.eth0.send_redirects=0"
            )
            made.run(host, "nft 'add table inet mine; add chain inet mine c { type filter hook input priority 5; }'")
            made.run(
                host, "ip rule add from 198.18.0.0/24 lookup 77 && ip route add unreachable 198.18.9.0/24 table 77"
            )
        yield made


def look(rig: Rig) -> dict[str, list[str]]:
    """All machines."""
    return {host: rig.run(host, LOOK).splitlines() for host in rig.hosts}


def differences(before: dict[str, list[str]], after: dict[str, list[str]]) -> list[str]:
    """What is gone and what is new, a line each."""
    gone = [f"{host} - {line}" for host in before for line in before[host] if line not in after[host]]
    return gone + [f"{host} + {line}" for host in after for line in after[host] if line not in before[host]]


def leave(rig: Rig, purge: bool = False) -> dict[str, tuple[str, ...]]:
    """What `warren leave vps home` does."""
    planned = pipeline.plan_leave(rig.topology, rig.hosts, Platform.SYSTEMD)
    done, kept = pipeline.leave(planned, rig.hosts, new_terms(), purge=purge)
    assert done.succeeded, done.failure
    return kept


def test_nothing_is_left_but_data_and_then_not_even_that(lived_in: Rig) -> None:
    before = look(lived_in)
    done = pipeline.apply(lived_in.plan(), lived_in.hosts, terms=new_terms())
    assert done.succeeded, done.failure
    assert differences(before, look(lived_in))
    standing = glance(lived_in.topology, lived_in.hosts, Platform.SYSTEMD)
    assert all(host.is_ours and host.generation == 1 and host.last and host.last.stayed for host in standing)

    assert leave(lived_in) == {"vps": ("blog",), "home": ("cloud", "db")}
    left = differences(before, look(lived_in))
    assert left == ["vps + warren", "home + warren"]
    for host in glance(lived_in.topology, lived_in.hosts, Platform.SYSTEMD):
        assert host.trouble is None and not host.is_ours and not host.conditions and not host.tunnels
    lived_in.run("home", "test -d /var/lib/warren/services/cloud/.local/share/containers/storage/volumes")

    assert leave(lived_in, purge=True) == {"vps": (), "home": ()}
    assert differences(before, look(lived_in)) == []
    assert pipeline.plan_leave(lived_in.topology, lived_in.hosts, Platform.SYSTEMD).plan.is_empty


@pytest.mark.long
def test_a_host_that_has_been_started_anew_is_left_as_well(machines: None, tmp_path: Path) -> None:
    with rig(tmp_path, TEXT) as made:
        made.publish(image("web", "1"), "docker.io/library/web", "1")
        before = look(made)
        assert pipeline.apply(made.plan(), made.hosts, terms=new_terms()).succeeded
        for host in made.hosts:
            made.machine(host).reboot()
        until(lambda: made.plan().plan.is_empty, 60, 1)
        leave(made, purge=True)
        assert differences(before, look(made)) == []
