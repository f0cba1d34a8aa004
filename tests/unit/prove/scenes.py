"""Scenes of a home, for tests of the reading of rules on sets.

In: nothing. Out: readers and scenes. Never a rule.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from ipaddress import ip_address

from tests.networks import outside_of, states_of
from tests.topologies import two_hosts
from warren.formats.nft import model as nft
from warren.prove.devices import Devices, one
from warren.prove.header import SYN, packet
from warren.prove.hooks import Base, hooks
from warren.prove.lookups import Reader
from warren.prove.network import Network, network
from warren.prove.packets import ORIGIN, QUESTION, space, values
from warren.prove.scene import Scene

SERVICES = Devices(ORIGIN, {"v-cloud": ((0, 0),), "v-db": ((1, 1),), "v-game": ((2, 2),)})


@cache
def built() -> Network:
    """A gateway and a home."""
    return network(states_of(two_hosts()), outside_of(two_hosts()))


def scene(**changes: object) -> Scene:
    """First packets of services of the home, before routing."""
    made = Scene(space(4), 4, built().nodes["home"], QUESTION, SERVICES, one(""), "new", "original", SYN)
    return replace(made, **changes)  # type: ignore[arg-type]


def reader(at: Scene) -> Reader:
    return Reader(at.space)


def number(text: str) -> int:
    return int(ip_address(text))


def header(source: str, target: str, protocol: str, port: int, origin: int = 0) -> tuple[int, ...]:
    """A first packet at every level."""
    return values(packet(source, target, protocol, port), origin)


def base(*rules: tuple[nft.Statement, ...], kind: str = "filter", policy: str = "accept", **others: nft.Chain) -> Base:
    """A base chain of these rules at prerouting, with other chains and sets of its table."""
    hook = nft.Hook(kind, "prerouting", -100, policy)  # type: ignore[arg-type]
    chains = (nft.Chain("base", tuple(nft.Rule(each) for each in rules), hook), *others.values())
    made = hooks([nft.Table("inet", "t", chains=chains)])
    return (made.filters or made.nats)["prerouting"][0]
