"""A machine changes by one command, or refuses it."""

from __future__ import annotations

import pytest

from warren.desired.items.tunnel import KEY_FILE
from warren.hosts.fake import shell
from warren.hosts.fake.machine import Machine
from warren.hosts.fake.words import Refusal


def test_a_key_is_made_once() -> None:
    machine = Machine.fresh("home")
    assert machine.public_key is None
    machine.do(shell.MakeKey())
    before = machine.files[KEY_FILE]
    machine.do(shell.MakeKey())
    assert machine.files[KEY_FILE] == before
    assert machine.public_key and len(machine.public_key) == 44


def test_a_tunnel_needs_a_key_and_goes_with_its_device() -> None:
    machine = Machine.fresh("home")
    machine.do(shell.AddWireguard("wrn-a", "86"))
    with pytest.raises(Refusal):
        machine.do(shell.SetWireguard(("wrn-a", "private-key", KEY_FILE)))
    machine.do(shell.IpLine("link del wrn-a", None, None))
    assert machine.wireguard == {}
    with pytest.raises(Refusal, match="No such device"):
        machine.do(shell.SetWireguard(("wrn-a", "private-key", KEY_FILE)))


def test_settings_of_devices_need_the_device() -> None:
    machine = Machine.fresh("home")
    machine.do(shell.Setting("net.ipv4.conf.eth0.rp_filter", "2", None))
    assert machine.network.own.setting("net.ipv4.conf.eth0.rp_filter") == "2"
    with pytest.raises(Refusal, match="cannot stat /proc/sys/net/ipv4/conf/eth9/rp_filter"):
        machine.do(shell.Setting("net.ipv4.conf.eth9.rp_filter", "2", None))


def test_advertised_routes_are_kept() -> None:
    machine = Machine.fresh("home")
    machine.do(shell.KeepAdvertisedRoutes())
    assert machine.network.own.setting("net.ipv6.conf.eth0.accept_ra") == "2"


def test_files_come_and_go() -> None:
    machine = Machine.fresh("home")
    machine.do(shell.Put("/etc/x", "a\n", 0o600))
    assert machine.files == {"/etc/x": ("a\n", 0o600)}
    machine.do(shell.Put("/etc/x", None))
    assert machine.files == {}
