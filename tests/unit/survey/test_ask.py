"""Hosts asked, against hosts that answer as told."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from warren.doctor.model import Survey
from warren.hosts.base import Result, Unreachable
from warren.survey.ask import skew, survey, survey_host


@dataclass(slots=True)
class Told:
    """A host that gives one answer, or none."""

    name: str
    said: str | None = ""
    stderr: str = ""

    def run(self, script: str, stdin: bytes = b"", timeout: float = 60.0) -> Result:
        """See `Host.run`."""
        if self.said is None:
            raise Unreachable(f"{self.name} cannot be reached: Connection refused")
        return Result(0, self.said.encode(), self.stderr.encode())


ANSWER = "\n%%warren system\nID=debian\n\n%%warren clock\nnow=0\n\n%%warren end\n"


def test_a_host_that_answers() -> None:
    found = survey_host(Told("vps", ANSWER))
    assert found.pairs("system") == {"ID": "debian"}
    assert found.skew < -1e9


def test_a_host_that_is_cut_off() -> None:
    with pytest.raises(Unreachable, match="vps could not describe itself: sh: Killed"):
        survey_host(Told("vps", "\n%%warren system\n", "sh: Killed"))


def test_many_hosts_and_one_that_is_gone() -> None:
    found = survey({"vps": Told("vps", ANSWER), "home": Told("home", None)})
    assert isinstance(found["vps"], Survey)
    assert found["home"] == "home cannot be reached: Connection refused"


@pytest.mark.parametrize(
    ("now", "off"),
    [("1000", 0.0), ("1002", 0.0), ("1010", 7.5), ("900", -99.5), ("", 0.0), ("soon", 0.0)],
)
def test_a_clock_is_off_only_where_that_is_certain(now: str, off: float) -> None:
    assert skew(now, 1000.5, 1002.5) == off
