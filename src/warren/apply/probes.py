"""What must hold on every host before a change stays, whatever else is asked.

In: a plan, the states that it leads to, and hosts over new connections. Out: sentences, each with its host first.
Never waits: whoever asks does so again.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from warren.apply.bundle import is_last
from warren.apply.terms import Probe
from warren.desired.items.tunnel import Tunnel
from warren.desired.model import HostState, of_kind
from warren.hosts.base import Host
from warren.observe import Observed, observe
from warren.plan.diff import diff

# From one host to another: the address that answers at the far end of a tunnel.
Ways: TypeAlias = Mapping[str, Mapping[str, str]]
ANSWERED = "answered"
ASK = 'ping -n -q -c 1 -W 2 "$1" >/dev/null 2>&1 && echo "$2"'


def default_probes(
    desired: Mapping[str, HostState], before: Mapping[str, Observed], answered: frozenset[tuple[str, str]]
) -> tuple[Probe, ...]:
    """ssh answers, every host holds what it should, new tunnels shake hands, and what `answered` before still does."""

    def standing(hosts: Mapping[str, Host]) -> Iterator[str]:
        wanted = {name: desired.get(name, HostState()) for name in hosts}
        ways = {
            name: {at: way for at, way in held.items() if (name, at) in answered}
            for name, held in ways_of(wanted, before).items()
        }
        seen = observe(hosts, wanted, {name: asking(held) for name, held in ways.items()})
        yield from differences(wanted, seen)
        yield from silent_tunnels(wanted, seen, before)
        lost = ((name, at) for name, held in ways.items() for at in held if at not in answering(seen[name]))
        yield from (f"{name}: {at} does not answer through the tunnel any more" for name, at in lost)

    return (standing,)


def ways_of(states: Mapping[str, HostState], seen: Mapping[str, Observed]) -> Ways:
    """Every host's dialled tunnels to hosts that were reached as well, with the far end's own address."""
    names = {each.public_key: name for name, each in seen.items() if each.public_key}
    return {
        name: {
            far: address
            for tunnel in of_kind(state, Tunnel)
            for peer in tunnel.peers
            if peer.endpoint and (far := names.get(peer.public_key, "")) in states
            if (address := _own_address(states[far], tunnel.name))
        }
        for name, state in states.items()
    }


def _own_address(state: HostState, interface: str) -> str:
    addresses = (each for tunnel in of_kind(state, Tunnel) if tunnel.name == interface for each in tunnel.addresses)
    return next((each.partition("/")[0] for each in sorted(addresses) if ":" not in each), "")


def asking(ways: Mapping[str, str]) -> str:
    """What goes along with an observation, so that a host asks far ends; one without ping(8) asks nobody."""
    calls = "".join(f"ask {shlex.quote(address)} {shlex.quote(far)} &\n" for far, address in ways.items())
    return f"section {ANSWERED}\nask() {{ {ASK}; }}\n{calls}wait\n" if ways else ""


def answering(seen: Observed) -> frozenset[str]:
    """Which far ends answered."""
    return frozenset(seen.raw.get(ANSWERED, "").split())


def differences(wanted: Mapping[str, HostState], seen: Mapping[str, Observed]) -> Iterator[str]:
    """What is not as it should be, without what goes only once all is confirmed."""
    plan = diff(wanted, {name: each.state for name, each in seen.items()})
    for name, host in plan.hosts.items():
        for change in host:
            if not is_last(change):
                yield f"{name}: {change.key} {change.reason}"


def silent_tunnels(
    wanted: Mapping[str, HostState], seen: Mapping[str, Observed], before: Mapping[str, Observed]
) -> Iterator[str]:
    """Tunnels that this host dials, to hosts that were reached as well, without a handshake.

    One that had none before the change is not the change's fault, unless the change has made it.
    """
    names = {each.public_key: name for name, each in seen.items() if each.public_key}
    for name, state in wanted.items():
        shaken = _handshakes(seen[name])
        dead = {key for key, at in _handshakes(before[name]).items() if not at} if name in before else set()
        for tunnel in of_kind(state, Tunnel):
            changed = name not in before or before[name].state.items.get(tunnel.key) != tunnel
            for peer in tunnel.peers:
                at = (tunnel.name, peer.public_key)
                if peer.endpoint and peer.public_key in names and not shaken.get(at) and (changed or at not in dead):
                    yield f"{name}: the tunnel to {names[peer.public_key]} does not shake hands"


def _handshakes(seen: Observed) -> dict[tuple[str, str], int]:
    """By interface and public key, from `wg show all dump`; 0 is never."""
    rows = (line.split("\t") for line in seen.raw.get("wg", "").splitlines())
    return {(row[0], row[1]): int(row[5]) for row in rows if len(row) == 9 and row[5].isdigit()}
