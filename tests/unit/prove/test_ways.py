"""Where a node sends sets, against where it sends packets."""

from __future__ import annotations

from ipaddress import ip_address
from itertools import product

import pytest

from tests.networks import outside_of, states_of
from tests.topologies import two_hosts
from warren.formats.nft.model import Prefix
from warren.prove import packets
from warren.prove.devices import one
from warren.prove.diagrams import NOTHING
from warren.prove.header import TCP, opening
from warren.prove.network import network
from warren.prove.packets import QUESTION
from warren.prove.policy import Entry
from warren.prove.routing import Fate, believes, lookup
from warren.prove.ways import Ways, flattened

NETWORK = network(states_of(two_hosts()), outside_of(two_hosts()))
NUMBERS = {
    4: ("10.86.1.1", "10.86.1.2", "10.86.1.3", "10.86.0.2", "192.168.2.10", "192.168.2.50", "198.51.100.7",
        "127.0.0.1"),
    6: ("fd86:86:86:1::1", "fd86:86:86:1::2", "fd86:86:86::2", "2001:db8::7", "::1"),
}  # fmt: skip
MARKS = (0, 0x01000000, 0x02000000, 0x10000000)
HERE = [(host, device) for host in ("home", "vps") for device in (*NETWORK.nodes[host].devices, "lo")]


def ways(version: int) -> Ways:
    return Ways(packets.space(version), version, NETWORK)


@pytest.mark.parametrize("version", [4, 6])
@pytest.mark.parametrize(("host", "device"), HERE)
def test_regions_are_disjoint_and_those_of_the_lookup(version: int, host: str, device: str) -> None:
    at, node = ways(version), NETWORK.nodes[host]
    for mark, source, target in product(MARKS, _numbers(version), _numbers(version)):
        values = packets.values(opening(version, source, target, TCP, 40001, 80))
        found = [
            (region.fate, name)
            for region in at.regions(node, QUESTION, mark, one(device))
            if at.space.holds(region.headers, values)
            for name in (region.devices.spans if region.devices else [None])
            if name is None or (region.devices and at.space.holds(region.devices.of(at.space, name), values))
        ]
        slow = lookup(node, version, source, target, mark, device)
        gone = slow.fate in (Fate.REFUSED, Fate.NOTHING)
        assert found == ([] if gone else [(slow.fate, slow.entry.device if slow.entry else None)])


def _numbers(version: int) -> list[int]:
    return [int(ip_address(text)) for text in NUMBERS[version]]


@pytest.mark.parametrize(("host", "device"), [each for each in HERE if each[1] != "lo"])
def test_a_source_is_believed_as_the_packets_is(host: str, device: str) -> None:
    at, node = ways(4), NETWORK.nodes[host]
    for mark, out in product(MARKS, (None, *node.devices)):
        believed = at.believed(node, QUESTION, mark, one(device), one(out) if out else None)
        for source, target in product(_numbers(4), _numbers(4)):
            values = packets.values(opening(4, source, target, TCP, 40001, 80))
            assert at.space.holds(believed, values) is believes(node, 4, source, target, mark, device, out)


def test_the_other_end_of_a_pair_takes_what_it_has() -> None:
    at, node = ways(4), NETWORK.nodes["home"]
    regions = at.regions(node, QUESTION, MARKS[1], one("v-cloud"))
    (region,) = (each for each in regions if each.devices and "v-db" in each.devices.spans)
    taken = at.neighbours(node, region)
    for text, wanted in (("10.86.1.3", True), ("10.86.1.99", False), ("10.86.0.2", False)):
        values = packets.values(opening(4, 1, int(ip_address(text)), TCP, 40001, 80))
        assert at.space.holds(taken, values) is wanted


def test_some_addresses_are_never_routed() -> None:
    at = ways(4)
    for text, wanted in (("127.0.0.1", True), ("224.0.0.1", True), ("10.86.1.2", False)):
        values = packets.values(opening(4, int(ip_address("10.0.0.1")), int(ip_address(text)), TCP, 1, 2))
        assert at.space.holds(at.martian(QUESTION), values) is wanted
    assert at.stillborn(QUESTION) == NOTHING != ways(6).stillborn(QUESTION)


def test_the_longest_prefix_wins_and_of_equal_ones_the_first() -> None:
    table = tuple(
        Entry(Prefix.of(text), device, None, None, 0)
        for text, device in (
            ("10.0.1.0/24", "c"), ("10.0.1.0/24", "d"), ("10.0.0.0/16", "b"), ("10.0.1.7/32", None), ("0.0.0.0/0", "a"),
        )
    )  # fmt: skip
    pieces = list(flattened(table))
    assert [piece[0] for piece in pieces] == sorted(piece[0] for piece in pieces)
    for text, device in (("9.9.9.9", "a"), ("10.0.0.1", "b"), ("10.0.1.6", "c"), ("10.0.1.7", None),
                         ("10.0.1.8", "c"), ("10.0.2.0", "b"), ("255.255.255.255", "a")):  # fmt: skip
        number = int(ip_address(text))
        assert [entry.device for (first, last), entry in pieces if first <= number <= last] == [device]
