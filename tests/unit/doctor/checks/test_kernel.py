"""What a kernel can do, and what stands in for it."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address

from tests.topologies import two_hosts
from tests.unit.doctor.patients import HEALTHY, codes, patient, troubles, without
from warren.doctor.checks.kernel import conntrack, kernel
from warren.doctor.model import Level
from warren.topology.model import Dns, Topology, Upstream


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


def limited(topology: Topology, most: int | None, *upstream: Upstream) -> Topology:
    services = {name: replace(one, connections=most) for name, one in topology.services.items()}
    return replace(topology, services=services, dns=Dns(upstream))


def test_what_the_file_does_not_ask_for_may_lack() -> None:
    lacking = without("nft", "counts", "timeouts")
    plain, tls = Upstream(ip_address("9.9.9.9"), 53), Upstream(ip_address("9.9.9.9"), 853, "dns.quad9.net")
    free = replace(patient(nft=lacking), topology=limited(two_hosts(), None, tls))
    assert "nft-lacks" not in codes(kernel(free))
    for topology, name, way in (
        (limited(two_hosts(), 4096, tls), "counts", "`connections: none`"),
        (limited(two_hosts(), None, plain), "timeouts", "`upstream: tls://...`"),
    ):
        found = troubles(kernel(replace(free, topology=topology)))["nft-lacks"]
        assert found.summary.startswith(f"nftables lacks there: {name};")
        assert found.mend is not None and way in found.mend.command
    home = replace(patient("home", nft=lacking), topology=limited(two_hosts(), None, plain))
    assert "nft-lacks" not in codes(kernel(home)), "only gateways keep questions apart"


def test_a_table_that_two_services_could_fill() -> None:
    said = "netfilter/nf_conntrack_count=10\nnetfilter/nf_conntrack_max=7680\n"
    small = replace(patient("home", settings=said), topology=limited(two_hosts(), 4096))
    found = troubles(conntrack(small))["conntrack-small"]
    assert "7680 connections" in found.summary and "may open 8192" in found.summary
    assert found.mend is not None and "=32768" in found.mend.command
    assert codes(conntrack(replace(small, topology=limited(two_hosts(), 1000)))) == set()
    assert codes(conntrack(replace(small, topology=limited(two_hosts(), None)))) == set()
