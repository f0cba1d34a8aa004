"""Translation: only the destination of what comes in, only the source of what leaves; a client's address is kept."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address

import pytest

from tests.topologies import everything, two_hosts
from tests.unit.desired.reading import at, lines, table_of
from warren.topology.model import Dns, Upstream

TABLE = table_of(two_hosts(), "vps")
TRANSLATE, OWN, LEAVING = (lines(TABLE, chain) for chain in ("translate", "translate_own", "leaving"))
LAN, LED_ON = lines(TABLE, "translate_lan"), lines(TABLE, "led_on")
FAMILIES = [("ip", 4), ("ip6", 6)]


@pytest.mark.parametrize(
    ("chain", "hook", "priority"),
    [
        ("translate", "prerouting", -100),
        ("translate_own", "output", -100),
        ("leaving", "postrouting", 100),
        ("entering", "input", 100),
    ],
)
def test_where_the_chains_sit(chain: str, hook: str, priority: int) -> None:
    found = TABLE.chain(chain)
    assert found and found.hook
    assert (found.hook.type, found.hook.hook, found.hook.priority) == ("nat", hook, priority)


@pytest.mark.parametrize(("ip", "version"), FAMILIES)
def test_a_door_leads_where_its_map_says(ip: str, version: int) -> None:
    for stem in ("expose", "expose_range"):
        rule = f"dnat {ip} to {ip} daddr . meta l4proto . th dport map @{stem}{version}"
        assert rule in TRANSLATE
        assert rule in OWN


@pytest.mark.parametrize(("ip", "version"), FAMILIES)
def test_a_hidden_client_is_marked_before_the_door_is_passed(ip: str, version: int) -> None:
    for chain in (TRANSLATE, OWN):
        marked = at(chain, f"{ip} daddr . meta l4proto . th dport @hidden{version}", "0x03000000")
        assert marked < at(chain, f"map @expose{version}")
    assert at(LAN, f"@hidden_lan{version}") < at(LAN, f"map @expose_lan{version}")


@pytest.mark.parametrize("version", [4, 6])
def test_a_door_to_the_lan_opens_for_neighbours_that_ask_this_host_alone(version: int) -> None:
    assert TRANSLATE[-1] == "iifname != @links fib daddr type local jump translate_lan"
    for stem in ("expose_lan", "expose_lan_range"):
        assert f"@lan_sources{version} dnat" in LAN[at(LAN, f"map @{stem}{version}")]


@pytest.mark.parametrize(("ip", "prefix"), [("ip", "10.86.0.0/16"), ("ip6", "fd86:86:86::/48")])
def test_what_is_for_the_network_knocks_at_no_door(ip: str, prefix: str) -> None:
    for chain in (TRANSLATE, OWN):
        assert at(chain, f"{ip} daddr {prefix} return") < at(chain, "@hidden4")


def test_the_host_s_own_questions_are_not_led_to_doors_of_the_lan() -> None:
    assert not any("lan" in line for line in OWN)


def test_what_a_host_asks_of_itself_stays_as_it_is() -> None:
    assert LEAVING[0] == 'oifname "lo" return'


def test_a_client_s_address_is_rewritten_only_when_hidden_or_inside() -> None:
    assert LEAVING[-1] == "goto led_on"
    for line in (each for each in (*LEAVING[1:], *LED_ON) if "goto" not in each and "jump" not in each):
        inside = "saddr 10.86.0.0/16" in line or "saddr fd86:86:86::/48" in line
        assert inside or "@returning" in line or "ct mark & 0xff000000 == 0x03000000" in line, line


@pytest.mark.parametrize(("ip", "prefix"), [("ip", "10.86.0.0/16"), ("ip6", "fd86:86:86::/48")])
def test_no_address_of_the_network_leaves_and_no_port_that_listens_is_taken(ip: str, prefix: str) -> None:
    ported = at(LEAVING, f"{ip} saddr {prefix}", "{ tcp, udp }", "masquerade to :61000-65535")
    assert LEAVING.index("oifname @links goto led_on") < ported < LEAVING.index(f"{ip} saddr {prefix} masquerade")


def test_translation_is_the_same_everywhere() -> None:
    topology = everything()
    for chain in ("translate", "translate_lan", "translate_own", "leaving", "led_on"):
        assert len({tuple(lines(table_of(topology, name), chain)) for name in topology.hosts}) == 1


def test_what_was_hidden_gets_the_address_of_the_door() -> None:
    assert "ct status dnat ct mark & 0xff000000 == 0x03000000 masquerade" in LED_ON


@pytest.mark.parametrize(("ip", "version"), FAMILIES)
def test_who_asks_from_inside_is_answered_by_the_way_of_the_question(ip: str, version: int) -> None:
    prefix = "10.86.0.0/16" if version == 4 else "fd86:86:86::/48"
    assert f"ct status dnat {ip} saddr {prefix} masquerade" in LED_ON


@pytest.mark.parametrize(("ip", "version"), FAMILIES)
def test_a_gateway_s_own_public_address_does_not_come_back_to_it(ip: str, version: int) -> None:
    assert f"ct status dnat {ip} saddr . {ip} daddr @returning{version} masquerade" in LED_ON


def test_no_door_opens_to_a_connection_behind_extension_headers() -> None:
    for chain in (TRANSLATE, OWN):
        assert at(chain, "ip6 nexthdr != ", "return") < at(chain, "map @expose6")


@pytest.mark.parametrize("ip", ["ip", "ip6"])
def test_new_connections_are_counted_before_they_get_a_port(ip: str) -> None:
    own = f"{ip} saddr @own{4 if ip == 'ip' else 6} jump connections"
    led_on, masquerade = LEAVING.index("oifname @links goto led_on"), at(LEAVING, f"{ip} saddr", "masquerade to")
    assert LEAVING.index(own) < led_on < at(LEAVING, f"{ip} saddr != @own") < masquerade
    assert own in lines(TABLE, "entering")


def test_a_gateway_forgets_questions_in_plain_text_soon() -> None:
    address = ip_address("9.9.9.9")
    plain, tls = Upstream(address, 53), Upstream(address, 853, "dns.quad9.net")
    for upstream, host, ports in (
        ((plain, Upstream(address, 5353)), "vps", [53, 5353]),
        ((plain, tls), "vps", []),
        ((), "vps", []),
        ((plain,), "home", []),
    ):
        table = table_of(replace(two_hosts(), dns=Dns(upstream)), host)
        rules = [each for each in lines(table, "leaving") if "ct timeout" in each]
        assert rules == [f'udp dport {port} ct timeout set "questions"' for port in ports]
        assert [each.policy for each in table.timeouts] == [(("replied", 5), ("unreplied", 5))] * bool(ports)
