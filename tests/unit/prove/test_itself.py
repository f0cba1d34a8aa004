"""What a host does for itself, and whoever passes for one of us."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.networks import outside_of, states_of
from tests.topologies import two_hosts
from tests.unit.prove.test_invariants import with_rules
from warren.desired.model import HostState
from warren.formats.nft import model as nft
from warren.prove import itself
from warren.prove.compare import examples
from warren.prove.matrix import Proof, prove

FROM_LO = nft.Match("==", nft.Meta("iifname"), nft.Literal("lo"))
DROPS_LO = nft.Rule((FROM_LO, nft.Drop()))
DROPS_KNOWN = nft.Rule((nft.Match("in", nft.Ct("state"), nft.Flags(frozenset({"established"}))), nft.Drop()))


def shown(wrong: Callable[[Proof], itself.Wrong], states: dict[str, HostState]) -> dict[int, str]:
    """An example for each family."""
    proof = prove(states, outside_of(two_hosts()))
    found: dict[int, str] = {}
    for version, headers in wrong(proof):
        for origin, packet in examples(proof, proof.walks[version], headers):
            found.setdefault(version, f"{origin.place}: {packet}")
    return found


@pytest.mark.parametrize("wrong", [itself.unheard, itself.cut_off, itself.disguised])
def test_nothing_is_wrong_with_what_warren_makes(wrong: Callable[[Proof], itself.Wrong]) -> None:
    assert shown(wrong, states_of(two_hosts())) == {}


def test_a_host_that_does_not_let_in_what_it_asked_for() -> None:
    found = shown(itself.unheard, with_rules("vps", "guard", DROPS_KNOWN))
    assert found == {
        4: "vps: tcp 10.86.0.1:40001 -> 1.0.0.0:1",
        6: "vps: tcp [fd86:86:86::1]:40001 -> [::2]:1",
    }


@pytest.mark.parametrize("chain", ["guard", "arriving"])
def test_a_host_that_cannot_speak_to_itself(chain: str) -> None:
    found = shown(itself.cut_off, with_rules("vps", chain, DROPS_LO))
    assert found == {4: "vps: tcp 10.86.0.1:40001 -> 10.86.0.1:1", 6: "vps: tcp [fd86:86:86::1]:40001 -> [::1]:1"}


def test_a_neighbour_with_an_address_of_ours() -> None:
    found = shown(itself.disguised, with_rules("home", "from_outside", keep=False))
    assert found[4].startswith("lan:home: tcp 10.86.") and found[6].startswith("lan:home: tcp [fd86:86:86:")
