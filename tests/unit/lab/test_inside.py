"""The programs of a lab start without site-packages, and find their own sources."""

from __future__ import annotations

import subprocess

import pytest

from warren.lab import inside


@pytest.mark.parametrize("program", ["keeper", "stand_in"])
def test_a_program_imports_the_standard_library_and_this_package_alone(program: str) -> None:
    *start, code, source = inside.command(program)
    checked = code.replace("main(sys.argv[1:])", "print(sorted({n.split('.')[0] for n in sys.modules}))")
    done = subprocess.run([*start, checked, source], capture_output=True, text=True, check=True)
    assert "'warren'" in done.stdout
    assert not any(name in done.stdout for name in ("pydantic", "yaml", "rich", "click", "site'"))


def test_words_come_last() -> None:
    assert inside.command("keeper", "3", "-")[-3:] == (str(inside.SOURCE), "3", "-")
