"""What must hold on every host before a change stays, whatever else is asked.

In: a plan, the states that it leads to, and hosts over new connections. Out: sentences, each with its host first.
Never waits: whoever asks does so again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from warren.apply.bundle import is_last
from warren.apply.terms import Probe
from warren.desired.items.tunnel import Tunnel
from warren.desired.model import HostState, of_kind
from warren.hosts.base import Host
from warren.observe import Observed, observe
from warren.plan.diff import diff
from warren.plan.model import Plan


def default_probes(plan: Plan, desired: Mapping[str, HostState], before: Mapping[str, Observed]) -> tuple[Probe, ...]:
    """ssh answers, every host holds what it should, and every tunnel that was made anew has shaken hands."""

    def standing(hosts: Mapping[str, Host]) -> Iterator[str]:
        wanted = {name: desired.get(name, HostState()) for name in hosts}
        seen = observe(hosts, wanted)
        yield from differences(wanted, seen)
        yield from silent_tunnels(wanted, seen, before)

    return (standing,)


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
