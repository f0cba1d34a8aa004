"""Repairs, against hosts that do as told."""

from __future__ import annotations

from dataclasses import dataclass, field

from warren.doctor.model import Finding, Mend, error, note, ok
from warren.hosts.base import Result, Unreachable
from warren.survey.mend import mend


@dataclass(slots=True)
class Patient:
    """A host that remembers what it was told; `broken` scripts fail, and it may go away."""

    name: str
    broken: dict[str, str] = field(default_factory=dict)
    away: bool = False
    told: list[str] = field(default_factory=list)

    def run(self, script: str, stdin: bytes = b"", timeout: float = 60.0) -> Result:
        """See `Host.run`."""
        if self.away:
            raise Unreachable(f"{self.name} cannot be reached")
        self.told.append(script)
        said = self.broken.get(script)
        return Result(1 if said else 0, b"", (said or "").encode())


def finding(script: str | None, code: str = "a") -> Finding:
    """Something that a script mends, or only a person."""
    return error(code, "something is wrong", Mend(f"do {script}", script))


def test_what_is_safe_is_done_once() -> None:
    host = Patient("vps")
    found = [
        finding("one"),
        finding("two"),
        finding("one", "b"),
        finding(None),
        note("c", "nothing to do"),
        ok("d", "d"),
    ]
    done = mend({"vps": host}, {"vps": found})
    assert host.told == ["one", "two"]
    assert [(each.host, each.code, each.command, each.trouble) for each in done] == [
        ("vps", "a", "do one", None),
        ("vps", "a", "do two", None),
    ]


def test_what_does_not_work_says_why_and_stops_nothing() -> None:
    host = Patient("vps", {"one": "E: no such package\nE: really"})
    done = mend({"vps": host}, {"vps": [finding("one"), finding("two")]})
    assert [each.trouble for each in done] == ["E: really", None]


def test_a_host_that_goes_away() -> None:
    done = mend({"vps": Patient("vps", away=True)}, {"vps": [finding("one")]})
    assert done[0].trouble == "vps cannot be reached"


def test_nothing_to_mend() -> None:
    assert mend({"vps": Patient("vps")}, {}) == ()
