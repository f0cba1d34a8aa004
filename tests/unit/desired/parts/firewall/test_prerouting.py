"""Where packets come in: each threat meets its rule, before anything that would let it through."""

from __future__ import annotations

import pytest

from tests.topologies import two_hosts
from tests.unit.desired.reading import at, lines, members, table_of
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
    marked, answered, edge = lines(VPS, f"going_on{version}")
    assert f"{ip} daddr" in marked
    # An answer to whoever came by another way takes that way.
    assert "ct mark & 0xff000000 == 0x00000000" in marked
    assert marked.endswith("meta mark set meta mark & 0x00ffffff | 0x01000000 accept")
    for words in ("ct mark & 0xff000000 == 0x02000000", "ct direction reply", f"{ip} daddr != "):
        assert words in answered
    assert answered.endswith("meta mark set meta mark & 0x00ffffff | 0x02000000 accept")
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


@pytest.mark.parametrize("chain", ["from_service", "from_tunnel", "from_inside", "edge"])
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
        order(found, (f"{ip} saddr @tunnel_pins{version} goto from_inside",), (f"{ip} saddr @special{version}", "drop"))
    order(found, ("@special6",), ("iifname != @dialled", "drop"), ("fib saddr type local", "drop"))


def test_a_connection_remembers_its_tunnel_before_anything_returns() -> None:
    for chain in ("from_inside", "from_tunnel"):
        found = lines(HOME, chain)
        remembered = at(found, "ct state new iifname vmap @came_by")
        # Before, only what is no beginning has gone on.
        assert not any(line.endswith(("return", "accept")) for line in found[:remembered])


@pytest.mark.parametrize(("ip", "version"), FAMILIES)
def test_a_place_behind_a_tunnel_goes_on_like_a_service(ip: str, version: int) -> None:
    found = lines(HOME, "from_inside")
    plain = "ip hdrlength 5" if version == 4 else "ip6 nexthdr"
    order(found, ("ct state established", plain, f"goto going_on{version}"), ("ct state invalid", "drop"))
    assert {line for line in found if "going_on" in line} == set(found[:2])


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


def test_a_visitor_of_a_tunnel_goes_on_by_the_tunnel_that_the_connection_came_by() -> None:
    assert members(HOME, "known_by") == ["268435456 : known_vps"]
    for line, (ip, _) in zip(lines(HOME, "known_vps"), FAMILIES, strict=True):
        assert line.startswith(f"{ip} daddr ") and ' iifname "wrn-vps" meta mark set ' in line
        assert line.endswith("0x01000000 accept")
    for line in lines(HOME, "from_tunnel")[:2]:
        assert line.startswith("ct direction original ct state established ip")
        assert "ct mark & 0xff000000 vmap @known_by" in line


def test_at_a_gateway_whoever_comes_by_a_tunnel_is_judged_like_everybody() -> None:
    assert members(VPS, "known_by") == [] and VPS.chain("known_vps") is None
