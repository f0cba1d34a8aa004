from __future__ import annotations

from dataclasses import replace

import pytest

from tests.networks import outside_of, states_of
from tests.topologies import two_hosts
from warren.desired.items.netns import Veth
from warren.desired.model import HostState
from warren.prove.network import Kind, Network, network
from warren.prove.outside import Outside


def built(down: frozenset[tuple[str, str]] = frozenset()) -> Network:
    topology = two_hosts()
    return network(states_of(topology), outside_of(topology), down)


def test_hosts_and_services_are_nodes() -> None:
    made = built()
    assert [node.name for node in made.hosts] == ["vps", "home"]
    assert [node.name for node in made.services("home")] == ["cloud", "db", "game"]
    kinds = {name: device.kind for name, device in made.nodes["home"].devices.items()}
    assert kinds["v-db"] is Kind.VETH and kinds["wrn-vps"] is Kind.TUNNEL and kinds["eth0"] is Kind.UPLINK
    assert made.nodes["db"].devices["eth0"].kind is Kind.INNER


def test_a_device_that_is_down_takes_its_routes_along() -> None:
    home = built(frozenset({("home", "wrn-vps")})).nodes["home"]
    assert "wrn-vps" not in home.devices
    assert all(entry.device != "wrn-vps" for table in home.tables.values() for entry in table)
    assert any(entry.device is None for entry in home.tables[4, "8601"])


def test_settings_say_what_is_forwarded_and_believed() -> None:
    home, db = built().nodes["home"], built().nodes["db"]
    assert home.forwards(4) and home.forwards(6) and not db.forwards(4)
    assert home.reverse_by_mark and home.reverse_filter("wrn-vps") == 2
    assert home.reverse_filter("v-db") == 0 and home.believes_all("v-db") and not home.believes_all("wrn-vps")
    everywhere = replace(home, settings={**home.settings, "net.ipv4.conf.all.rp_filter": "2"})
    assert not everywhere.believes_all("v-db")


def test_two_places_of_one_name_are_refused() -> None:
    veth = Veth("v-a", "a", 1500, frozenset(), frozenset())
    with pytest.raises(ValueError, match="two places are called a"):
        network({"x": HostState.of([veth]), "y": HostState.of([veth])}, Outside())


def test_a_network_with_other_nodes_has_other_hosts() -> None:
    made = built()
    assert made.services("vps")
    fewer = replace(made, nodes={name: node for name, node in made.nodes.items() if node.host != "vps"})
    assert [node.name for node in fewer.hosts] == ["home"] and fewer.services("vps") == ()
