"""Which hosts a command acts on: those of a lab that runs, or the real ones of the file.

In: a topology and perhaps the name of a lab. Out: carriers of scripts by host. Never starts a lab, and never takes one
for the real hosts in silence.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import click

from warren.basis.diagnostic import Diagnostic, Refused, did_you_mean, error
from warren.cli.refusal import no_host
from warren.hosts import local, ssh
from warren.hosts.base import Host
from warren.hosts.ssh import keys, trust
from warren.lab.lab import Lab, find, labs
from warren.lab.places import Kind
from warren.topology.model import Topology

LOCAL = "local"
PINS = "known_hosts"


@dataclass(frozen=True, slots=True)
class Ground:
    """Where the hosts are; `words` are for people, `inside` is the lab that they stand in."""

    hosts: Mapping[str, Host]
    words: str
    inside: Lab | None = None
    ours: tuple[ssh.SshHost, ...] = field(default=())

    @property
    def is_lab(self) -> bool:
        """Whether the hosts are pretended ones, or whole machines of a lab."""
        return self.inside is not None

    @property
    def is_plain(self) -> bool:
        """Whether its hosts are namespaces of this machine, which have no users and no containers."""
        return self.inside is not None and not self.inside.machines

    @property
    def lab(self) -> Lab:
        """The lab. Raises `Refused` where the hosts are real."""
        if self.inside is None:
            hint = "`warren lab up` builds the same network on this machine"
            raise Refused([error("lab-only", "this is possible in a lab only", None, hint)])
        return self.inside

    def attach(self, host: str, command: str, terminal: bool = False) -> int:
        """Runs a short script as root of a host on the caller's own terminal; its exit code is returned."""
        if self.inside is not None:
            return self.inside.exec(host, ["sh", "-c", command])
        carrier = self.hosts[host]
        assert isinstance(carrier, ssh.SshHost | local.LocalHost)
        return carrier.attach(command, terminal)

    def close(self) -> None:
        """Ends the connections; those that others stand on last."""
        for each in reversed(self.ours):
            each.close()


def ground(topology: Topology, lab: str | None = None, only: Iterable[str] | None = None) -> Ground:
    """The named lab, else the one that runs under the network's name, else the real hosts, all or `only` those.

    Connections end with the command. Raises `Refused`.
    """
    if lab:
        return _standing(running(lab), topology, only)
    if own := find(topology.name):
        click.echo(f"acting on lab `{own.name}`, which runs here; the real hosts are left alone", err=True)
        return _standing(own, topology, only)
    return real(topology, only)


def real(topology: Topology, only: Iterable[str] | None = None) -> Ground:
    """The hosts of the file, by ssh or on this machine. Nothing is connected yet."""
    names = list(topology.hosts) if only is None else list(only)
    if lacking := [*_lacking(topology, names)]:
        raise Refused(lacking)
    made: dict[str, ssh.SshHost] = {}
    hosts = {name: carrier(topology, name, made) for name in names}
    found = Ground(hosts, "the hosts", None, tuple(made.values()))
    if context := click.get_current_context(silent=True):
        context.call_on_close(found.close)
    return found


def carrier(topology: Topology, name: str, made: dict[str, ssh.SshHost]) -> ssh.SshHost | local.LocalHost:
    """What reaches one host; `made` are those by ssh so far, each of which may lead to others."""
    host = topology.hosts[name]
    if host.ssh == LOCAL:
        return local.here(name)
    if name not in made:
        leader = carrier(topology, host.ssh_via, made) if host.ssh_via else None
        assert not isinstance(leader, local.LocalHost)
        made[name] = ssh.SshHost(target(topology, name), leader)
    return made[name]


def target(topology: Topology, name: str) -> ssh.Target:
    """Where ssh connects for a host, and what leads there."""
    host = topology.hosts[name]
    via = target(topology, host.ssh_via) if host.ssh_via else None
    return ssh.Target(name, host.ssh or name, via, pins=keys.folder_of(topology.name) / PINS)


def reached(topology: Topology, name: str) -> ssh.Target:
    """Where ssh connects for a host that the caller named. Raises `Refused`."""
    if name not in topology.hosts:
        raise no_host(name, topology.hosts)
    if lacking := [*_lacking(topology, [name])]:
        raise Refused(lacking)
    if topology.hosts[name].ssh == LOCAL:
        raise Refused([error("not-by-ssh", f"`{name}` is this machine, and is not reached by ssh")])
    return target(topology, name)


def by_ssh(topology: Topology) -> list[str]:
    """The hosts that ssh reaches, those first that lead to others."""
    hosts = topology.hosts
    found = [name for name, host in hosts.items() if host.ssh and host.ssh != LOCAL]
    return sorted(found, key=lambda name: sum(1 for _ in trust.chain(target(topology, name))))


def hosts_of(lab: Lab) -> dict[str, Host]:
    """The hosts of a lab, also those that the file no longer has."""
    names = [place.name for place in lab.places().values() if place.kind is Kind.HOST]
    return {name: lab.host(name) for name in names}


def running(name: str) -> Lab:
    """The lab of this name. Raises `Refused` where none runs."""
    if lab := find(name):
        return lab
    hint = did_you_mean(name, [each.name for each in labs()]) or "`warren lab up FILE` builds one"
    raise Refused([error("lab-gone", f"no lab `{name}` runs", None, hint)])


def _standing(lab: Lab, topology: Topology, only: Iterable[str] | None) -> Ground:
    found = Ground(hosts_of(lab), f"lab `{lab.name}`", lab)
    for name in topology.hosts if only is None else only:
        if name not in found.hosts:
            hint = "`warren lab apply` adds it"
            raise Refused([error("lab-lacks-host", f"{found.words} has no host `{name}`", None, hint)])
    return found


def _lacking(topology: Topology, names: Iterable[str]) -> Iterator[Diagnostic]:
    for name in names:
        host = topology.hosts[name]
        if not host.ssh:
            example = f"root@{host.public[0]}" if host.public else f"{os.environ.get('USER') or 'root'}@{name}"
            hint = f"write `ssh: {example}`, or `ssh: local` for this machine; `warren lab up` tries it all without"
            yield error("no-ssh", f"the file does not say how to come to `{name}`", host.place, hint)
