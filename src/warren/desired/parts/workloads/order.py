"""What starts before what, among the containers of a service.

In: a container's dependencies. Out: settings of its [Unit], and the commands that hold it back. Never a restart that
nobody asked for: `Requires=` would pass those on, so that a container looks for itself whether it may start.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.formats.ini import Setting
from warren.topology.model import Service
from warren.topology.workload import Condition, Container


def order(service: Service, container: Container) -> Iterator[Setting]:
    """What starts first, and what takes this container along when it is restarted."""
    units = _units(service)
    for dependency in container.depends_on:
        unit = f"{units[dependency.container]}.service"
        yield Setting("Wants", unit)
        yield Setting("After", unit)
        if dependency.restart:
            yield Setting("PartOf", unit)


def held_back(service: Service, container: Container) -> Iterator[Setting]:
    """Commands that fail, and are tried again with the container, until what it needs is there."""
    units = _units(service)
    for dependency in container.depends_on:
        if dependency.required and dependency.condition is not Condition.STARTED:
            yield Setting("ExecStartPre", f"systemctl --user --quiet is-active {units[dependency.container]}.service")


def _units(service: Service) -> dict[str, str]:
    containers = service.workload.containers if service.workload else ()
    return {one.name: one.unit for one in containers}
