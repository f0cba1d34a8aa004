"""The time: against ours, who keeps it, and what the host believes when it starts.

In: a patient and how far its clock is ahead of the operator's. Out: findings. Never decides which of two clocks is
right.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.doctor.model import Finding, Mend, Patient, block, error, note, ok, warning
from warren.doctor.packages import install

NEAR = 5.0
FAR = 300.0
# Certificates and signatures live for days at least; beyond this one of the two clocks is simply not set.
IMPOSSIBLE = 86400.0 * 30


def clock(patient: Patient) -> Iterator[Finding]:
    """All about time."""
    found = patient.survey.pairs("clock")
    if "now" in found:
        yield from _skew(patient.survey.skew)
    if patient.survey.pairs("system").get("container", "none") not in ("", "none"):
        yield ok("time-kept", "its clock is that of the machine around it")
        return
    yield from _kept(patient, found)
    yield from _start(patient, found)


def _skew(skew: float) -> Iterator[Finding]:
    words = f"its clock is {span(abs(skew))} {'ahead of' if skew > 0 else 'behind'} yours"
    mend = Mend("timedatectl set-ntp true", "timedatectl set-ntp true")
    if abs(skew) <= NEAR:
        yield ok("clock", "its clock agrees with yours")
    elif abs(skew) > IMPOSSIBLE:
        # A peer keeps the newest stamp that it saw and refuses older handshakes (WireGuard's TAI64N).
        yield block("clock-wrong", f"{words}: tunnels and certificates would refuse it, or all others later", mend)
    elif abs(skew) > FAR:
        yield error("clock-off", f"{words}: certificates and logs go wrong", mend)
    else:
        yield warning("clock-drifts", words, mend)


def _kept(patient: Patient, found: dict[str, str]) -> Iterator[Finding]:
    if "chrony" in found or found.get("NTPSynchronized") == "yes":
        yield ok("time-kept", "time is kept by NTP")
    elif found.get("NTP") == "yes":
        yield note("time-not-yet", "NTP is on, and has not reached a server yet")
    elif found.get("CanNTP") == "yes":
        mend = Mend("timedatectl set-ntp true", "timedatectl set-ntp true")
        yield warning("time-not-kept", "nothing keeps its clock right", mend)
    else:
        package = install(patient.survey, "systemd-timesyncd") or install(patient.survey, "chrony")
        yield warning("no-time-sync", "nothing there can keep its clock right", package)


def _start(patient: Patient, found: dict[str, str]) -> Iterator[Finding]:
    """A host that starts in the past sends handshakes that its peers have seen newer ones of."""
    if patient.is_joined and "rtc" not in found and "saved" not in found:
        summary = "it has no clock that outlives a reboot: until NTP answers, its tunnels are refused by the other ends"
        yield note("no-rtc", summary, install(patient.survey, "systemd-timesyncd"))


def span(seconds: float) -> str:
    """A length of time in the one unit that matters."""
    for length, unit in ((86400 * 365, "year"), (86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= length:
            number = int(seconds // length)
            return f"{number} {unit}{'s' if number != 1 else ''}"
    return f"{seconds:.0f} seconds"
