"""System calls by ctypes: what they refuse is an OSError that names the call."""

from __future__ import annotations

from pathlib import Path

import pytest

from warren.lab import kernel


def test_a_refused_call_names_itself(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="mount .*absent"):
        kernel.mount("tmpfs", str(tmp_path / "absent"), "no-such-file-system")


def test_entering_what_is_no_namespace_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(OSError, match="setns"):
        kernel.enter(str(file))
