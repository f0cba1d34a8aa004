"""Whether declared and probed agree."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address

import pytest

from warren.basis.address import Protocol
from warren.probe.ask import Outcome
from warren.verify.flow import INSIDE, Client, Flow
from warren.verify.verdict import Verdict, gather

OPEN = Flow("a", "b", ip_address("10.0.0.2"), 80, Protocol.TCP, True, INSIDE, "b", 80)
CLOSED = replace(OPEN, open=False)
OWN = (ip_address("198.51.100.7"),)
ANSWER = Outcome("b", 80, "198.51.100.7", None, True, 1.0)
SILENCE = Outcome(error="timeout")


@pytest.mark.parametrize(
    ("flow", "outcome", "why"),
    [
        (OPEN, ANSWER, None),
        (CLOSED, SILENCE, None),
        (CLOSED, Outcome(error="refused"), None),
        (OPEN, SILENCE, "nothing came back"),
        (OPEN, Outcome(error="refused"), "it was refused"),
        (OPEN, Outcome(error="timeout", connected=True), "it connected, but nothing answered"),
        (OPEN, replace(ANSWER, by="c"), "c answered instead of b"),
        (OPEN, replace(ANSWER, port=81), "port 81 of b answered instead of port 80"),
        (CLOSED, ANSWER, "b answered and saw 198.51.100.7"),
        (CLOSED, Outcome(connected=True, error="timeout"), "it connected"),
        (
            CLOSED,
            Outcome(error="absent"),
            "it could not be tried, because there is no such place to try it from",
        ),
        (replace(OPEN, client=Client.KEPT, own=OWN), ANSWER, None),
        (
            replace(OPEN, client=Client.KEPT, own=OWN),
            replace(ANSWER, peer="10.86.0.1"),
            "b saw 10.86.0.1 instead of the client's own address",
        ),
        (
            replace(OPEN, client=Client.HIDDEN, own=OWN),
            ANSWER,
            "b saw the client's own address, which is declared hidden",
        ),
        (replace(OPEN, client=Client.HIDDEN, own=OWN), replace(ANSWER, peer="10.86.0.1"), None),
        (
            replace(OPEN, leaves="vps", own=OWN),
            replace(ANSWER, peer="198.18.1.1"),
            "it left with 198.18.1.1, which is not the address of vps",
        ),
    ],
)
def test_why(flow: Flow, outcome: Outcome, why: str | None) -> None:
    verdict = Verdict(flow, outcome)
    assert verdict.why == why
    assert verdict.agrees == (why is None)


def test_the_client_is_judged_only_where_it_is_declared() -> None:
    assert Verdict(OPEN, ANSWER).client is None
    assert Verdict(replace(OPEN, client=Client.HIDDEN, own=OWN), ANSWER).client is Client.KEPT
    assert Verdict(replace(OPEN, client=Client.KEPT, own=OWN), replace(ANSWER, peer="nonsense")).client is Client.HIDDEN


def test_a_hole_beside_the_main_address_is_a_mistake_of_the_pair() -> None:
    beside = replace(CLOSED, address=ip_address("10.0.0.3"), main=False)
    (reach,) = gather([Verdict(OPEN, ANSWER), Verdict(beside, ANSWER)])
    assert reach.declared_open and reach.probed_open and not reach.agrees
    assert [v.flow.address for v in reach.mistakes] == [beside.address]


def test_a_public_port_beside_a_closed_inner_address_does_not_make_the_pair_open() -> None:
    hairpin = replace(OPEN, address=ip_address("203.0.113.10"), main=False)
    (reach,) = gather([Verdict(CLOSED, SILENCE), Verdict(hairpin, ANSWER)])
    assert not reach.declared_open and not reach.probed_open and reach.agrees


def test_an_exposure_is_open_only_if_every_address_of_it_answers() -> None:
    second = replace(OPEN, address=ip_address("203.0.113.11"))
    (reach,) = gather([Verdict(OPEN, ANSWER), Verdict(second, SILENCE)])
    assert reach.declared_open and not reach.probed_open
    assert reach.speaker.flow is second


def test_the_client_of_a_pair_is_kept_only_if_it_is_kept_everywhere() -> None:
    kept = replace(OPEN, client=Client.KEPT, own=OWN)
    other = replace(kept, address=ip_address("203.0.113.11"))
    (reach,) = gather([Verdict(kept, ANSWER), Verdict(other, replace(ANSWER, peer="10.86.0.1"))])
    assert reach.client is Client.HIDDEN


def test_where_there_is_no_main_address_the_others_speak() -> None:
    (reach,) = gather([Verdict(replace(OPEN, main=False), ANSWER)])
    assert reach.declared_open and reach.beside == ()
