"""The skeleton stands still while elements come and go, and every name in it is declared."""

from __future__ import annotations

import re

import pytest

from tests.topologies import everything, host, joined, many_services, two_hosts
from tests.unit.desired.reading import lines, members, table_of
from warren.formats.nft.model import Table
from warren.topology.model import Topology


def skeleton(table: Table) -> dict[str, list[str]]:
    """The rules of every chain."""
    return {chain.name: lines(table, chain.name) for chain in table.chains}


def declared(table: Table) -> list[tuple[object, ...]]:
    """Every set without its elements."""
    return [(each.name, each.key_type, each.data_type, each.flags) for each in table.lookups().values()]


@pytest.mark.parametrize("name", ["vps", "home"])
def test_the_skeleton_does_not_grow_with_services(name: str) -> None:
    few, many = table_of(many_services(2), name), table_of(many_services(40), name)
    assert skeleton(few) == skeleton(many)
    assert declared(few) == declared(many)
    assert few != many


@pytest.mark.parametrize("topology", [two_hosts(), everything(), many_services(2)], ids=lambda each: each.name)
def test_every_set_and_chain_that_a_rule_names_is_there(topology: Topology) -> None:
    for name in topology.hosts:
        table = table_of(topology, name)
        rules = "\n".join(line for found in skeleton(table).values() for line in found)
        assert set(re.findall(r"@(\w+)", rules)) <= set(table.lookups())
        leads = {each.rpartition(" : ")[2] for one in table.maps for each in members(table, one.name)}
        chains = set(re.findall(r"(?:goto|jump) (\w+)", rules))
        assert chains | {each for each in leads if re.fullmatch(r"(?:from|leave|came)_\w+", each)} <= set(
            skeleton(table)
        )


def test_a_host_alone_is_as_closed_as_any() -> None:
    alone = table_of(joined([host("home", 1)], []), "home")
    assert members(alone, "links") == members(alone, "ingress") == members(alone, "permit4") == []
    assert lines(alone, "forward")[-2:] == ["iifname @links goto passing", "oifname @links goto passing"]


def test_ranges_behind_two_doors_are_one_interval() -> None:
    found = members(table_of(everything(), "home"), "arrive_range4")
    assert found == ["wrn-vps . 10.86.1.4 . udp . 2000-2099"]


def test_only_meters_and_counts_are_filled_by_packets() -> None:
    for name in everything().hosts:
        found = {each.name for each in table_of(everything(), name).sets if each.volatile}
        counts = {f"{stem}{version}" for stem in ("open_4096_v", "pace_4096_v", "towards") for version in (4, 6)}
        assert counts <= found
        assert all("meter" in each for each in found - counts), name
        assert bool(found - counts) == everything().hosts[name].is_gateway
