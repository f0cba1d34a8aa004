"""Room to write: bytes, inodes, and whether writing is allowed at all.

In: a patient. Out: findings for what a change must write to. Never a finding twice where folders share a file system.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.doctor.model import Finding, Mend, Patient, block, ok, warning

# What a change and the way back from it write at most, with room to spare.
LEAST_BYTES = 16 * 1024 * 1024
LEAST_INODES = 200
# An image and its successor.
COMFORT = 1024 * 1024 * 1024
# A state of /run is small.
LEAST_RUN = 2 * 1024 * 1024


def disk(patient: Patient) -> Iterator[Finding]:
    """Every place that a change writes to."""
    found = [line.split() for line in patient.survey.lines("disk")]
    closed = [words[1] for words in found if words[0] == "closed" and words[1] != "/"]
    if closed:
        mend = Mend("look for the reason in `dmesg`, then `mount -o remount,rw /`")
        yield block("read-only", f"{_listed(closed)} cannot be written to", mend)
    full = [each for words in found if len(words) == 4 for each in _full(words)]
    if full:
        yield block("disk-full", f"no room for a change: {'; '.join(full)}", Mend("df -h; df -i; apt-get clean"))
    if not closed and not full:
        yield ok("disk", "room to write")
        yield from _comfort(patient, found)


def _full(words: list[str]) -> Iterator[str]:
    kind, folder, total, free = words[0], words[1], int(words[2]), int(words[3])
    if folder == "/":
        return
    if kind == "bytes" and free < (LEAST_RUN if folder == "/run" else LEAST_BYTES):
        yield f"{folder} has {free // 1024} KiB left"
    # Some file systems have no fixed number of inodes and say 0.
    if kind == "inodes" and total and free < LEAST_INODES:
        yield f"{folder} has {free} inodes left"


def _comfort(patient: Patient, found: list[list[str]]) -> Iterator[Finding]:
    free = next((int(w[3]) for w in found if len(w) == 4 and w[:2] == ["bytes", "/var/lib"]), None)
    if patient.has_services and free is not None and free < COMFORT:
        yield warning("disk-tight", f"/var/lib has {free // 1024**2} MiB left: an image and its update need more")


def _listed(folders: list[str]) -> str:
    return folders[0] if len(folders) == 1 else f"{', '.join(folders[:-1])} and {folders[-1]}"
