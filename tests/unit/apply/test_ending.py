"""All hosts keep a change, or all go back; who cannot be told is named."""

from __future__ import annotations

import pytest

from tests.unit.apply.told import Told, both, gone
from warren.apply import ending, protocol
from warren.apply.protocol import Code, Line, Stopped


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pauses, no grace."""
    monkeypatch.setattr(protocol, "PAUSE", 0)
    monkeypatch.setattr(ending, "GRACE", 0)


def lines(hosts: dict[str, Told]) -> dict[str, Line]:
    """A line to each."""
    return {name: Line(host) for name, host in hosts.items()}


def test_every_host_is_asked_although_the_first_refuses() -> None:
    hosts = both({"vps": {"confirm": (Code.WENT_BACK, "it went back already: window")}})
    with pytest.raises(Stopped, match="vps: it went back already"):
        ending.confirm(lines(hosts), "c1", 120, 60)
    assert hosts["home"].verbs == [("confirm", "c1", "120")]


def test_a_host_that_does_not_hear_the_end_is_named_and_no_failure() -> None:
    hosts = both({"home": {"forget": gone("home")}})
    (said,) = ending.forget(lines(hosts), "c1")
    assert said.startswith("home keeps the change, and its way back until the next one: home cannot be reached")
    assert ending.forget(lines(both({})), "c1") == []


def test_the_last_changed_goes_back_first() -> None:
    told: list[str] = []

    def back(name: str) -> str:
        told.append(name)
        return "went back: told\n"

    hosts = both({"vps": {"back": lambda *words: back("vps")}, "home": {"back": lambda *words: back("home")}})
    vps, home = lines(hosts).values()
    assert ending.put_back([[vps], [home]], "c1", "told", 60) == ()
    assert told == ["home", "vps"]
    assert hosts["vps"].connections == 2, "over a new connection"


def test_what_is_left_is_said() -> None:
    hosts = both(
        {
            "vps": {"back": "went back, not equal: told\n"},
            "home": {"back": gone("home")},
        }
    )
    left = ending.put_back([[Line(hosts["vps"]), Line(hosts["home"])]], "c1", "told", 0)
    assert left == (
        "vps: not all is as it was",
        "home does not answer, and goes back by itself within 0 seconds: home cannot be reached: Connection timed out",
    )


def test_a_host_on_which_another_change_stands_is_left_alone() -> None:
    hosts = both({"home": {"back": (Code.LOCKED, "another change stands here")}})
    assert ending.put_back([[Line(hosts["home"])]], "c1", "told", 0) == ("home: another change stands here",)
