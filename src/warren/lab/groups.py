"""One kernel setting that a lab of an ordinary user cannot hold: ping for groups that its user namespace does not know.

In: a script for a host, or what one said. Out: the same with the narrow range in place of the wide one, or the other
way round. Never touches anything else; a lab whose kernel takes the wide range is left alone.
"""

from __future__ import annotations

from pathlib import Path

LAST = 2**31 - 1
WIDE, NARROW = f"0\t{LAST}", "0\t0"
SET = "net.ipv4.ping_group_range="
SAID = "/proc/sys/net/ipv4/ping_group_range:"


def limited(pid: int) -> bool:
    """Whether the user namespace of a process lacks groups: the kernel refuses a range whose end has no name."""
    return not known(LAST, Path(f"/proc/{pid}/gid_map").read_text())


def known(number: int, id_map: str) -> bool:
    """Whether a user namespace with this map knows the id."""
    lines = ([int(word) for word in line.split()] for line in id_map.splitlines())
    return any(first <= number < first + length for first, _, length in lines)


def narrowed(script: str) -> str:
    """What such a host is told."""
    return script.replace(SET + WIDE, SET + NARROW)


def widened(said: bytes) -> bytes:
    """What it says, as it was meant."""
    return said.replace(f"{SAID}{NARROW}\n".encode(), f"{SAID}{WIDE}\n".encode())
