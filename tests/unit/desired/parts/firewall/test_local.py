"""The host itself: services get in where they need to, a guarded host lets in what the file says, ssh above all."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_network

from tests.topologies import host, joined, two_hosts
from tests.unit.desired.reading import at, lines, table_of
from warren.formats.nft.model import Table
from warren.topology.model import Guard

VPS, HOME = table_of(two_hosts(), "vps"), table_of(two_hosts(), "home")


def guarded(guard: Guard) -> list[str]:
    """The guard of a gateway."""
    topology = two_hosts()
    vps = replace(topology.hosts["vps"], guard=guard)
    return lines(table_of(replace(topology, hosts={**topology.hosts, "vps": vps}), "vps"), "guard")


def hook(table: Table, chain: str) -> str:
    found = table.chain(chain)
    assert found and found.hook
    return f"{found.hook.hook} {found.hook.policy}"


def test_our_links_are_judged_on_every_host_and_the_rest_where_a_guard_stands() -> None:
    assert lines(VPS, "input") == ["iifname @links goto input_inside", "goto guard"]
    assert lines(HOME, "input") == ["iifname @links goto input_inside"]
    assert HOME.chain("guard") is None
    assert hook(VPS, "input") == "input accept"


def test_from_inside_only_needs_answers_and_ping_get_in() -> None:
    inside = lines(HOME, "input_inside")
    assert inside[-1] == "goto refuse"
    for ip, version in (("ip", 4), ("ip6", 6)):
        for stem in ("permit", "permit_range"):
            assert f"{ip} saddr . {ip} daddr . meta l4proto . th dport @{stem}{version} accept" in inside
    at(inside, "ip daddr 10.86.0.0/16", "icmp type echo-request", "limit rate", "accept")
    at(inside, "ip6 daddr fd86:86:86::/48", "icmpv6 type echo-request", "limit rate", "accept")
    at(inside, "ct direction reply accept")
    at(inside, "ct state related meta l4proto { icmp, ipv6-icmp } accept")
    at(inside, "icmpv6 type { nd-neighbor-advert, nd-neighbor-solicit } accept")
    assert not any("established" in line or "@reach" in line or "@exposed" in line for line in inside)


def test_what_belongs_to_no_connection_gets_nowhere() -> None:
    assert lines(HOME, "input_inside")[0] == "ct state invalid counter drop"
    guard = lines(VPS, "guard")
    assert guard.index("ct state invalid counter drop") < min(n for n, line in enumerate(guard) if "dport" in line)


def test_a_guard_lets_in_what_it_says_and_drops_the_rest() -> None:
    guard = lines(VPS, "guard")
    assert guard[0] == 'iifname "lo" accept'
    assert guard[-1] == "counter drop"
    at(guard, "udp dport 51820", "accept")
    at(guard, "meta l4proto . th dport @allowed accept")
    at(guard, "ct state related meta l4proto { icmp, ipv6-icmp } accept")
    at(guard, "icmp type echo-request limit rate", "accept")
    at(guard, "icmpv6 type echo-request limit rate", "accept")
    at(guard, "nd-neighbor-solicit", "nd-router-advert", "packet-too-big", "accept")


def test_a_guard_without_tunnels_listens_for_none() -> None:
    alone = table_of(joined([host("vps", 0, "203.0.113.10")], []), "vps")
    assert not any("51820" in line for line in lines(alone, "guard"))


def test_the_operator_s_running_connection_outlives_any_change_of_the_guard() -> None:
    guard = lines(VPS, "guard")
    assert guard.index("ct state established accept") < at(guard, "@ssh_meter4")


def test_too_many_ssh_connections_are_dropped_before_ssh_is_let_in() -> None:
    guard = lines(VPS, "guard")
    for version in (4, 6):
        drop, let = at(guard, "ct state new", f"@ssh_meter{version}"), at(guard, f"nfproto ipv{version} tcp dport 22")
        assert drop < let
        assert "limit rate over 9/minute burst 3" in guard[drop] and " drop" in guard[drop]


def test_ssh_from_some_places_is_ssh_from_nowhere_else() -> None:
    guard = guarded(Guard(2222, None, (ip_network("198.51.100.0/24"),)))
    ssh = [line for line in guard if "tcp dport 2222" in line]
    assert len(ssh) == 2
    assert all(f"saddr @operators{version}" in line for version, line in zip((4, 6), ssh, strict=True))
    assert not any("dport 22 " in line or "meter" in line for line in guard)


def test_no_redirect_is_sent_to_our_links() -> None:
    for table in (VPS, HOME):
        output = lines(table, "output")
        assert "oifname @links icmp type redirect drop" in output
        assert "oifname @links icmpv6 type nd-redirect drop" in output
        assert hook(table, "output") == "output accept"


def test_nothing_tells_by_the_uplink_where_the_network_is() -> None:
    output = lines(HOME, "output")
    at(output, "oifname != @links", "ct state related", "ct mark & 0xf0000000 != 0x00000000", "drop")


def test_the_host_s_own_traffic_is_not_in_the_way_of_any_other_rule() -> None:
    for line in lines(VPS, "output"):
        assert "@links" in line


def test_a_guarded_host_whose_address_is_leased_keeps_it() -> None:
    guard = lines(VPS, "guard")
    at(guard, "udp sport 67 udp dport 68 accept")
    at(guard, "udp sport 547 udp dport 546 accept")
