"""One change of a lab at a time."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from warren.basis.diagnostic import Refused
from warren.lab.hold import held
from warren.lab.lab import Lab


@dataclass(frozen=True, slots=True)
class Beside(Lab):
    """A lab whose files lie in a folder."""

    folder: Path = Path()

    def path(self, name: str) -> Path:
        """See `Lab.path`."""
        return self.folder / name


def test_who_comes_second_is_told(tmp_path: Path) -> None:
    lab = Beside("worlds", 1, tmp_path)
    with held(lab), pytest.raises(Refused, match="`worlds` is being changed by another command"), held(lab):
        pass
    with held(lab):
        pass


def test_a_lab_that_has_ended(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="does not run any more"), held(Beside("worlds", 1, tmp_path / "gone")):
        pass
