from __future__ import annotations

from dataclasses import replace

import pytest

from tests.claims import claims_of
from tests.laws.test_prove_walk import EXAMPLES, topology_of
from tests.networks import outside_of, states_of
from tests.topologies import two_hosts
from warren.prove.claim import Claim
from warren.prove.compare import Kind, check, compare
from warren.prove.matrix import prove

PROOF = prove(states_of(two_hosts()), outside_of(two_hosts()))
CLAIMS = claims_of(two_hosts())


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_is_declared_is_what_is_reachable(name: str) -> None:
    topology = topology_of(name)
    found = compare(prove(states_of(topology), outside_of(topology)), claims_of(topology))
    assert [str(each) for each in found] == []


def test_a_claim_that_is_missing_is_an_opening() -> None:
    fewer = [claim for claim in CLAIMS if claim != Claim(("cloud",), "10.86.1.3", "tcp", (5432, 5432))]
    (found,) = compare(PROOF, fewer)
    assert found.kind is Kind.OPENED and found.origin.place == "cloud"
    assert str(found.packet) == "tcp 10.86.1.2:40001 -> 10.86.1.3:5432" and found.trace(PROOF).works
    assert str(found) == "cloud: tcp 10.86.1.2:40001 -> 10.86.1.3:5432: reachable, but not declared"


def test_a_claim_too_many_is_a_closure() -> None:
    (found,) = compare(PROOF, [*CLAIMS, Claim(("game",), "fd86:86:86:1::3", "tcp", (5432, 5432))])
    assert found.kind is Kind.CLOSED and found.origin.place == "game" and not found.trace(PROOF).works


def test_a_translation_to_another_port_or_place_is_both() -> None:
    def wrong(claim: Claim) -> Claim:
        moved = claim.becomes and claim.becomes[1] == 12345 and claim.version == 4 and claim.places == ("internet",)
        return replace(claim, becomes=(claim.becomes[0], 12344)) if moved and claim.becomes else claim

    kinds = {each.kind for each in compare(PROOF, map(wrong, CLAIMS)) if each.origin.place == "internet"}
    assert kinds == {Kind.OPENED, Kind.CLOSED}


def test_one_claim_is_checked_alone() -> None:
    assert check(PROOF, Claim(("internet",), "203.0.113.10", "udp", (12345, 12345), sources=("198.51.100.7",))) is None
    wrong = check(PROOF, Claim(("internet",), "203.0.113.10", "udp", (12345, 12345), False, ("198.51.100.7",)))
    assert wrong and wrong.kind is Kind.OPENED and wrong.claim
    assert check(PROOF, Claim(("internet",), "10.86.1.3", "tcp", (5432, 5432), False)) is None
    closed = check(PROOF, Claim(("game",), "10.86.1.3", "tcp", (5432, 5432)))
    assert closed and closed.kind is Kind.CLOSED


def test_a_message_that_nobody_may_send_is_an_opening() -> None:
    fewer = [claim for claim in CLAIMS if claim.protocol not in ("icmp", "ipv6-icmp")]
    found = compare(PROOF, fewer)
    assert {each.packet.protocol for each in found} == {1, 58} and {each.kind for each in found} == {Kind.OPENED}
    assert not any(each.packet.protocol == 58 and each.packet.version == 4 for each in found)
