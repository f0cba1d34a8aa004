"""The small Internet's own rule sets; that the kernel takes them is seen in tests/netns."""

from __future__ import annotations

from ipaddress import ip_address

from warren.lab.rules import fault_rules, router_rules


def test_a_router_lets_out_and_not_in() -> None:
    rules = router_rules()
    assert "policy drop" in rules
    assert 'oifname "wan" meta nfproto ipv4 masquerade' in rules


def test_a_cut_line_loses_everything_and_a_bad_one_some() -> None:
    rules = fault_rules([(ip_address("192.168.2.10"), 100), (ip_address("2001:db8::1"), 15)])
    assert "ip saddr 192.168.2.10 drop" in rules
    assert "ip6 daddr 2001:db8::1 numgen random mod 100 < 15 drop" in rules


def test_no_losses_leave_no_table() -> None:
    assert fault_rules([]) == "table inet lab_fault\ndelete table inet lab_fault\n"
