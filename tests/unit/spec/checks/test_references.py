"""references: the words that name a host."""

from __future__ import annotations

import pytest

from tests.spec_texts import BASE, codes, found, said


def test_an_unknown_host_gets_a_hint() -> None:
    [one] = found(BASE.replace("host: vps", "host: vsp"))
    assert (one.code, one.summary, one.hint) == ("unknown-host", "there is no host `vsp`", "did you mean `vps`?")
    [one] = found(BASE.replace("host: vps", "host: nowhere"))
    assert one.hint == "hosts are vps, home"


@pytest.mark.parametrize(
    ("egress", "code"),
    [
        ("vsp", "unknown-gateway"),
        ("home", None),
        ("direct", None),
        ("lan", None),
        ("none", None),
        ("vps", None),
    ],
)
def test_egress_names_a_way(egress: str, code: str | None) -> None:
    assert codes(BASE + f"  x: {{host: home, egress: {egress}}}\n") == ([code] if code else [])


def test_a_host_without_public_address_is_no_gateway_and_its_line_is_named() -> None:
    text = BASE.replace("services:", "  cabin: {egress: home}\nservices:")
    [one] = found(text)
    assert one.summary == "`home` is not a gateway: it has no public address"
    assert one.hint == "give it one: `home: {public: 203.0.113.10}`"
    assert [place.line for place in one.related] == [5]


def test_egress_by_the_lan_needs_a_lan() -> None:
    assert said(BASE + "  x: {host: vps, egress: lan}\n") == [
        "9:26 no-lan egress `lan` is not possible: the host `vps` has no LAN"
    ]


def test_gateways_are_known_public_and_others() -> None:
    hosts = BASE.replace("services:", "  two: {public: 203.0.113.20, gateways: [two, vsp, home, vps]}\nservices:")
    assert codes(hosts) == ["own-gateway", "unknown-gateway", "gateway-not-public"]


def test_egress_through_a_gateway_that_is_not_dialled() -> None:
    text = BASE.replace("lan: 192.168.2.0/24", "lan: 192.168.2.0/24, gateways: [], egress: vps")
    assert codes(text) == ["egress-undialled"]


def test_gateways_of_all_hosts_do_not_concern_the_gateway_itself() -> None:
    assert codes(BASE + "defaults: {host: {gateways: [vps]}}\n") == []


@pytest.mark.parametrize(
    ("vps", "home", "sentence"),
    [
        ("root@vps", "{to: admin@home, via: vps}", []),
        ("root@vps", "{to: admin@home, via: vsp}", ["there is no host `vsp`"]),
        ("local", "{to: admin@home, via: vps}", ["ssh cannot come to `home` by `vps`: that takes `ssh:` of both"]),
        ("root@vps", "{to: admin@home, via: home}", ["ssh would come to `home` by way of itself"]),
        (
            "{to: root@vps, via: home}",
            "{to: admin@home, via: vps}",
            ["ssh would come to `vps` by way of itself", "ssh would come to `home` by way of itself"],
        ),
    ],
)
def test_a_host_that_leads_to_another(vps: str, home: str, sentence: list[str]) -> None:
    text = BASE.replace("public: 203.0.113.10", f"public: 203.0.113.10, ssh: {vps}")
    assert [one.summary for one in found(text.replace("lan: 192", f"ssh: {home}, lan: 192"))] == sentence
