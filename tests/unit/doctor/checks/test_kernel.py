"""What a kernel can do, and what stands in for it."""

from __future__ import annotations

from dataclasses import replace

from tests.topologies import two_hosts
from tests.unit.doctor.patients import HEALTHY, codes, patient, troubles, without
from warren.doctor.checks.kernel import conntrack, kernel
from warren.doctor.model import Level


def test_a_usual_kernel() -> None:
    assert codes(kernel(patient())) == set()


def test_wireguard_go_stands_in() -> None:
    tools = HEALTHY["tools"] + "wireguard-go=v0.0.20220316\n"
    slow = patient(kernel=without("kernel", "wireguard"), tools=tools)
    assert troubles(kernel(slow))["wireguard-slow"].level is Level.NOTE
    closed = patient(kernel=without("kernel", "wireguard", "tun"), tools=tools)
    found = troubles(kernel(closed))["no-tun"]
    assert found.blocks
    assert found.mend is not None
    assert found.mend.script == "modprobe tun"


def test_no_wireguard_at_all() -> None:
    found = troubles(kernel(patient(kernel=without("kernel", "wireguard"))))["no-wireguard"]
    assert found.blocks
    assert found.mend is not None
    assert found.mend.script is not None
    assert found.mend.script.startswith("modprobe wireguard")
    assert found.mend.command.endswith("wireguard-go")


def test_a_host_alone_needs_no_wireguard() -> None:
    alone = replace(two_hosts(), tunnels=())
    assert codes(kernel(patient(topology=alone, kernel=without("kernel", "wireguard")))) == set()


def test_a_kernel_without_ipv6_or_namespaces() -> None:
    assert troubles(kernel(patient(kernel=without("kernel", "ipv6"))))["no-ipv6"].blocks
    found = codes(kernel(patient(kernel=without("kernel", "netns", "wireguard", "veth"), nft="")))
    assert found == {"no-netns", "no-wireguard"}


def test_lacking_features_are_named() -> None:
    found = troubles(kernel(patient(nft=without("nft", "fib", "limits"))))["nft-lacks"]
    assert found.summary.startswith("nftables lacks there: fib, limits")
    assert "no-nftables" in codes(kernel(patient(nft="")))


def test_a_survey_without_trials_says_nothing_of_them() -> None:
    given = patient()
    sections = {name: text for name, text in given.survey.sections.items() if name != "nft"}
    shorter = replace(given, survey=replace(given.survey, sections=sections))
    assert codes(kernel(shorter)) == set()


def test_veth_is_needed_for_services() -> None:
    assert "no-veth" in codes(kernel(patient("home", kernel=without("kernel", "veth"))))


def test_without_iproute2_nothing_was_tried() -> None:
    said = patient("home", kernel=without("kernel", "veth", "wireguard"), tools=without("tools", "ip="))
    assert codes(kernel(said)) == set()


def test_a_full_table_of_connections() -> None:
    said = "netfilter/nf_conntrack_count=250000\nnetfilter/nf_conntrack_max=262144\n"
    found = troubles(conntrack(patient(settings=said)))["conntrack-full"]
    assert found.mend is not None
    assert found.mend.command.endswith("=524288")
    assert codes(conntrack(patient())) == set()
