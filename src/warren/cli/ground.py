"""Which hosts a command acts on: those of a lab, for now.

In: a topology and perhaps the name of a lab. Out: carriers of scripts by host. Never starts a lab; a carrier for real
hosts slots in here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from warren.basis.diagnostic import Refused, did_you_mean, error
from warren.hosts.base import Host
from warren.lab.lab import Lab, find, labs
from warren.lab.places import Kind
from warren.topology.model import Topology


@dataclass(frozen=True, slots=True)
class Ground:
    """Where the hosts are."""

    lab: Lab

    @property
    def words(self) -> str:
        """For people."""
        return f"lab `{self.lab.name}`"

    @property
    def hosts(self) -> Mapping[str, Host]:
        """Every host that stands there, also one that the file no longer has."""
        return hosts_of(self.lab)


def hosts_of(lab: Lab) -> dict[str, Host]:
    """The hosts of a lab."""
    names = [place.name for place in lab.places().values() if place.kind is Kind.HOST]
    return {name: lab.host(name) for name in names}


def ground(topology: Topology, lab: str | None = None) -> Ground:
    """The named lab, or the one that runs under the network's name. Raises `Refused` where there is none."""
    found = Ground(running(lab)) if lab else Ground(_own(topology))
    for name in topology.hosts:
        if name not in found.hosts:
            raise Refused(
                [error("lab-lacks-host", f"{found.words} has no host `{name}`", None, "`warren lab apply` adds it")]
            )
    return found


def running(name: str) -> Lab:
    """The lab of this name. Raises `Refused` where none runs."""
    if lab := find(name):
        return lab
    hint = did_you_mean(name, [each.name for each in labs()]) or "`warren lab up FILE` builds one"
    raise Refused([error("lab-gone", f"no lab `{name}` runs", None, hint)])


def _own(topology: Topology) -> Lab:
    if lab := find(topology.name):
        return lab
    summary = "real hosts are reached over ssh, which comes in a later release"
    hint = "`warren lab up` builds the same hosts on this machine, and every command then acts on them"
    raise Refused([error("no-carrier", summary, None, hint)])
