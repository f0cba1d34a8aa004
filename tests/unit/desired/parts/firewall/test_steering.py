"""Which way packets leave: every one that has a way has a mark, and answers take the way of their question."""

from __future__ import annotations

from tests.topologies import everything, host, joined, two_hosts
from tests.unit.desired.reading import at, lines, table_of, view_of
from warren.desired.parts.firewall.steering import by_own_tunnel, came_chain, leave_chain, reaches_out

VPS, HOME = table_of(two_hosts(), "vps"), table_of(two_hosts(), "home")


def order(table_lines: list[str], *each: tuple[str, ...]) -> None:
    """The rules that hold these words stand in this order."""
    places = [at(table_lines, *words) for words in each]
    assert places == sorted(places)


def test_a_packet_that_nothing_marks_has_no_way() -> None:
    marking = [chain.name for chain in HOME.chains if any("meta mark set" in line for line in lines(HOME, chain.name))]
    assert set(marking) == {"going_on4", "going_on6", "known_vps", "leave_direct", "leave_vps", "to_network"}
    assert lines(HOME, "steering")[-1] == "iifname vmap @leaves_by"


def test_the_network_is_reached_before_any_way_out_is_looked_for() -> None:
    found = lines(HOME, "steering")
    assert found[0] == "meta mark & 0xff000000 == 0x01000000 accept"
    assert found[1] == 'iifname "lo" accept'
    known = [line.split()[5] for line in lines(VPS, "steering") if line.startswith("meta mark")]
    assert known == ["0x01000000", "0x10000000", "0x02000000"]
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
