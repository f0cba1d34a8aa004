"""How the hosts are right now: reachable, in line with the file, their tunnels alive.

In: a topology and carriers. Out: values for `warren status`. Never changes a host; one that does
not answer is part of the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from warren.accounts import TABLE, Accounts, Traffic, accounts
from warren.condition import Condition, conditions
from warren.desired.items.owned import is_remembered
from warren.desired.items.sysctl import Sysctl
from warren.desired.lower import lower, with_keys
from warren.desired.model import HostState, Platform
from warren.hosts.base import Host, Unreachable
from warren.observe import Observed, observe_host
from warren.plan.diff import diff_host
from warren.probe.certificates import Certificate, certificates, watched
from warren.survey.memory import Last, Memory, Pending, memory
from warren.topology.model import Role, Service, Topology

PEER_FIELDS = 9


@dataclass(frozen=True, slots=True)
class TunnelGlance:
    """One peer of one interface; `age` in seconds since the last handshake, None where there was none."""

    interface: str
    peer: str
    endpoint: str | None
    age: int | None
    received: int
    sent: int


@dataclass(frozen=True, slots=True)
class HostGlance:
    """One host; `trouble` is why it could not be looked at, `drift` how many changes a plan has for it.

    `is_ours` says whether anything of warren stands there, `bare` are names of HTTPS for which it has no certificate,
    `traffic` is that of each service since the host started.
    """

    name: str
    trouble: str | None = None
    drift: int = 0
    tunnels: tuple[TunnelGlance, ...] = ()
    services: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    generation: int | None = None
    now: int = 0
    certificates: tuple[Certificate, ...] = ()
    bare: tuple[str, ...] = ()
    is_ours: bool = True
    pending: Pending | None = None
    last: Last | None = None
    traffic: Mapping[str, Traffic] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Seen:
    observed: Observed
    memory: Memory
    conditions: tuple[Condition, ...] = ()
    certificates: tuple[Certificate, ...] = ()


def glance(
    topology: Topology, hosts: Mapping[str, Host], platform: Platform = Platform.NETNS
) -> tuple[HostGlance, ...]:
    """Every host, in the order of the file, those that the file does not have last."""
    desired = lower(topology, platform=platform)
    runs = platform is Platform.SYSTEMD
    entries = {name: tuple(s for s in topology.services_of(name) if s.role is Role.ENTRY) for name in hosts}
    seen = _look_at(
        hosts, desired, {name: topology.services_of(name) if runs else entries[name] for name in hosts}, runs
    )
    found = {name: each for name, each in seen.items() if isinstance(each, _Seen)}
    keys = {name: each.observed.public_key for name, each in found.items() if each.observed.public_key}
    keyed = with_keys(desired, topology, keys, platform)
    peers = {key: name for name, key in keys.items()}
    ordered = [*(name for name in topology.hosts if name in seen), *(n for n in seen if n not in topology.hosts)]
    moved = accounts(topology, {name: each.observed.raw.get(f"nft {TABLE}", "") for name, each in found.items()})
    glances = (_glance(name, seen[name], keyed.get(name, HostState()), peers, topology) for name in ordered)
    return tuple(replace(each, traffic=_sums(moved, each.services)) for each in glances)


def _sums(moved: Accounts, services: Iterable[str]) -> dict[str, Traffic]:
    """What services have received and sent, whichever way."""
    used = {name: moved[name].values() for name in services if moved.get(name)}
    return {name: sum(paths, Traffic()) for name, paths in used.items()}


def _glance(
    name: str, seen: _Seen | str, desired: HostState, peers: Mapping[str, str], topology: Topology
) -> HostGlance:
    services = tuple(service.name for service in topology.services_of(name))
    if isinstance(seen, str):
        return HostGlance(name, seen, services=services)
    drift = len(diff_host(name, desired, seen.observed.state))
    told = seen.memory
    shown = tuple(tunnels(seen.observed, told.now, peers))
    if not _is_ours(seen.observed):
        strange = HostGlance(name, None, drift, shown, services, now=told.now, is_ours=False)
        return replace(strange, pending=told.pending, last=told.last)
    held, bare = watched(seen.certificates, _names(topology, name))
    found = HostGlance(name, None, drift, shown, services, seen.conditions, told.generation, told.now, held, bare)
    return replace(found, pending=told.pending, last=told.last)


def _names(topology: Topology, host: str) -> Iterator[str]:
    """The names of HTTPS that are decrypted on a host."""
    return (one.name for one in topology.https if topology.services[one.entry].host == host)


def _is_ours(seen: Observed) -> bool:
    """Whether a host remembers or shows anything of ours; every host has settings, and images may have stayed."""
    return bool(seen.owned) or any(not (isinstance(item, Sysctl) or is_remembered(item)) for item in seen.state)


def alive(hosts: Mapping[str, Host]) -> tuple[HostGlance, ...]:
    """Hosts and tunnels alone, for whoever has no file."""
    seen = _look_at(hosts, {}, {}, False)
    peers = {s.observed.public_key: n for n, s in seen.items() if isinstance(s, _Seen) and s.observed.public_key}
    return tuple(
        HostGlance(name, each)
        if isinstance(each, str)
        else HostGlance(name, tunnels=tuple(tunnels(each.observed, each.memory.now, peers)))
        for name, each in seen.items()
    )


def _look_at(
    hosts: Mapping[str, Host],
    desired: Mapping[str, HostState],
    services: Mapping[str, tuple[Service, ...]],
    runs: bool,
) -> dict[str, _Seen | str]:
    with ThreadPoolExecutor(max_workers=max(1, len(hosts))) as pool:
        found = pool.map(
            lambda name: _look(hosts[name], desired.get(name, HostState()), services.get(name, ()), runs), hosts
        )
        return dict(zip(hosts, found, strict=True))


def _look(host: Host, desired: HostState, services: tuple[Service, ...], runs: bool) -> _Seen | str:
    """The host's own clock wrote the handshakes, so it is asked for the time too."""
    try:
        observed = observe_host(host, desired)
        told = memory(host)
        held = certificates(host, services)
        return _Seen(observed, told, conditions(host, services) if runs and _is_ours(observed) else (), held)
    except Unreachable as gone:
        return str(gone)


def tunnels(observed: Observed, now: int, peers: Mapping[str, str]) -> Iterator[TunnelGlance]:
    """The peers in the output of `wg show all dump`; `peers` names hosts by public key."""
    for line in observed.raw.get("wg", "").splitlines():
        fields = line.split("\t")
        if len(fields) == PEER_FIELDS:
            interface, public, _, endpoint, _, handshake, received, sent, _ = fields
            age = max(0, now - int(handshake)) if int(handshake) else None
            at = None if endpoint == "(none)" else endpoint
            yield TunnelGlance(interface, peers.get(public, public[:8]), at, age, int(received), int(sent))
