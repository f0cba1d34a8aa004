"""Where packets come in: each threat meets its rule, before anything that would let it through."""

from __future__ import annotations

import pytest

from tests.topologies import everything, host, joined, two_hosts
from tests.unit.desired.reading import at, lines, table_of, view_of
from warren.desired.parts.firewall.prerouting import by_own_tunnel, came_chain, leave_chain, reaches_out
from warren.formats.nft.model import Table

VPS, HOME = table_of(two_hosts(), "vps"), table_of(two_hosts(), "home")
FAMILIES = [("ip", 4), ("ip6", 6)]


def order(table_lines: list[str], *each: tuple[str, ...]) -> None:
    """The rules that hold these words stand in this order."""
    places = [at(table_lines, *words) for words in each]
    assert places == sorted(places)


def test_sources_are_judged_before_destinations_are_translated_and_ways_chosen_after() -> None:
    def priority(chain: str) -> int:
        found = HOME.chain(chain)
        assert found and found.hook and found.hook.hook == "prerouting"
        return found.hook.priority

    assert priority("arriving") < priority("translate") < priority("steering")
    # Connection tracking (-200) has spoken before.
    assert priority("arriving") > -200


def test_every_packet_goes_through_the_door_of_its_kind() -> None:
    order(
        lines(VPS, "arriving"),
        ('iifname "lo" accept',),
        ("goto going_on4",),
        ("doors4",),
        ("vmap @ingress",),
        ("!= @links jump from_outside",),
        ("@public4 goto edge",),
    )
    assert not any("@public" in line for line in lines(HOME, "arriving"))


@pytest.mark.parametrize(("ip", "version"), FAMILIES)
def test_only_a_plain_packet_of_a_service_and_a_connection_goes_on_at_once(ip: str, version: int) -> None:
    (found,) = [line for line in lines(VPS, "arriving") if "a service goes on" in line and f"{ip} saddr" in line]
    plain = "ip hdrlength 5" if version == 4 else "ip6 nexthdr"
    for words in (f"saddr @pins{version}", "ct state established", plain, f"goto going_on{version}"):
        assert words in found


@pytest.mark.parametrize(("ip", "version"), FAMILIES)
def test_what_goes_on_has_its_mark_inside_the_network_and_is_judged_at_the_edge(ip: str, version: int) -> None:
    marked, edge = lines(VPS, f"going_on{version}")
    assert f"{ip} daddr" in marked
    # An answer to whoever came by another way takes that way.
    assert "ct mark & 0xff000000 == 0x00000000" in marked
    assert marked.endswith("meta mark set meta mark & 0x00ffffff | 0x01000000 accept")
    assert edge == f"{ip} daddr @public{version} goto edge"
    assert len(lines(HOME, f"going_on{version}")) == 1


@pytest.mark.parametrize(("ip", "version"), FAMILIES)
def test_a_visitor_goes_on_where_the_connection_came_from_outside_by_a_door_for_everybody(
    ip: str, version: int
) -> None:
    (found,) = [line for line in lines(VPS, "arriving") if "a visitor goes on" in line and f"{ip} daddr" in line]
    plain = "ip hdrlength 5" if version == 4 else "ip6 nexthdr"
    for words in (
        f"@doors{version}",
        "ct state established",
        "ct mark & 0xff000000 == 0x02000000",
        plain,
        "iifname != @links",
    ):
        assert words in found
    assert "goto visiting" in found
    assert lines(VPS, "visiting") == ["meta mark set meta mark & 0x00ffffff | 0x10000000"]
    assert not any("@doors" in line for line in lines(HOME, "arriving"))


@pytest.mark.parametrize(("ip", "version"), FAMILIES)
def test_a_service_speaks_with_its_own_address_alone(ip: str, version: int) -> None:
    found = lines(HOME, "from_service")
    assert "counter drop" in found[at(found, f"iifname . {ip} saddr != @pins{version}")]


