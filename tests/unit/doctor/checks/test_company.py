"""Programs that would take what is ours."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network

from tests.topologies import two_hosts
from tests.unit.doctor.patients import codes, patient, troubles
from tests.unit.doctor.test_neighbours import unit
from warren.doctor.checks.company import company
from warren.doctor.model import Level
from warren.topology.model import Lan


def test_nobody_there() -> None:
    assert codes(company(patient())) == set()
    assert codes(company(patient(neighbours=unit("systemd-networkd", "inactive")))) == set()


def test_networkd_takes_rules_unless_told_not_to() -> None:
    found = troubles(company(patient(neighbours=unit("systemd-networkd"))))["networkd-takes"]
    assert found.level is Level.WARNING
    assert found.mend is not None
    assert found.mend.script is not None
    assert "ManageForeignRoutingPolicyRules=no" in found.mend.script
    told = "ManageForeignRoutes=yes\nManageForeignRoutes=no\nManageForeignRoutingPolicyRules=false\n"
    assert codes(company(patient(neighbours=unit("systemd-networkd"), leavings=told))) == set()
    half = "ManageForeignRoutes=no\nManageForeignRoutingPolicyRules=no\nManageForeignRoutes=yes\n"
    assert codes(company(patient(neighbours=unit("systemd-networkd"), leavings=half))) == {"networkd-takes"}


def test_networkmanager_is_told_what_is_not_its_own() -> None:
    found = troubles(company(patient(neighbours=unit("NetworkManager"))))["networkmanager-looks"]
    assert found.mend is not None
    assert "interface-name:wrn-*" in found.mend.command
    told = "unmanaged-devices=interface-name:wrn-*;interface-name:v-*\n"
    assert codes(company(patient(neighbours=unit("NetworkManager"), leavings=told))) == set()


def test_tailscale_drops_a_range() -> None:
    assert troubles(company(patient("home", neighbours=unit("tailscaled"))))["tailscale"].level is Level.NOTE
    net = two_hosts()
    home = replace(net.hosts["home"], lans=(Lan("lan", (IPv4Network("100.64.2.0/24"),)),))
    carried = replace(net, hosts={**net.hosts, "home": home})
    found = troubles(company(patient("home", carried, neighbours=unit("tailscaled"))))
    assert found["tailscale-drops"].level is Level.WARNING


def test_a_reload_that_empties_everything() -> None:
    given = {"neighbours": unit("nftables"), "leavings": "flush=yes\n"}
    assert codes(company(patient(neighbours=given["neighbours"], leavings=given["leavings"]))) == {"nftables-flushes"}
    idle = unit("nftables", "inactive").replace("enabled", "disabled")
    assert codes(company(patient(neighbours=idle, leavings=given["leavings"]))) == set()


def test_those_who_only_stand_beside_us() -> None:
    names = ("docker", "libvirtd", "firewalld", "ufw")
    found = troubles(company(patient(neighbours="\n".join(map(unit, names)), leavings="ufw=yes\n")))
    assert {each.level for each in found.values()} == {Level.NOTE}
    assert set(found) == {"docker", "libvirt", "firewalld", "ufw"}
