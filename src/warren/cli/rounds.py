"""A doctor's round: hosts are asked, judged, mended, and tried from outside.

In: hosts and a topology. Out: what was found of each. Never mends what it was not asked to mend.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from warren.basis.diagnostic import Refused, error
from warren.cli.refusal import no_host
from warren.doctor.examine import NETWORK, examine
from warren.doctor.model import Finding, Level, Survey
from warren.hosts.base import Host
from warren.lab.netns import LabHost
from warren.survey.ask import survey
from warren.survey.mend import Mended
from warren.survey.mend import mend as carry_out
from warren.survey.reach import reach
from warren.topology.model import Topology


@dataclass(frozen=True, slots=True)
class Visit:
    """One host; `trouble` is why it could not be looked at."""

    name: str
    findings: tuple[Finding, ...] = ()
    trouble: str | None = None

    @property
    def is_ill(self) -> bool:
        """Whether anything keeps the network from working there."""
        return self.trouble is not None or any(each.level is Level.ERROR for each in self.findings)


def known(names: Sequence[str], topology: Topology) -> None:
    """Raises `Refused` for a name that no host has."""
    for name in names:
        if name not in topology.hosts:
            raise no_host(name, topology.hosts)


def chosen(names: Sequence[str], topology: Topology, hosts: Mapping[str, Host]) -> dict[str, Host]:
    """The named hosts, or all. Raises `Refused` for a name that is none."""
    known(names, topology)
    return {name: hosts[name] for name in names or topology.hosts if name in hosts}


def asked(names: Sequence[str], topology: Topology) -> list[str]:
    """Hosts that take part: those that were named, and the other ends of their tunnels where ssh knows a way.

    All where none is named.
    """
    if not names:
        return list(topology.hosts)
    ends = [{tunnel.gateway, tunnel.dialer} for tunnel in topology.tunnels]
    others = {end for pair in ends if pair & set(names) for end in pair if topology.hosts[end].ssh}
    return [name for name in topology.hosts if name in others | set(names)]


def visit(
    patients: Mapping[str, Host], hosts: Mapping[str, Host], topology: Topology, with_reach: bool = True
) -> tuple[Visit, ...]:
    """Everything about each host, and whether its tunnel can be reached. Who is not there is not tried."""
    told = survey(patients)
    absent = {name for name, each in told.items() if isinstance(each, str)}
    there = {name: host for name, host in hosts.items() if name not in absent}
    outside = reach(there, topology, patients) if with_reach else {}
    visits = [_visit(patients[name], each, topology, outside.pop(name, ())) for name, each in told.items()]
    return (*visits, *(Visit(name, found) for name, found in outside.items() if any(map(_is_trouble, found))))


def _is_trouble(finding: Finding) -> bool:
    return finding.level is not Level.OK


def _visit(host: Host, told: Survey | str, topology: Topology, outside: tuple[Finding, ...]) -> Visit:
    if isinstance(told, str):
        return Visit(host.name, trouble=told)
    about = NETWORK if isinstance(host, LabHost) else None
    return Visit(host.name, (*examine(told, topology, host.name, about), *outside))


def mend(patients: Mapping[str, Host], topology: Topology) -> tuple[Mended, ...]:
    """What is safe, on every host that answers. Raises `Refused` where a repair would change this machine."""
    if any(isinstance(host, LabHost) for host in patients.values()):
        hint = "`warren lab up --machines` boots hosts that have a system of their own"
        raise Refused(
            [error("lab-shares-system", "hosts of a lab share this machine's system: nothing is mended", None, hint)]
        )
    told = {name: each for name, each in survey(patients).items() if isinstance(each, Survey)}
    return carry_out(patients, {name: examine(each, topology, name) for name, each in told.items()})
