"""The lines of a move, place by place."""

from __future__ import annotations

from tests.lab.topologies import two_hosts
from warren.lab.chart import moved
from warren.lab.ground import survey
from warren.lab.moving import move_lines


def test_every_place_of_a_home_moves() -> None:
    (site,) = survey(two_hosts()).sites
    lines = move_lines(site, moved(site, 1))
    assert lines == {
        "core": [
            "route del 2001:db8:a002::/48 via 2001:db8:f002::1 dev site2",
            "route replace 2001:db8:a402::/48 via 2001:db8:f002::2 dev site2",
        ],
        "place:router:home": [
            "addr del 198.18.2.1/24 dev wan",
            "addr del 2001:db8:f002::1/64 dev wan",
            "addr add 198.18.2.2/24 dev wan",
            "route replace default via 198.18.2.254 dev wan",
            "addr add 2001:db8:f002::2/64 dev wan nodad",
            "route replace default via 2001:db8:f002::fe dev wan",
            "addr add 2001:db8:a402::1/64 dev lan0 nodad",
            "addr del 2001:db8:a002::1/64 dev lan0",
        ],
        "host:home": [
            "addr add 2001:db8:a402::a/64 dev eth0 nodad",
            "addr del 2001:db8:a002::a/64 dev eth0",
            "route replace default via 2001:db8:a402::1 dev eth0",
        ],
        "place:lan:home": [
            "addr add 2001:db8:a402::32/64 dev eth0 nodad",
            "addr del 2001:db8:a002::32/64 dev eth0",
            "route replace default via 2001:db8:a402::1 dev eth0",
        ],
    }