def test_a_service_gets_past_its_pin_by_asking_for_neighbours_alone() -> None:
    found = lines(HOME, "from_service")
    order(found, ("nd-neighbor-solicit", "return"), ("ip6 saddr { ::, fe80::/10 } counter drop",), ("@pins6",))
    early = found[: at(found, "@pins4")]
    assert [line for line in early if line.endswith(("return", "accept"))] == [
        "icmpv6 type { nd-neighbor-advert, nd-neighbor-solicit } ip6 saddr { ::, fe80::/10 } return"
    ]


@pytest.mark.parametrize("chain", ["from_service", "from_tunnel", "edge"])
def test_ip_options_and_packets_of_no_connection_go_no_further(chain: str) -> None:
    found = lines(VPS, chain)
    at(found, "ip hdrlength != 5", "drop")
    at(found, "ct state invalid", "drop")


def test_a_service_begins_connections_at_their_beginning_and_never_with_metadata() -> None:
    opening = lines(HOME, "opening")
    at(opening, "tcp flags & (fin | syn | rst | ack) != syn", "drop")
    for ip, version in FAMILIES:
        at(opening, f"{ip} daddr @metadata{version}", "drop")
    assert lines(HOME, "from_service")[-1] == "ct state new jump opening"


def test_a_tunnel_brings_its_own_places_the_internet_if_dialled_and_nothing_special() -> None:
    found = lines(HOME, "from_tunnel")
    for ip, version in FAMILIES:
        order(found, (f"{ip} saddr @tunnel_pins{version} return",), (f"{ip} saddr @special{version}", "drop"))
    order(found, ("@special6",), ("iifname != @dialled", "drop"), ("fib saddr type local", "drop"))


def test_a_connection_remembers_its_tunnel_before_anything_returns() -> None:
    order(lines(HOME, "from_tunnel"), ("ct state new", "vmap @came_by"), ("@tunnel_pins4 return",))


@pytest.mark.parametrize("table", [VPS, HOME], ids=["vps", "home"])
@pytest.mark.parametrize(("ip", "prefix"), [("ip", "10.86.0.0/16"), ("ip6", "fd86:86:86::/48")])
def test_from_outside_nobody_speaks_as_the_network_or_to_it(table: Table, ip: str, prefix: str) -> None:
    found = lines(table, "from_outside")
    at(found, f"{ip} saddr {prefix}", "drop")
    at(found, f"{ip} daddr {prefix}", "drop")


def test_a_router_outside_asks_for_neighbours_from_its_link_local_address() -> None:
    found = lines(VPS, "from_outside")
    order(found, ("nd-neighbor-solicit", "ip6 saddr { ::, fe80::/10 } return"), ("@bogons6", "drop"))


def test_bogons_ask_no_public_address() -> None:
    for ip, version in FAMILIES:
        at(lines(VPS, "from_outside"), f"{ip} daddr @public{version}", f"{ip} saddr @bogons{version}", "drop")
    assert not any("@bogons" in line for line in lines(HOME, "from_outside"))


def test_whoever_asks_for_a_public_address_is_told_the_same_from_everywhere() -> None:
    edge = lines(VPS, "edge")
    for ip, version in FAMILIES:
        order(
            edge,
            (f"iifname @services {ip} saddr != @outgoing{version}", "drop"),
            (f"@guarded{version}", f"!= @sources{version}", "drop"),
            (f"@limited_20_1_v{version}", f"@meter_20_1_v{version}", "drop"),
        )
    at(edge, "ct state new", "fib saddr type local", "drop")
    assert not any(line.endswith("accept") for line in edge)


def test_a_strange_source_does_not_use_up_the_rate_of_others() -> None:
    edge = lines(VPS, "edge")
    guarded = max(number for number, line in enumerate(edge) if "@guarded" in line)
    assert guarded < min(number for number, line in enumerate(edge) if "@meter" in line)


