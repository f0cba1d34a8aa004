"""Programs of the network on a whole machine: each is told when its files change.

In: the resolvers and entries of a host, and their files. Out: one item a program. Never a restart for a new name.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.desired.items.file import File
from warren.desired.items.told import Told
from warren.desired.parts.dns import dns
from warren.desired.parts.https import https
from warren.desired.parts.machine.users import digest
from warren.desired.parts.passing import passing
from warren.desired.view import HostView
from warren.topology.folders import told as folder
from warren.topology.model import Role


def programs(view: HostView) -> Iterator[Told]:
    """Every program of the network."""
    files = [item for part in (dns, https, passing) for item in part(view) if isinstance(item, File)]
    for service in view.services:
        for unit in service.workload.plain if service.workload and service.role is not Role.DECLARED else ():
            own = sorted(f"{f.path}\0{f.content}" for f in files if f.path.startswith(f"{folder(unit.unit)}/"))
            yield Told(service.name, service.uid, f"{unit.unit}.service", digest(*own))
