"""What a ground offers."""

from __future__ import annotations

from tests.grounds import AROUND, Pretended
from warren.probe.ground import PROGRAMS, Ground


def test_the_programs_are_files_beside_the_module() -> None:
    names = {"prober.py", "scanner.py", "capture.py", "sender.py"}
    assert names <= {path.name for path in PROGRAMS.iterdir()}


def test_programs_use_the_standard_library_alone() -> None:
    for name in ("prober.py", "scanner.py", "capture.py", "sender.py"):
        assert "warren" not in (PROGRAMS / name).read_text()


def test_a_ground_in_memory_is_one() -> None:
    ground: Ground = Pretended({}, lambda _: None)
    assert ground.surroundings() is AROUND
