"""A topology whose service `cloud` finds two needed ports at its own loopback.

In: nothing. Out: a topology. Never read from a file.
"""

from __future__ import annotations

from dataclasses import replace

from tests.topologies import two_hosts
from warren.basis.diagnostic import Place
from warren.topology.model import LocalPort, Topology

LINE = Place("warren.yaml", 7, 3)


def relayed() -> Topology:
    """`db.sql` at 5432, and `home.mysql`, which the host's program has at 3307, at 3306."""
    made = two_hosts()
    cloud, db, home = made.services["cloud"], made.services["db"], made.hosts["home"]
    local = (LocalPort(5432, db.addresses, 5432, "db.sql"), LocalPort(3306, home.addresses, 3307, "home.mysql", "home"))
    services = {**made.services, "cloud": replace(cloud, localhost=local)}
    return replace(made, services=services, permissions=tuple(replace(each, place=LINE) for each in made.permissions))
