"""The words for ssh."""

from __future__ import annotations

from pathlib import Path

import pytest

from warren.hosts.ssh.target import Target

VPS = Target("vps", "root@203.0.113.10:2222", None, None, Path("/state/known_hosts"), ("~/.ssh/known_hosts",))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("root@203.0.113.10", ["root@203.0.113.10"]),
        ("admin@home.lan:2222", ["-p", "2222", "admin@home.lan"]),
        ("ssh://admin@home.lan:2222/", ["-p", "2222", "admin@home.lan"]),
        ("root@[2001:db8::1]:22", ["-p", "22", "root@2001:db8::1"]),
        ("alias", ["alias"]),
    ],
)
def test_a_destination(text: str, words: list[str]) -> None:
    assert Target("x", text).destination == words


def test_host_keys_are_always_checked_against_known_files() -> None:
    words = VPS.connect(Path("/run/s"), "command")
    assert words[:2] == ["ssh", "-o"]
    assert "StrictHostKeyChecking=yes" in words
    assert 'UserKnownHostsFile="/state/known_hosts" "~/.ssh/known_hosts"' in words
    assert words[-7:] == ["-M", "-S", "/run/s", "-p", "2222", "root@203.0.113.10", "command"]


def test_a_way_through_another_host_checks_that_one_too() -> None:
    words = Target("home", "admin@home", VPS).connect(Path("/run/s"), "command")
    way = next(word for word in words if word.startswith("ProxyCommand="))
    assert "StrictHostKeyChecking=yes" in way
    assert way.endswith("-W '[%h]:%p' -p 2222 root@203.0.113.10")


def test_a_way_over_the_connection_of_the_other_host() -> None:
    words = Target("home", "admin@home", VPS, through=Path("/run/s")).connect(Path("/run/t"), "command")
    way = next(word for word in words if word.startswith("ProxyCommand="))
    assert way.startswith("ProxyCommand=ssh -F none ")
    assert way.endswith("ProxyCommand=false -S /run/s -W '[%h]:%p' -p 2222 root@203.0.113.10")


def test_a_percent_in_a_path_survives_both_readings() -> None:
    odd = Target("vps", "vps", pins=Path("/a%b"))
    assert 'UserKnownHostsFile="/a%%b"' in odd.options
    assert any('"/a%%%%b"' in word for word in Target("home", "home", odd).options)


def test_who_joins_does_not_connect_alone() -> None:
    words = VPS.join(Path("/run/s"), "command", terminal=True)
    assert words[:3] == ["ssh", "-F", "none"]
    assert "ProxyCommand=false" in words
    assert "-t" in words


def test_looking_at_a_key_trusts_nothing_that_is_kept() -> None:
    words = VPS.look("/tmp/seen", {"PreferredAuthentications": "none"})
    assert "StrictHostKeyChecking=accept-new" in words
    assert 'UserKnownHostsFile="/tmp/seen"' in words
    assert not any("/state" in word for word in words)
    # A connection that the user shares would show no key at all.
    assert "ControlPath=none" in words


def test_a_configuration_in_place_of_the_users() -> None:
    target = Target("vps", "vps", config=Path("/lab/config"))
    assert target.query == ["ssh", "-F", "/lab/config", "-G", "vps"]
    assert target.options[:2] == ["-F", "/lab/config"]
