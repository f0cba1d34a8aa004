"""tunnels: who dials whom, and by which way hosts meet."""

from __future__ import annotations

from tests.spec_texts import resolved
from warren.topology.model import Topology


def network(hosts: str) -> Topology:
    """A network of hosts alone."""
    return resolved(f"version: 1\nnetwork: {{name: n}}\nhosts:\n{hosts}")


TWO = """\
  home: {}
  one: {public: [203.0.113.10, "2001:db8::1"], tunnel: {mtu: 1400, port: 4500}}
  cabin: {gateways: two, tunnel: {mtu: 1380, keepalive: 10}}
  two: {public: 203.0.113.20}
"""


def test_every_host_dials_every_gateway_unless_it_names_some() -> None:
    tunnels = network(TWO).tunnels
    assert [(t.gateway, t.dialer) for t in tunnels] == [
        ("one", "home"),
        ("one", "two"),
        ("two", "home"),
        ("two", "one"),
        ("two", "cabin"),
    ]


def test_endpoint_port_mtu_and_signs_of_life() -> None:
    by_ends = {(t.gateway, t.dialer): t for t in network(TWO).tunnels}
    home, cabin, two = by_ends["one", "home"], by_ends["two", "cabin"], by_ends["one", "two"]
    assert (str(home.endpoint), home.port, home.mtu, home.keepalive) == ("203.0.113.10", 4500, 1400, 25)
    assert (cabin.mtu, cabin.keepalive) == (1380, 10)
    assert two.keepalive == 25


def test_ways_go_by_a_gateway_of_the_two_else_by_one_that_both_dial() -> None:
    ways = network(TWO).ways
    assert ways["home", "one"] == ways["one", "home"] == "one"
    assert ways["one", "two"] == ways["two", "one"] == "one"
    assert ways["home", "cabin"] == ways["cabin", "home"] == "two"


def test_a_gateway_joins_another_one_to_a_third_host_only_by_its_own_interface() -> None:
    # `one` and `two` speak by the interface of `one`, where `two` is believed with its own addresses alone
    assert ("one", "cabin") not in network(TWO).ways
    # here `one` does not offer its interface to `two`, so all that they say goes by that of `two`
    hosts = TWO.replace("tunnel: {mtu: 1380, keepalive: 10}", "").replace(
        "{public: 203.0.113.20}", "{public: 203.0.113.20, gateways: []}"
    )
    ways = network(hosts).ways
    assert ways["one", "two"] == ways["one", "cabin"] == ways["cabin", "one"] == "two"


def test_a_gateway_that_is_dialled_one_way_is_a_way_for_both() -> None:
    ways = network("  a: {public: 203.0.113.10, gateways: []}\n  b: {public: 203.0.113.20, gateways: [a]}\n").ways
    assert ways == {("a", "b"): "a", ("b", "a"): "a"}


def test_there_is_no_way_without_a_gateway() -> None:
    topology = network("  a: {}\n  b: {}\n")
    assert topology.ways == {} and topology.tunnels == ()
