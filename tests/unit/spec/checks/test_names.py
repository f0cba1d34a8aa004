"""names: no name has two meanings or is somebody else's."""

from __future__ import annotations

import pytest

from tests.spec_texts import ADDED, BASE, codes, found


def test_one_name_for_a_host_and_a_service_names_both_lines() -> None:
    [one] = found(BASE + "  home: {host: home}\n")
    assert one.summary == "`home` is a host and a service; every name has one meaning"
    assert one.place is not None and one.place.line == ADDED
    assert [place.line for place in one.related] == [5]


def test_groups_share_the_names_of_services_and_hosts() -> None:
    assert codes(BASE + "groups: {db: [blog], vps: [db]}\n") == ["name-twice", "name-twice"]


def test_a_service_cannot_be_a_user_of_the_system() -> None:
    [one] = found(BASE + "  backup: {host: home}\n")
    assert one.summary.endswith("`backup` is a user or group that every Debian system has")
    assert one.hint == "call it `backup-server`"


def test_words_with_a_meaning_are_reserved() -> None:
    assert codes(BASE + "groups: {internet: [db]}\n") == ["bad-name"]
    assert codes(BASE.replace("mysql: 3306", "lan: 3306")) == ["bad-name"]
    assert codes(BASE + "  direct: {host: home}\n") == ["bad-name"]


@pytest.mark.parametrize(
    "name", ["time", "log", "fwd", "dup", "tproxy", "queue", "meter", "limit", "hour", "ip", "udp"]
)
def test_words_of_nft_are_names_like_any_other(name: str) -> None:
    assert codes(BASE + f"  {name}: {{host: home, ports: {{{name}: 80}}}}\ngroups: {{{name}s: [{name}]}}\n") == []


def test_a_service_is_not_called_like_one_of_the_network() -> None:
    [one] = found(BASE + "  dns1-out: {host: home}\n")
    assert one.summary == "`dns1-out` is what the network calls a service of its own"
