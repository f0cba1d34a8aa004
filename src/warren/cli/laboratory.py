"""What the commands of the lab share: finding a lab, and leading its hosts to what a file says.

In: names, topologies, labs. Out: labs and outcomes. Never leaves a lab behind that could not be built.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from warren import pipeline, secrets, source
from warren.apply import Outcome, Progress
from warren.apply.terms import new_terms
from warren.basis.diagnostic import Refused, error
from warren.cli import lock, showing
from warren.cli.ground import hosts_of, running
from warren.desired.model import Platform
from warren.hosts.base import Host
from warren.lab import internet, programs
from warren.lab.build import build
from warren.lab.hold import held
from warren.lab.lab import Lab, labs
from warren.pipeline import Understood
from warren.spec.load import load
from warren.topology.model import Topology

HERE = Path()
OTHER_CADDY = "the lab runs the `caddy` of this machine, not the image: it must be as new, and have the same modules"


def chosen(name: str | None, path: Path) -> Lab:
    """The named lab; else that of the file; else, where no file can be understood, the only one that runs."""
    if name:
        return running(name)
    try:
        wanted = load(source.read(path)).network.name
    except Refused:
        return _only(path)
    return running(wanted)


def _only(path: Path) -> Lab:
    found = labs()
    if len(found) == 1:
        return found[0]
    if not found:
        raise Refused([error("lab-gone", "no lab runs", None, f"`warren lab up {path}` builds one")])
    names = ", ".join(lab.name for lab in found)
    hint = f"name one with --name; {path} says nothing, as it cannot be read or has errors"
    raise Refused([error("lab-unclear", f"{len(found)} labs run: {names}", None, hint)])


@contextmanager
def fresh(understood: Understood, name: str | None, keep: bool, machines: bool = False) -> Iterator[Lab]:
    """A new lab; taken down when what is done with it fails, and at the end unless it is kept."""
    lock.keep(understood)
    # One that is not kept ends with this process, however that ends.
    lab = build(understood.topology, name or understood.topology.name, tied=not keep, machines=machines)
    try:
        yield lab
    except BaseException:
        lab.down()
        raise
    if not keep:
        lab.down()


def hold(lab: Lab | None) -> None:
    """Nobody else changes it until the command ends. Raises `Refused` where somebody does."""
    context = click.get_current_context(silent=True)
    if lab and context:
        context.with_resource(held(lab))


def platform(lab: Lab) -> Platform:
    """What its hosts are."""
    return Platform.SYSTEMD if lab.machines else Platform.NETNS


def settle(lab: Lab, topology: Topology, progress: Progress = showing.progress, folder: Path = HERE) -> Outcome:
    """Observe, plan, apply, and have every declared port answer, and every program of the network run.

    `folder` is that of the file: there whole machines find the secrets of their services.
    """
    hosts = hosts_of(lab)
    if lab.machines:
        # Their own units start programs that look at once for names, and for the authority of the small Internet.
        internet.stand(lab, {}, topology)
        lab.trust()
    done = _changed(lab, hosts, topology, progress, folder)
    if done.succeeded:
        attend(lab, topology)
    return done


def attend(lab: Lab, topology: Topology) -> None:
    """Have every declared port of a lab that was changed answer, and every program of the network run."""
    lab.stand_ins(topology)
    if not lab.machines:
        _own_programs(lab, hosts_of(lab), topology)


def _changed(lab: Lab, hosts: Mapping[str, Host], topology: Topology, progress: Progress, folder: Path) -> Outcome:
    """Namespaces are changed at once, whole machines as real hosts are."""
    if not lab.machines:
        return pipeline.apply(pipeline.plan(topology, hosts), hosts, progress)
    unlocked = secrets.unlock(topology, folder)
    planned = pipeline.plan(unlocked.topology, hosts, Platform.SYSTEMD)
    return pipeline.apply(planned, hosts, progress, new_terms(summary="lab", secrets=unlocked.values))


def _own_programs(lab: Lab, hosts: Mapping[str, Host], topology: Topology) -> None:
    """Have what the network runs for itself run, in a small Internet that has names and certificates."""
    internet.stand(lab, hosts, topology)
    for trouble in programs.run(hosts, topology):
        hint = OTHER_CADDY if topology.web.image else None
        raise Refused([error("lab-program", f"in lab `{lab.name}`: {trouble}", None, hint)])
