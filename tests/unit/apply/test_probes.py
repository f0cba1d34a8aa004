"""What must hold before a change stays."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.memory import Hosts, fresh
from tests.topologies import two_hosts
from warren.apply.probes import answering, asking, default_probes, differences, silent_tunnels, ways_of
from warren.desired.items.netns import Netns
from warren.desired.items.tunnel import Tunnel
from warren.desired.items.user import User
from warren.desired.lower import lower
from warren.desired.model import HostState, of_kind
from warren.observe import Observed

KEYS = {"vps": "VPSKEY", "home": "HOMEKEY"}
STATES = lower(two_hosts(), KEYS)


def seen(shaken: int = 0, **states: HostState) -> dict[str, Observed]:
    """Both hosts as they are observed; `shaken` is the time of the last handshake, 0 never."""
    row = "\t".join(["wrn-vps", "VPSKEY", "-", "203.0.113.10:51820", "0.0.0.0/0", str(shaken), "0", "0", "25"])
    return {
        name: Observed(states.get(name, STATES[name]), KEYS[name], frozenset(), {"wg": row if name == "home" else ""})
        for name in ("vps", "home")
    }


def test_what_is_not_as_it_should_be_is_named_with_its_host() -> None:
    found = seen(home=HostState({**STATES["home"].items, "netns:x": Netns("x")}))
    assert list(differences(STATES, found)) == ["home: netns:x is not in the file"]


def test_what_goes_at_the_end_may_still_be_there() -> None:
    found = seen(home=HostState({**STATES["home"].items, "user:x": User("x", 6009, (1, 2))}))
    assert list(differences(STATES, found)) == []


def test_a_new_tunnel_must_shake_hands() -> None:
    (tunnel,) = of_kind(STATES["home"], Tunnel)
    bare = HostState({key: item for key, item in STATES["home"].items.items() if key != tunnel.key})
    before = seen(home=bare)
    assert list(silent_tunnels(STATES, seen(), before)) == ["home: the tunnel to vps does not shake hands"]
    assert list(silent_tunnels(STATES, seen(1700000000), before)) == []


def test_a_tunnel_that_was_dead_before_is_not_the_change_s_fault() -> None:
    assert list(silent_tunnels(STATES, seen(), seen())) == []
    assert list(silent_tunnels(STATES, seen(), seen(1700000000))) == ["home: the tunnel to vps does not shake hands"]
    # One whose far end is not among the hosts cannot be judged.
    assert list(silent_tunnels({"home": STATES["home"]}, {"home": seen()["home"]}, {})) == []


def test_far_ends_are_asked_by_their_own_address() -> None:
    ways = ways_of(STATES, seen())
    assert ways == {"vps": {}, "home": {"vps": "10.86.0.1"}}
    assert asking(ways["vps"]) == ""
    assert "section answered\n" in asking(ways["home"]) and "ask 10.86.0.1 vps &\nwait" in asking(ways["home"])


@pytest.mark.parametrize(
    ("answered", "said"), [(True, ["home: vps does not answer through the tunnel any more"]), (False, [])]
)
def test_only_what_answered_before_must_answer(
    monkeypatch: pytest.MonkeyPatch, answered: bool, said: list[str]
) -> None:
    asked = dict[str, str]()

    def looked(hosts: Hosts, wanted: object, more: dict[str, str]) -> dict[str, Observed]:
        asked.update(more)
        return seen(1700000000)

    monkeypatch.setattr("warren.apply.probes.observe", looked)
    before = frozenset({("home", "vps")}) if answered else frozenset()
    (probe,) = default_probes(STATES, seen(1700000000), before)
    assert list(probe(fresh(two_hosts()))) == said
    assert bool(asked["home"]) == answered and not asked["vps"]


def test_an_answer_is_a_section_of_what_was_observed() -> None:
    assert answering(replace(seen()["home"], raw={"answered": "vps\n"})) == {"vps"}
    assert answering(seen()["home"]) == frozenset()
