"""A program of the host that runs in a service's namespace, as a unit of the user's manager.

In: a plain unit of a service. Out: the text of its file, and of what starts it with the user's manager. Never root:
that manager is the user's own.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.desired.items.secret import file_of
from warren.desired.parts.machine.users import UNITS
from warren.desired.parts.workloads.boxed import around, boxed, inside
from warren.desired.parts.workloads.settings import limits, restarts, seconds, starts, tasks
from warren.formats import ini
from warren.formats.ini import Section, Setting, Unit
from warren.topology.model import Service
from warren.topology.workload import PlainUnit, env_file_name, variable_name

COMMENT = "Written by warren."


def folder(service: Service) -> str:
    """Where the units of a service's user are."""
    return f"{UNITS}/{service.name}"


def plain_file(service: Service, unit: PlainUnit) -> str:
    """The text of the unit's file."""
    about = (Setting("Description", ini.literal(service.name)), *starts(unit.restart))
    return ini.write(Unit((Section("Unit", about), Section("Service", tuple(_service(service, unit))))), COMMENT)


def wanting_file(unit: PlainUnit) -> str:
    """The text of a drop-in of default.target, which starts the unit with the manager."""
    return ini.write(Unit((Section("Unit", (Setting("Wants", f"{unit.unit}.service"),)),)), COMMENT)


def _service(service: Service, unit: PlainUnit) -> Iterator[Setting]:
    yield Setting("ExecStart", ini.arguments(boxed(service, unit) if unit.image else unit.command))
    yield from around(service) if unit.image else ()
    yield from (Setting("Environment", ini.word(f"{name}={value}")) for name, value in unit.environment)
    yield from _secrets(service, unit)
    if unit.working_dir:
        yield Setting("WorkingDirectory", ini.literal(unit.working_dir))
    yield from restarts(unit.restart)
    yield from limits(unit.limits)
    yield from tasks(unit.limits)
    if unit.stop_signal:
        yield Setting("KillSignal", unit.stop_signal)
    if unit.stop_grace_period:
        yield Setting("TimeoutStopSec", str(seconds(unit.stop_grace_period)))
    for line in unit.raw:
        key, _, value = (inside(unit, line) if unit.image else line).partition("=")
        yield Setting(key.strip(), value.strip())


def _secrets(service: Service, unit: PlainUnit) -> Iterator[Setting]:
    """What is missing keeps the program from starting (systemd.exec(5), LoadCredential, EnvironmentFile)."""
    for number, _path in enumerate(unit.env_files):
        yield Setting("EnvironmentFile", file_of(service.name, env_file_name(unit, number)))
    for use in unit.secrets:
        if use.variable:
            yield Setting("EnvironmentFile", file_of(service.name, variable_name(unit, use.variable)))
        else:
            yield Setting("LoadCredential", f"{use.target or use.name}:{file_of(service.name, use.name)}")
