"""While a change goes on, every host hears of it over new connections."""

from __future__ import annotations

import time

import pytest

from tests.unit.apply.told import Told, gone
from warren.apply.heart import Heart
from warren.apply.protocol import Line, Stopped
from warren.apply.terms import Terms

# A third of it is a beat; seconds may be parts of one here.
TERMS = Terms("c1", "ada@pc", window=0.03)  # type: ignore[arg-type]


def beat(host: Told) -> Heart:
    """A heart that has beaten."""
    with Heart([Line(host)], TERMS) as heart:
        end = time.monotonic() + 5
        while not host.verbs and time.monotonic() < end:
            time.sleep(0.005)
    return heart


def test_each_beat_is_a_connection_that_is_closed_again() -> None:
    host = Told("home")
    beat(host).check()
    assert host.told("renew") == host.connections - 1 == host.closed


def test_a_host_that_cannot_be_reached_any_more_stops_the_change() -> None:
    with pytest.raises(Stopped, match="home: there is no new connection to it since the change began"):
        beat(Told("home", {"renew": gone("home")})).check()


def test_a_host_that_went_back_does_too() -> None:
    with pytest.raises(Stopped, match="it went back already"):
        beat(Told("home", {"renew": (15, "it went back already")})).check()


def test_a_quick_change_needs_no_beat() -> None:
    host = Told("home")
    with Heart([Line(host)], Terms("c1", "ada@pc")):
        pass
    assert host.verbs == []
