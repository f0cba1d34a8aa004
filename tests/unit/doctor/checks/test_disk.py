"""Room for a change."""

from __future__ import annotations

from tests.unit.doctor.patients import HEALTHY, codes, patient, troubles
from warren.doctor.checks.disk import disk
from warren.doctor.model import Level


def replaced(old: str, new: str) -> str:
    """A healthy section but for one line."""
    assert old in HEALTHY["disk"]
    return HEALTHY["disk"].replace(old, new)


def test_room_enough() -> None:
    assert codes(disk(patient())) == set()


def test_a_full_disk_is_refused_by_name() -> None:
    said = replaced("bytes /var/lib 40000000000 20000000000", "bytes /var/lib 65536 4096")
    found = troubles(disk(patient(disk=said)))["disk-full"]
    assert found.blocks
    assert found.summary == "no room for a change: /var/lib has 4 KiB left"


def test_inodes_and_run() -> None:
    said = replaced("inodes /etc 2000000 1500000", "inodes /etc 2000 3")
    assert "/etc has 3 inodes left" in troubles(disk(patient(disk=said)))["disk-full"].summary
    said = replaced("bytes /run 40000000000 20000000000", "bytes /run 40000000 3000000")
    assert codes(disk(patient(disk=said))) == set()
    said = replaced("bytes /run 40000000000 20000000000", "bytes /run 40000000 1000000")
    assert codes(disk(patient(disk=said))) == {"disk-full"}


def test_no_number_of_inodes_is_no_shortage() -> None:
    assert codes(disk(patient(disk=replaced("inodes /etc 2000000 1500000", "inodes /etc 0 0")))) == set()


def test_read_only() -> None:
    found = troubles(disk(patient(disk=HEALTHY["disk"] + "closed /etc\nclosed /var/lib\n")))["read-only"]
    assert found.blocks
    assert found.summary == "/etc and /var/lib cannot be written to"


def test_little_room_for_images() -> None:
    said = replaced("bytes /var/lib 40000000000 20000000000", "bytes /var/lib 40000000000 500000000")
    assert troubles(disk(patient("home", disk=said)))["disk-tight"].level is Level.WARNING
