"""Limits of connections: the usual one needs no element, and hosts and the network's own services have none."""

from __future__ import annotations

from dataclasses import replace

from tests.topologies import everything
from tests.unit.desired.reading import view_of
from warren.desired.parts.connections import Connections
from warren.desired.parts.firewall.words import families
from warren.desired.view import usual_limit
from warren.formats.nft.write_rule import rule
from warren.topology.model import Role, Topology


def limited(limits: dict[str, int | None]) -> Topology:
    """A network whose services have 4096, but for those named; resolvers have none."""
    given = everything()
    services = {
        name: replace(one, connections=limits.get(name, 4096) if one.role is Role.DECLARED else None)
        for name, one in given.services.items()
    }
    return replace(given, services=services)


def allowances(topology: Topology, host: str) -> dict[str, str]:
    made = Connections.of(view_of(topology, host))
    held = {each.name: each for each in made.sets(families(topology))}["allowances4"]
    return {str(each.key[0]): str(each.data) for each in held.elements}


def test_the_usual_limit_is_what_most_have_and_of_two_the_larger() -> None:
    assert usual_limit(limited({})) == 4096
    assert usual_limit(limited({name: None for name in everything().services})) is None
    first, *others = everything().services
    halves: dict[str, int | None] = {name: 100 for name in [first, *others][: len(others) // 2 + 1]}
    wanted = 100 if len(halves) * 2 > len(others) + 1 else 4096
    assert usual_limit(limited(halves)) == wanted


def test_only_who_differs_has_an_element() -> None:
    topology = limited({"cloud": 20000})
    cloud, home = topology.services["cloud"], topology.hosts["home"]
    found = allowances(topology, cloud.host)
    assert found.pop(str(cloud.addresses.v4)) == "Goto(chain='connections_20000')"
    assert found[str(home.addresses.v4)] == "Return()"
    assert set(found.values()) == {"Return()"}
    declared = {str(one.addresses.v4) for one in topology.declared if one is not cloud}
    assert not declared & found.keys()


def test_a_gateway_knows_those_of_other_hosts() -> None:
    topology = limited({"cloud": None})
    assert str(topology.services["cloud"].addresses.v4) in allowances(topology, "vps")


def test_what_begins_on_another_host_is_counted_there_and_where_it_leaves() -> None:
    topology = limited({})
    words = families(topology)
    for name, own in (("home", "10.86.1.0/24"), ("vps", "10.86.0.0/24")):
        made = Connections.of(view_of(topology, name))
        held = {each.name: each for each in made.sets(words)}["own4"]
        assert {str(each.key[0]) for each in held.elements} == {own}
        assert [rule(each) for each in made.of_own(words)] == [
            "ip saddr @own4 jump connections",
            "ip6 saddr @own6 jump connections",
        ]
        assert [rule(each) for each in made.of_others(words)] == [
            "ip saddr 10.86.0.0/16 ip saddr != @own4 jump connections",
            "ip6 saddr fd86:86:86::/48 ip6 saddr != @own6 jump connections",
        ]


def test_where_nobody_has_a_limit_nothing_is_counted() -> None:
    topology = limited({name: None for name in everything().services})
    made = Connections.of(view_of(topology, "home"))
    words = families(topology)
    assert not [*made.chains(words), *made.of_own(words), *made.of_others(words), *made.sets(words)]


def test_a_limit_costs_six_rules_however_many_have_it() -> None:
    topology = limited({})
    *_, counting = Connections.of(view_of(topology, "home")).chains(families(topology))
    assert counting.name == "connections_4096"
    texts = [rule(each) for each in counting.rules]
    assert len(texts) == 6
    assert texts[0].startswith(
        "update @pace_4096_v4 { ip saddr limit rate over 1000/second burst 4096 packets } counter"
    )
    assert texts[2].startswith("add @open_4096_v4 { ip saddr ct count over 4096 } counter drop")
    assert texts[4].startswith("oifname != @links meta l4proto { tcp, udp } add @towards4")
