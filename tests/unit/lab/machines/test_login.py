"""Who logs in where, from where, and what ssh is told."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from tests.lab.topologies import HOME, VPS, topology
from warren.hosts.ssh import Target
from warren.lab import chart
from warren.lab.ground import survey
from warren.lab.machines import login
from warren.topology.model import Host

ANCHORS = {"place:internet": 11, "place:lan:home": 22}


def found(home: Host = HOME, vps: Host = VPS) -> dict[str, login.Login]:
    worlds = topology(vps, home)
    return login.logins(worlds, chart.chart(worlds, survey(worlds)))


def test_gateways_are_reached_from_outside_and_homes_from_their_lan() -> None:
    logins = found(replace(HOME, ssh="admin@home.lan"), replace(VPS, ssh="root@203.0.113.10"))
    assert logins["vps"] == login.Login("root", "203.0.113.10", 22, "internet")
    assert logins["home"] == login.Login("admin", "192.168.2.10", 22, "lan:home")


def test_another_user_is_the_ordinary_one_and_a_port_is_kept() -> None:
    logins = found(replace(HOME, ssh="anna@192.168.2.10:2222"))
    assert (logins["home"].user, logins["home"].port) == ("admin", 2222)
    assert logins["vps"].user == "root"


def test_by_way_of_a_gateway_a_home_has_its_own_address_of_the_network() -> None:
    logins = found(replace(HOME, ssh="admin@home", ssh_via="vps"))
    assert (logins["home"].address, logins["home"].via) == ("10.86.2.1", "vps")
    logins = found(replace(HOME, ssh="admin@192.168.2.10", ssh_via="vps"))
    assert logins["home"].address == "192.168.2.10"


def test_ssh_uses_the_keys_of_the_lab_and_the_network_of_the_place(tmp_path: Path) -> None:
    text = login.config(tmp_path, found(), ANCHORS)
    section = text[text.index("Host home") :]
    assert f"IdentityFile {tmp_path}/ssh_key\n" in section and "IdentitiesOnly yes\n" in section
    assert "/proc/22/ns/net %h %p\n" in section and "/proc/11/ns/net %h %p\n" in text[: text.index("Host home")]


def test_whoever_leads_there_is_reached_by_the_same_configuration(tmp_path: Path) -> None:
    for name in ("vps", "home"):
        (tmp_path / login.host_key(name)).write_text("ssh-ed25519 AAAA\n")
    login.write(tmp_path, found(replace(HOME, ssh_via="vps")), ANCHORS)
    assert (tmp_path / login.KNOWN).read_text() == "vps ssh-ed25519 AAAA\nhome ssh-ed25519 AAAA\n"
    assert json.loads((tmp_path / login.LOGINS).read_text())["home"]["via"] == "vps"
    config = tmp_path / login.CONFIG
    via = Target("vps", "root@vps", None, config)
    assert login.carrier(tmp_path, "home").target == Target("home", "root@home", via, config)
