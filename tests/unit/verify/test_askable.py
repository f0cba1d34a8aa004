"""What is asked of real hosts, and what is left to the lab and to the proof."""

from __future__ import annotations

import pytest

from tests.spec_texts import BASE, resolved
from tests.unit.verify.test_afield import TEXT, Standing, flows
from warren.verify.askable import untried
from warren.verify.declared import INTERNET
from warren.verify.flow import INSIDE


def test_only_connections_are_tried_and_open_ones_only_where_something_listens() -> None:
    found = flows(resolved(TEXT))
    assert {flow.protocol.value for flow in found} == {"tcp"}
    assert all(flow.real for flow in found)
    opened = {(f.source, f.target, f.port) for f in found if f.open}
    assert {("web", "tool", 7000), (INTERNET, "web", 8080), ("home", "tool", 7000)} <= opened
    assert not any(port == 7777 for _, _, port in opened)
    assert any(not f.open and f.port == 7777 for f in found)


def test_doors_for_some_are_not_asked_from_an_address_that_nobody_knows() -> None:
    found = flows(resolved(TEXT))
    assert not [f for f in found if f.source == INTERNET and f.port == 9000]


def test_ways_that_leave_by_a_home_are_not_asked_and_those_that_cannot_leave_are() -> None:
    topology = resolved(TEXT)
    public = {address for host in topology.gateways for address in host.public}
    sources = {f.source for f in flows(topology) if f.address in public}
    assert "home" not in sources and {"tool", "vps", INTERNET} <= sources


def test_a_host_that_is_led_to_is_asked_for_its_ssh() -> None:
    text = BASE.replace("{public", "{ssh: root@203.0.113.10, public").replace(
        "home: {", "home: {ssh: {to: root@home, via: vps}, "
    )
    found = flows(resolved(text))
    assert ("vps", "home", 22) in {(f.source, f.target, f.port) for f in found if f.open}


def test_what_is_left_out_is_said() -> None:
    topology = resolved(TEXT)
    assert list(untried(topology, Standing(topology).namespaces())) == []
    alone = list(untried(topology, Standing(topology, ()).namespaces()))
    assert alone[0].startswith("this machine is one of the hosts")


def test_datagrams_from_outside_go_to_addresses_that_routers_know() -> None:
    found = flows(resolved(TEXT), with_udp=True)
    assert not [f for f in found if f.source == INTERNET and f.protocol.value == "udp" and f.via == INSIDE]


@pytest.mark.parametrize(("guard", "ports"), [("", {("vps", 22, "tcp")}), (", firewall: false", set())])
def test_what_a_host_without_a_guard_runs_is_not_promised_to_strangers(
    guard: str, ports: set[tuple[str, int, str]]
) -> None:
    text = BASE.replace("{public: 203.0.113.10}", f"{{public: 203.0.113.10, programs: {{mail: 25}}{guard}}}")
    opened = {
        (f.target, f.port, f.protocol.value) for f in flows(resolved(text), True) if f.open and f.source == INTERNET
    }
    assert opened == ports
