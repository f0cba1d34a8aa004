"""The ground as a text, and after a move."""

from __future__ import annotations

from tests.lab.topologies import VPS, host, topology, two_hosts
from warren.lab.chart import Chart, chart, from_json
from warren.lab.ground import survey
from warren.topology.model import Topology


def drawn(declared: Topology) -> Chart:
    return chart(declared, survey(declared))


def test_a_chart_survives_its_own_text() -> None:
    house = [host(name, n, lans=("192.168.2.0/24",), site="house") for name, n in (("a", 2), ("b", 3))]
    gate = host("gate", 4, ("203.0.113.4",), ("192.168.4.0/24",))
    made = drawn(topology(VPS, gate, *house))
    assert from_json(made.to_json().encode()) == made
    assert made.hosts == ("vps", "gate", "a", "b")


def test_a_gateway_is_at_no_home() -> None:
    made = drawn(topology(VPS, host("gate", 4, ("203.0.113.4",), ("192.168.4.0/24",)), host("home", 2)))
    assert made.site_of("gate") is None
    site = made.site_of("home")
    assert site and site.name == "home"


def test_a_move_changes_what_the_provider_gave() -> None:
    before, after = drawn(two_hosts()), drawn(two_hosts()).moved({"home": 1})
    old, new = before.ground.sites[0], after.ground.sites[0]
    assert [str(a) for a in new.wan] == ["198.18.2.2/24", "2001:db8:f002::2/64"]
    assert (str(old.delegated), str(new.delegated)) == ("2001:db8:a002::/48", "2001:db8:a402::/48")
    assert [str(a) for a in new.seats[0].addresses] == ["192.168.2.10/24", "2001:db8:a402::a/64"]
    assert new.core == old.core


def test_homes_move_on_and_on() -> None:
    wans = {str(drawn(two_hosts()).moved({"home": n}).ground.sites[0].wan[0]) for n in range(250)}
    assert len(wans) == 250
    assert drawn(two_hosts()).moved({"home": 250}).ground.sites[0].wan[0] == survey(two_hosts()).sites[0].wan[0]
    assert drawn(two_hosts()).moved({"other": 1}) == drawn(two_hosts())
