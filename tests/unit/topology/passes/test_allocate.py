"""allocate: numbers that never move."""

from __future__ import annotations

import pytest

from tests.spec_texts import loaded
from warren.basis.diagnostic import Refused
from warren.topology.ledger import HostEntry, Ledger, ServiceEntry, parse_ledger
from warren.topology.passes.allocate import allocate


def file(services: str, hosts: str = "vps: {public: 203.0.113.10}, home: {}", prefix: str = "10.64.0.0/16") -> str:
    """A file with services such as `a@vps b@home`."""
    named = (one.split("@") for one in services.split())
    lines = "".join(f"  {name}: {{host: {host}}}\n" for name, host in named)
    head = f"version: 1\nnetwork: {{name: n, dns: false, ipv4: {prefix}}}\nhosts: {{{hosts}}}\n"
    return head + (f"services:\n{lines}" if lines else "")


def allocated(services: str, before: Ledger | None = None, **more: str) -> Ledger:
    """The ledger of a file after that of another."""
    return allocate(loaded(file(services, **more)), before or Ledger())


def small(services: str, before: Ledger | None = None) -> Ledger:
    """The same where the whole network is one block."""
    return allocated(services, before, hosts="home: {}", prefix="10.64.0.0/24")


def many(count: int, host: str = "home", start: int = 0) -> str:
    """So many services on one host."""
    return " ".join(f"s{number}@{host}" for number in range(start, start + count))


def test_hosts_and_services_in_the_order_of_the_file() -> None:
    ledger = allocated("a@vps b@home c@home")
    assert ledger.hosts == {"vps": HostEntry(0, (0,), 51820), "home": HostEntry(1, (1,), 51820)}
    assert ledger.services == {
        "a": ServiceEntry(6000, {"vps": 2}),
        "b": ServiceEntry(6001, {"home": 2}),
        "c": ServiceEntry(6002, {"home": 3}),
    }


def test_adding_removing_and_reordering_renumbers_nobody() -> None:
    before = allocated("a@home b@home c@home")
    after = allocated("z@home c@home a@home", before, hosts="cabin: {}, home: {}, vps: {public: 203.0.113.10}")
    assert {name: after.services[name] for name in before.services} == dict(before.services)
    assert {name: after.hosts[name] for name in before.hosts} == dict(before.hosts)
    assert after.services["z"] == ServiceEntry(6003, {"home": 5})
    assert after.hosts["cabin"] == HostEntry(2, (2,), 51820)


def test_the_same_file_again_changes_nothing() -> None:
    before = allocated(many(300) + " a@vps")
    assert allocated(many(300) + " a@vps", before) == before
    assert allocated("b@home", parse_ledger(before.text())).services["b"].numbers == {"home": 304}


def test_what_was_removed_comes_back_as_it_was() -> None:
    first = allocated("a@home b@home")
    without = allocated("b@home", first)
    assert allocated("a@home b@home c@home", without).services["a"] == first.services["a"]


def test_a_service_that_moves_has_a_number_on_each_host() -> None:
    first = allocated("a@home b@home")
    moved = allocated("a@vps b@home", first)
    assert moved.services["a"] == ServiceEntry(6000, {"home": 2, "vps": 2})
    assert allocated("a@home b@home", moved).services["a"].numbers["home"] == 2


def test_the_ends_of_a_block_are_left_out_and_further_blocks_are_taken() -> None:
    ledger = allocated(many(260))
    numbers = [entry.numbers["home"] for entry in ledger.services.values()]
    assert numbers[:2] == [2, 3] and numbers[252:254] == [254, 257]
    assert ledger.hosts["home"].blocks == (1, 2)


def test_the_retired_are_taken_only_when_nothing_else_is_left() -> None:
    full = small(many(253))
    with pytest.raises(Refused, match="has 1 blocks of 256 addresses, and `home` needs one more"):
        small(many(254), full)
    turned = small(many(252, start=1) + " new@home", full)
    assert turned.services["new"].numbers == {"home": 2}
    assert turned.services["s0"].numbers == {}
    assert turned.services["s1"] == full.services["s1"]


def test_a_host_that_left_gives_its_blocks_when_there_are_no_others() -> None:
    before = allocated("a@vps b@home", prefix="10.64.0.0/23")
    after = allocated("b@home c@cabin", before, hosts="home: {}, cabin: {}", prefix="10.64.0.0/23")
    assert "vps" not in after.hosts
    assert after.hosts["cabin"].blocks == (0,)
    assert after.services["a"].numbers == {}
    assert after.services["b"] == before.services["b"]


def test_too_many_hosts_for_the_prefix() -> None:
    with pytest.raises(Refused) as refused:
        allocated("", hosts="a: {}, b: {}, c: {}", prefix="10.64.0.0/23")
    [one] = refused.value.diagnostics
    assert one.code == "network-full"
    assert one.hint == "give the network a larger prefix: `ipv4: 10.64.0.0/10`"


def test_another_prefix_keeps_every_number() -> None:
    before = allocated("a@vps b@home")
    assert allocated("a@vps b@home", before, prefix="10.99.0.0/16") == before


def test_a_smaller_prefix_moves_only_the_blocks_that_have_no_place() -> None:
    hosts = ", ".join(f"h{number}: {{}}" for number in range(6))
    before = allocated("a@h0 b@h5", hosts=hosts)
    after = allocated("a@h0 b@h5", before, hosts="h0: {}, h5: {}", prefix="10.64.0.0/22")
    assert after.hosts["h0"] == before.hosts["h0"]
    assert after.hosts["h5"].blocks[0] < 4
    assert after.services == before.services


def test_a_tunnel_port_stays_until_the_file_says_another() -> None:
    hosts = "vps: {public: 203.0.113.10, tunnel: {port: 4500}}"
    first = allocated("", hosts=hosts)
    assert first.hosts["vps"].tunnel_port == 4500
    second = allocated("", first, hosts="vps: {public: 203.0.113.10}")
    assert second.hosts["vps"].tunnel_port == 4500
    third = allocated("", second, hosts="vps: {public: 203.0.113.10, tunnel: {port: 4600}}")
    assert third.hosts["vps"].tunnel_port == 4600


def test_a_number_beyond_the_blocks_of_an_edited_ledger_gets_blocks() -> None:
    edited = Ledger({"home": HostEntry(0, (0,), 51820)}, {"a": ServiceEntry(6000, {"home": 600})})
    assert len(allocated("a@home", edited, hosts="home: {}").hosts["home"].blocks) == 3
