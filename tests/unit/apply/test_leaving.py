"""What is kept before the first change, and the shell that puts it back."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field

import pytest

from warren.apply.leaving import KEEP, LEAVE, leave
from warren.apply.protocol import Stopped
from warren.hosts.base import Result


@dataclass(slots=True)
class Emptied:
    """A host that says what it keeps, or fails."""

    name: str
    said: str = ""
    code: int = 0
    told: list[str] = field(default_factory=list)

    def run(self, script: str, stdin: bytes = b"", timeout: float = 60.0) -> Result:
        """See `Host.run`."""
        self.told.append(script)
        return Result(self.code, self.said.encode(), b"groupdel: no\n")


@pytest.mark.parametrize("script", [KEEP, LEAVE])
def test_they_are_posix_shell(script: str) -> None:
    done = subprocess.run(["sh", "-n"], input=script, text=True, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_whose_data_stays() -> None:
    vps, home = Emptied("vps"), Emptied("home", "cloud\ndb\n")
    assert leave({"vps": vps, "home": home}) == {"vps": (), "home": ("cloud", "db")}
    assert home.told[0].startswith("purge=\n")


def test_data_goes_only_when_told() -> None:
    vps = Emptied("vps")
    leave({"vps": vps}, purge=True)
    assert vps.told[0].startswith("purge=yes\n")


def test_a_host_that_cannot() -> None:
    with pytest.raises(Stopped, match="vps: groupdel: no"):
        leave({"vps": Emptied("vps", code=1)})


def test_nothing_is_kept_once_something_of_ours_stands() -> None:
    assert KEEP.startswith("[ -s /var/lib/warren/owned ] || {")
