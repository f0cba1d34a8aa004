from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from tests.laws.test_prove_walk import EXAMPLES, topology_of
from tests.networks import outside_of, states_of
from tests.topologies import two_hosts
from warren.desired.items.rules import Rules
from warren.desired.items.tunnel import Tunnel
from warren.desired.model import HostState
from warren.formats.nft import model as nft
from warren.prove.invariants import Invariant, findings
from warren.prove.matrix import prove
from warren.prove.outside import Outside


def broken(states: Mapping[str, HostState], outside: Outside | None = None) -> set[Invariant]:
    given = outside or outside_of(two_hosts())
    return {each.invariant for each in findings(prove(states, given), states)}


def with_rules(host: str, chain: str, *rules: nft.Rule, keep: bool = True) -> dict[str, HostState]:
    """The states of two hosts with rules before those of a chain, or in their stead."""
    states = states_of(two_hosts())
    item = states[host].items["nft:warren"]
    assert isinstance(item, Rules)
    chains = tuple(
        replace(each, rules=(*rules, *(each.rules if keep else ()))) if each.name == chain else each
        for each in item.table.chains
    )
    changed = Rules(replace(item.table, chains=chains))
    states[host] = HostState({**states[host].items, item.key: changed})
    return states


@pytest.mark.parametrize("name", EXAMPLES)
def test_they_hold_everywhere(name: str) -> None:
    topology = topology_of(name)
    states, outside = states_of(topology), outside_of(topology)
    assert [str(each) for each in findings(prove(states, outside), states)] == []


def test_a_source_that_is_not_pinned_is_found() -> None:
    assert Invariant.NO_FORGED_SOURCE in broken(with_rules("home", "from_service", keep=False))


def test_a_way_past_the_tunnel_is_found() -> None:
    states = with_rules("home", "passing", nft.Rule((nft.Accept(),)))
    closing = ("unreachable", "blackhole")
    kept = {k: i for k, i in states["home"].items.items() if not any(word in f"{k} {i.describe()}" for word in closing)}
    states["home"] = HostState(kept)
    assert Invariant.NO_OTHER_WAY_OUT in broken(states)


def test_an_inner_address_that_leaves_is_found() -> None:
    assert Invariant.NO_INNER_ADDRESS_LEAVES in broken(with_rules("vps", "leaving", keep=False))


def test_a_source_port_that_could_be_exposed_is_found() -> None:
    kept = nft.Rule((nft.Match("!=", nft.Meta("oifname"), nft.SetReference("links")), nft.Masquerade()))
    assert broken(with_rules("vps", "leaving", kept)) == {Invariant.NO_SHADOWED_PORT}
    narrow = nft.Rule((kept.statements[0], nft.Masquerade(nft.Span(60999, 65535))))
    assert broken(with_rules("home", "leaving", narrow)) == {Invariant.NO_SHADOWED_PORT}


def test_an_answer_that_does_not_come_back_is_found() -> None:
    assert broken(with_rules("home", "answers", nft.Rule((nft.Drop(),)))) == {Invariant.ANSWERS_COME_BACK}


def test_a_closed_door_keeps_the_tunnel_from_standing() -> None:
    states = with_rules(
        "vps", "guard", nft.Rule((nft.Match("==", nft.Payload("udp", "dport"), nft.Literal(51820)), nft.Drop()))
    )
    assert Invariant.TUNNELS_STAND in broken(states)
    tunnel = states_of(two_hosts())["vps"].items["link:wrn-vps"]
    assert isinstance(tunnel, Tunnel)
    moved = states_of(two_hosts())
    moved["vps"] = HostState({**moved["vps"].items, tunnel.key: replace(tunnel, listen_port=1)})
    assert Invariant.TUNNELS_STAND in broken(moved)


def test_what_is_not_understood_is_said() -> None:
    states = with_rules("vps", "forward", nft.Rule((nft.Unknown("{}"), nft.Accept())))
    assert broken(states) == {Invariant.ALL_UNDERSTOOD}
