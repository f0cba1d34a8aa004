"""What a container's unit and a plain unit have in common: limits, restarts, how they end.

In: values of the topology. Out: settings of [Unit] and [Service] (systemd.unit(5), systemd.service(5),
systemd.resource-control(5)). Never a setting of Quadlet's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from math import ceil

from warren.formats.ini import Setting
from warren.topology.workload import Limits, Restart, RestartKind

PART = re.compile(r"([0-9]+(?:\.[0-9]+)?)(us|ms|s|m|h)")
SECONDS = {"us": Decimal("0.000001"), "ms": Decimal("0.001"), "s": Decimal(1), "m": Decimal(60), "h": Decimal(3600)}
# The first new start comes after a second, the later ones more and more slowly: what cannot run must not keep the
# machine busy (systemd.service(5), RestartSteps; older systemd says that it does not know it, and waits a second).
AGAIN = (Setting("RestartSec", "1"), Setting("RestartSteps", "8"), Setting("RestartMaxDelaySec", "60"))
# In this time a unit that may fail so many times has to; later it begins to count again.
COUNTED_IN = "1h"
MOST_SECONDS = 10**7


def seconds(duration: str) -> int:
    """A duration such as `1m30s` in whole seconds, rounded up."""
    total = sum((Decimal(number) * SECONDS[unit] for number, unit in PART.findall(duration)), Decimal(0))
    return min(ceil(total), MOST_SECONDS)


def starts(restart: Restart) -> Iterator[Setting]:
    """How often it may start: without end, unless the file counts."""
    if restart.attempts is None:
        yield Setting("StartLimitIntervalSec", "0")
    else:
        yield Setting("StartLimitIntervalSec", COUNTED_IN)
        yield Setting("StartLimitBurst", str(restart.attempts + 1))


def restarts(restart: Restart) -> Iterator[Setting]:
    """When it is started again."""
    yield Setting("Restart", restart.kind.value)
    if restart.kind is not RestartKind.NO:
        yield from AGAIN


def limits(given: Limits) -> Iterator[Setting]:
    """What it may use. A host whose kernel cannot limit something runs it without: it is not kept from running."""
    if given.memory is not None:
        yield Setting("MemoryMax", str(given.memory))
    if given.cpus is not None:
        yield Setting("CPUQuota", f"{max(1, int(Decimal(given.cpus) * 100))}%")


def tasks(given: Limits) -> Iterator[Setting]:
    """How many processes it may have; -1 is no limit."""
    if given.pids is not None:
        yield Setting("TasksMax", "infinity" if given.pids <= 0 else str(given.pids))
