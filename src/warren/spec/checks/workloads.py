"""Workloads: containers of a service that fit together, and what they use of the rest of the file.

In: a spec. Out: diagnostics. Never judges one value by itself: `programs` does.
"""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from ipaddress import ip_interface

from warren.basis.address import holds
from warren.basis.diagnostic import Diagnostic, error
from warren.spec.container import ContainerKeys
from warren.spec.model import Service, Spec
from warren.spec.reference import Directory, ServicePort, closest
from warren.spec.tree import Path
from warren.spec.workload import UnitKeys

COMPLETED = "service_completed_successfully"


def workloads(spec: Spec, directory: Directory) -> Iterator[Diagnostic]:
    """Everything that is wrong with how what runs is put together."""
    for name, source in spec.secrets.items():
        said = [kind for kind in ("file", "env", "command", "age") if getattr(source, kind)]
        if len(said) != 1:
            summary = f"the secret `{name}` is found in {len(said) or 'no'} places; it must be exactly one"
            yield error("bad-secret", summary, spec.place("secrets", name, key=True), "write `file:db.txt`")
    for name, service in spec.services.items():
        yield from _service(spec, directory, name, service)


def containers_of(name: str, service: Service) -> Iterator[tuple[str, ContainerKeys, Path]]:
    """Every container of a service, by name, with the path where its keys stand."""
    if service.image:
        yield name, service, ("services", name)
    for one, container in service.containers.items():
        yield one, container, ("services", name, "containers", one)


def _service(spec: Spec, directory: Directory, name: str, service: Service) -> Iterator[Diagnostic]:
    if service.unit and (service.image or service.containers):
        summary = f"the service `{name}` has both containers and a `unit`"
        yield error(
            "unit-and-containers", summary, spec.place("services", name, "unit", key=True), "make it two services"
        )
    if service.unit and not service.unit.command:
        yield error("empty", f"the `unit` of `{name}` has no command", spec.place("services", name, "unit", key=True))
    yield from _update(spec, name, service)
    yield from _lan(spec, name, service)
    for one, container, path in containers_of(name, service):
        yield from _secrets(spec, one, container, path)
    if service.unit:
        yield from _secrets(spec, name, service.unit, ("services", name, "unit"))
    if len(service.containers) > 1:
        yield from _same_port(spec, name, service)
        yield from _order(spec, name, service)
    if service.containers:
        yield from _two_meanings(spec, directory, name, service)


def _update(spec: Spec, name: str, service: Service) -> Iterator[Diagnostic]:
    if service.update.policy == "none":
        return
    images = [service.image or "", *(one.image for one in service.containers.values())]
    place = spec.place("services", name, "update", key=True)
    if not any(images):
        yield error("nothing-to-update", f"`{name}` has no image that could be updated", place)
    elif all("@" in image for image in images if image):
        summary = f"every image of `{name}` is pinned by its digest, so that no update can come"
        yield error("nothing-to-update", summary, place, "leave `@sha256:...` out, or `update`")


def _lan(spec: Spec, name: str, service: Service) -> Iterator[Diagnostic]:
    lan, host = service.lan, spec.hosts.get(service.host)
    if lan is None or host is None:
        return
    place = spec.place("services", name, "lan", key=True)
    if not lan.address:
        yield error("no-address", f"`{name}` has no address on the LAN", place, "write `address: 192.168.2.50/24`")
    if lan.mac and lan.mode == "ipvlan":
        yield error("bad-lan", f"`{name}` has the host's MAC address with `ipvlan`", place, "write `mode: macvlan`")
    prefixes = [prefix for each in host.lan.values() for prefix in each]
    for index, written in enumerate(lan.address):
        there = spec.place("services", name, "lan", "address", index)
        try:
            address = ip_interface(written)
        except ValueError:
            yield error("bad-address", f"`{written}` is not an address with a prefix length", there)
            continue
        if not any(holds(prefix, address.network) for prefix in prefixes):
            yield error("bad-address", f"`{written}` lies in no LAN of `{service.host}`", there)


def _secrets(spec: Spec, one: str, program: ContainerKeys | UnitKeys, path: Path) -> Iterator[Diagnostic]:
    taken: dict[str, str] = {}
    for index, use in enumerate(program.secrets):
        place = spec.place(*path, "secrets", index, "source")
        if use.source not in spec.secrets:
            summary = f"there is no secret `{use.source[:60]}`"
            hint = (
                closest(use.source, spec.secrets)
                or f"say where it is found: `secrets: {{{use.source[:40]}: file:...}}`"
            )
            yield error("unknown-secret", summary, place, hint)
        target = f"{use.type} {use.target or use.source}"
        if target in taken:
            summary = f"`{use.source[:40]}` and `{taken[target][:40]}` are the same {target[:60]} in `{one}`"
            yield error("same-secret", summary, place)
        taken[target] = use.source


def _same_port(spec: Spec, name: str, service: Service) -> Iterator[Diagnostic]:
    claims = [
        (protocol, listening.ports, one, spec.place("services", name, "containers", one, "listens", index))
        for one, container in service.containers.items()
        for index, listening in enumerate(container.listens)
        for protocol in listening.protocols
    ]
    for index, (protocol, ports, one, place) in enumerate(claims):
        for other_protocol, others, other, related in claims[:index]:
            if one != other and protocol == other_protocol and ports.overlaps(others):
                summary = f"`{other}` and `{one}` of `{name}` both listen on {ports}/{protocol}, and share one network"
                hint = "let one listen on another port, or make it a service of its own"
                yield error("same-port", summary, place, hint, *filter(None, [related]))


def _order(spec: Spec, name: str, service: Service) -> Iterator[Diagnostic]:
    graph = {one: set(each.depends_on) & (set(service.containers) - {one}) for one, each in service.containers.items()}
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as cycle:
        words = " -> ".join(reversed(cycle.args[1]))
        place = spec.place("services", name, "containers", cycle.args[1][0], "depends_on", key=True)
        yield error("dependency-cycle", f"no container of `{name}` can be the first: {words}"[:200], place)
    for one, container in service.containers.items():
        for other, dependency in container.depends_on.items():
            target = service.containers.get(other)
            if target and dependency.condition == COMPLETED and target.restart in ("always", "unless-stopped"):
                place = spec.place("services", name, "containers", other, "restart")
                summary = (
                    f"`{one}` waits until `{other}` has ended, and `{other}` never ends: it restarts `{target.restart}`"
                )
                yield error("never-completes", summary, place, "leave `restart` out, or write `on-failure`")


def _two_meanings(spec: Spec, directory: Directory, name: str, service: Service) -> Iterator[Diagnostic]:
    for need in service.needs:
        for word in need.to:
            found = directory.find(word, name)
            for target in found if isinstance(found, tuple) else ():
                if isinstance(target, ServicePort) and target.service in service.containers:
                    place = spec.place("services", name, "containers", target.service, key=True)
                    summary = f"`{target.service}` is a container of `{name}` and a service that it needs"
                    yield error("name-twice", summary, place, "give the container another name")