def test_a_packet_that_nothing_marks_has_no_way() -> None:
    marking = [chain.name for chain in HOME.chains if any("meta mark set" in line for line in lines(HOME, chain.name))]
    assert set(marking) == {"going_on4", "going_on6", "leave_direct", "leave_vps", "to_network"}
    assert lines(HOME, "steering")[-1] == "iifname vmap @leaves_by"


def test_the_network_is_reached_before_any_way_out_is_looked_for() -> None:
    found = lines(HOME, "steering")
    assert found[0] == "meta mark & 0xff000000 == 0x01000000 accept"
    assert found[1] == 'iifname "lo" accept'
    for prefix in ("ip daddr 10.86.0.0/16", "ip6 daddr fd86:86:86::/48"):
        order(found, (f"{prefix} goto to_network",), ("iifname != @links accept",), ("vmap @leaves_by",))


def test_an_answer_takes_the_way_of_its_question_and_no_other() -> None:
    order(
        lines(HOME, "steering"),
        ("ct direction reply", "vmap @answers_by"),
        ("ct direction reply accept",),
        ("vmap @leaves_by",),
    )


def test_all_marks_keep_the_bits_of_others() -> None:
    for table in (VPS, HOME):
        for chain in table.chains:
            for line in lines(table, chain.name):
                assert "mark set" not in line or "& 0x00ffffff" in line, line


def test_only_a_gateway_that_is_dialled_leads_its_own_questions() -> None:
    assert by_own_tunnel(view_of(two_hosts(), "vps"))
    assert not by_own_tunnel(view_of(two_hosts(), "home"))
    assert not by_own_tunnel(view_of(joined([host("vps", 0, "203.0.113.10")], []), "vps"))
    assert VPS.chain("steering_own") is not None
    assert HOME.chain("steering_own") is None


def test_prefixes_are_looked_up_only_where_a_service_reaches_out() -> None:
    assert reaches_out(view_of(everything(), "home"))
    assert not reaches_out(view_of(everything(), "vps"))
    home = lines(table_of(everything(), "home"), "steering")
    order(home, ("vmap @reach_by4",), ("vmap @leaves_by",))
    assert not any("@reach_by" in line for line in lines(table_of(everything(), "vps"), "steering"))


def test_chains_of_gateways_are_names_that_nft_takes() -> None:
    assert leave_chain("vps") == "leave_vps"
    assert came_chain("two-gates") == "came_two_gates"


def test_what_enters_the_network_remembers_how_and_is_marked_last() -> None:
    found = lines(VPS, "to_network")
    order(
        found,
        ("ct state new iifname != @links", "ct mark & 0xff000000 != 0x03000000", "ct mark set", "0x02000000"),
        ("ct direction reply", "vmap @answers_by"),
        ("ct direction original ct status dnat meta mark set", "0x10000000", "accept"),
        ("meta mark set meta mark & 0x00ffffff | 0x01000000",),
    )
    assert at(found, "0x01000000") == len(found) - 1


def test_each_dialled_gateway_has_a_chain_that_leaves_by_it_and_one_that_came_by_it() -> None:
    assert lines(HOME, "leave_vps") == ["meta mark set meta mark & 0x00ffffff | 0x10000000"]
    assert lines(HOME, "came_vps") == ["ct mark set ct mark & 0x00ffffff | 0x10000000"]
    assert lines(HOME, "leave_direct") == ["meta mark set meta mark & 0x00ffffff | 0x02000000"]
    assert VPS.chain("came_vps") is None


def test_what_leaves_for_others_is_answered_by_the_gateways_own_interface() -> None:
    remembered, marked = lines(VPS, "leave_for_others")
    assert remembered == "ct state new ct mark set ct mark & 0x00ffffff | 0x10000000"
    assert marked == "meta mark set meta mark & 0x00ffffff | 0x02000000"
    assert lines(VPS, "leave_vps") == ["meta mark set meta mark & 0x00ffffff | 0x10000000"]
    assert HOME.chain("leave_for_others") is None
