"""A doctor among whole machines: what it finds there is so, and what it mends is mended (T48, T52, T53)."""

from __future__ import annotations

import pytest

from tests.machines.rig import Rig, until
from tests.unit.doctor.patients import codes
from warren.doctor.examine import examine
from warren.doctor.model import Finding
from warren.doctor.preflight import preflight
from warren.doctor.script import PREFLIGHT
from warren.survey.ask import survey_host
from warren.survey.mend import mend
from warren.survey.reach import reach

pytestmark = pytest.mark.long

pytestmark = pytest.mark.netns

# It drops what it does not know whenever it sets up an interface of its own. It waits for a word of udev, which does
# not run in a machine of the lab.
OWN = """\
ip link add name x0 type veth peer name x1
printf '[Match]\\nName=x0\\n[Network]\\nAddress=10.99.0.1/24\\n' > /etc/systemd/network/x0.network
mkdir -p /run/udev/data
echo I:1 > /run/udev/data/n$(cat /sys/class/net/x0/ifindex)
systemctl start systemd-networkd
"""
RULE = "from 10.86.0.0/16 lookup 8600"
# Nothing to complain about: what an apply does anyway, and a kernel without WireGuard.
USUAL = {"wireguard-slow", "no-forwarding"}


def found(rig: Rig, host: str) -> tuple[Finding, ...]:
    """Everything about a machine."""
    return examine(survey_host(rig.hosts[host]), rig.topology, host)


def refusals(rig: Rig, host: str) -> set[str]:
    """What an apply would not begin with."""
    return {each.code for each in preflight(survey_host(rig.hosts[host], PREFLIGHT), rig.topology, host)}


def test_a_fresh_machine_is_well(worlds: Rig) -> None:
    for host in worlds.hosts:
        assert codes(found(worlds, host)) <= USUAL
        assert refusals(worlds, host) == set()
    assert [each.code for each in reach(worlds.hosts, worlds.topology)["vps"]] == ["reachable"]


def test_networkd_takes_rules_until_it_is_told_not_to(bare: Rig) -> None:
    bare.run("vps", f"{OWN}ip rule add {RULE}")
    bare.run("vps", "systemctl restart systemd-networkd")
    until(lambda: RULE not in bare.run("vps", "ip rule"))
    assert "networkd-takes" in codes(found(bare, "vps"))

    done = mend(bare.hosts, {"vps": [each for each in found(bare, "vps") if each.code == "networkd-takes"]})
    assert [each.trouble for each in done] == [None]
    assert "networkd-takes" not in codes(found(bare, "vps"))
    bare.run("vps", f"systemctl restart systemd-networkd && ip rule add {RULE}")
    bare.run("vps", "systemctl restart systemd-networkd")
    assert RULE in bare.run("vps", "ip rule")


def test_what_an_apply_does_not_begin_with(bare: Rig) -> None:
    uid = bare.topology.services["db"].uid
    bare.run("home", f"useradd --uid {uid} --no-create-home anna")
    assert refusals(bare, "home") == {"user-taken"}
    bare.run("home", "userdel anna; mount -t tmpfs -o size=64k none /etc/systemd/network; mount --bind /etc /etc")
    bare.run("home", "mount -o remount,bind,ro /etc")
    assert refusals(bare, "home") == {"read-only"}
    bare.run("home", "umount /etc; mount -t tmpfs -o size=64k none /var/lib")
    assert refusals(bare, "home") == {"disk-full"}
    bare.run("home", "umount /var/lib; chmod -x /usr/sbin/nft")
    assert refusals(bare, "home") == {"no-nft"}


def test_a_door_that_the_guard_would_not_open(bare: Rig) -> None:
    bare.run("vps", "echo Port 2222 > /etc/ssh/sshd_config.d/port.conf")
    assert refusals(bare, "vps") == {"ssh-port"}


def test_a_reload_that_empties_everything(bare: Rig) -> None:
    bare.run("vps", "systemctl start nftables")
    assert "nftables-flushes" in codes(found(bare, "vps"))
