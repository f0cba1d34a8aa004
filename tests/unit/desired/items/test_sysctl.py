"""Kernel settings: set, never guessed back; forwarding does not cost a host its advertised default route."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.unit.desired.reading import spoken
from warren.desired.items.sysctl import EVERYBODY, FORWARD6, KEEP_ADVERTISED_ROUTES, PING, Settings, Sysctl, settled

INSIDE = Settings("db", (("net.ipv4.ip_forward", "0"), (PING, EVERYBODY)))


def test_a_setting_is_written() -> None:
    forward = Sysctl("net.ipv4.ip_forward", "1")
    assert spoken(forward.create()) == ["sysctl net.ipv4.ip_forward=1"]
    assert forward.change(Sysctl("net.ipv4.ip_forward", "0")) == forward.create()
    assert forward.differences(Sysctl("net.ipv4.ip_forward", "0")) == ("value 0 -> 1",)


def test_what_it_was_before_is_not_guessed() -> None:
    assert Sysctl("net.ipv4.ip_forward", "1").remove() == ()
    assert INSIDE.remove() == ()


def test_ipv6_forwarding_keeps_advertised_routes_first() -> None:
    assert spoken(Sysctl(FORWARD6, "1").create()) == [KEEP_ADVERTISED_ROUTES, "sysctl net.ipv6.conf.all.forwarding=1"]


def test_only_uplinks_that_accept_advertisements_are_told_to_keep_them(tmp_path: Path) -> None:
    given = {"eth0": "1", "eth1": "0", "eth2": "2", "all": "1", "default": "1", "lo": "1", "v-db": "1", "wrn-vps": "1"}
    for device, value in given.items():
        (tmp_path / "conf" / device).mkdir(parents=True)
        (tmp_path / "conf" / device / "accept_ra").write_text(value)
    script = KEEP_ADVERTISED_ROUTES.replace("/proc/sys/net/ipv6", str(tmp_path))
    subprocess.run(["sh", "-euc", script], check=True)
    found = {device: (tmp_path / "conf" / device / "accept_ra").read_text().strip() for device in given}
    assert found == {**given, "eth0": "2"}


def test_settings_of_a_namespace_go_with_its_link() -> None:
    assert spoken(INSIDE.create()) == [
        "sysctl db: net.ipv4.ip_forward=0",
        "sysctl db: net.ipv4.ping_group_range=0\t2147483647",
    ]
    assert INSIDE.inside == "link:v-db"
    assert INSIDE.key == "settings:db"


def test_only_settings_that_differ_are_named() -> None:
    old = Settings("db", (("net.ipv4.ip_forward", "1"), (PING, EVERYBODY)))
    assert INSIDE.differences(old) == ("net.ipv4.ip_forward 1 -> 0",)
    assert INSIDE.change(old) == INSIDE.create()
    assert INSIDE.differences(Settings("db", ())) == (
        "net.ipv4.ip_forward None -> 0",
        f"{PING} None -> {EVERYBODY}",
    )


@pytest.mark.parametrize(
    ("key", "value", "meant"),
    [
        (PING, "0\t0", EVERYBODY),
        (PING, "1\t0", "1\t0"),
        (PING, EVERYBODY, EVERYBODY),
        ("net.ipv4.ip_forward", "0", "0"),
    ],
)
def test_everybody_of_one_group_is_everybody(key: str, value: str, meant: str) -> None:
    assert settled(key, value) == meant
