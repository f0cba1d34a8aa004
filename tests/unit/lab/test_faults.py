"""Which rules faults are made of. What they do to packets is in tests/netns/test_lab_faults.py."""

from __future__ import annotations

import pytest

from tests.lab.topologies import two_hosts
from warren.basis.diagnostic import Refused
from warren.lab import faults
from warren.lab.chart import chart
from warren.lab.faults import Faults
from warren.lab.ground import survey
from warren.lab.lab import Lab

CHART = chart(two_hosts(), survey(two_hosts()))


def test_a_gateways_line_is_the_cores_and_a_homes_its_routers() -> None:
    rules = faults.rules(CHART, Faults({"vps": 100, "home": 5}))
    assert set(rules) == {"core", "place:router:home"}
    assert "ip saddr 203.0.113.10 drop" in rules["core"]
    assert "ip6 daddr 2001:db8:10::10 drop" in rules["core"]
    assert "ip daddr 192.168.2.10 numgen random mod 100 < 5 drop" in rules["place:router:home"]
    assert "192.168.2.10" not in rules["core"]


def test_loss_everywhere_is_the_cores() -> None:
    rules = faults.rules(CHART, Faults(everywhere=3))
    assert "        numgen random mod 100 < 3 drop" in rules["core"]
    assert "drop" not in rules["place:router:home"]


def test_a_home_that_has_moved_is_cut_where_it_is_now() -> None:
    rules = faults.rules(CHART.moved({"home": 1}), Faults({"home": 100}))
    assert "ip6 saddr 2001:db8:a402::a drop" in rules["place:router:home"]


def test_what_cannot_be_is_refused() -> None:
    lab = Lab("worlds", 0)
    with pytest.raises(Refused, match="101 is no percentage"):
        faults.lose(lab, 101)
    with pytest.raises(Refused, match="cannot delay packets"):
        faults.delay(lab, "vps")
