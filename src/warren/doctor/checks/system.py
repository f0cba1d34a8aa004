"""Distribution, init system, control groups.

In: a patient. Out: findings. Never guesses from the distribution's name what only a trial can tell.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.doctor.model import Finding, Mend, Patient, block, note, ok


def system(patient: Patient) -> Iterator[Finding]:
    """What kind of machine it is."""
    found = patient.survey.pairs("system")
    yield ok("distribution", found.get("PRETTY_NAME") or found.get("ID") or "a distribution without a name")
    if found.get("user", "0") != "0":
        yield block("not-root", "scripts do not run as root there", Mend("log in as root, or allow the user sudo"))
    yield from _init(found)
    yield from _groups(patient, found)


def _init(found: dict[str, str]) -> Iterator[Finding]:
    if "systemd" in found:
        yield ok("init", "systemd")
        return
    name = "OpenRC" if "openrc" in found else found.get("init") or "an unknown program"
    yield block("no-systemd", f"its init system is {name}, and hosts need systemd for now")


def _groups(patient: Patient, found: dict[str, str]) -> Iterator[Finding]:
    if "cgroup2" in found:
        yield ok("cgroups", "cgroup v2")
    elif patient.has_services:
        mend = Mend("add `systemd.unified_cgroup_hierarchy=1` to the kernel's command line and reboot")
        yield note("cgroups-old", "control groups are of version 1: limits of memory and CPU do not hold there", mend)
