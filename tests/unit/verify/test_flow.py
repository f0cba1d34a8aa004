"""Flows."""

from __future__ import annotations

from ipaddress import ip_address

from warren.basis.address import Protocol
from warren.verify.flow import INSIDE, Flow


def test_addresses_of_one_target_share_a_key() -> None:
    inner, outer = ip_address("10.86.1.2"), ip_address("203.0.113.10")
    flows = [Flow("a", "b", at, 80, Protocol.TCP, True, INSIDE, "b", 80) for at in (inner, outer)]
    assert {f.key for f in flows} == {("a", "b", 80, "tcp", "ipv4")}


def test_the_family_is_that_of_the_address() -> None:
    flow = Flow("a", "b", ip_address("fd00::1"), 80, Protocol.TCP, True, INSIDE, "b", 80)
    assert flow.family == "ipv6"
