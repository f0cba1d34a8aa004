"""Who of us stands on which LAN, and may speak as a neighbour there.

In: a topology, the addresses of its hosts, and hosts that watch. Out: the ground with its LANs. Never takes for a
neighbour whose datagrams do not come: many LANs have the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from warren.probe.ask import Probe
from warren.probe.field import Field, ways_out
from warren.probe.ground import Address, Segment
from warren.probe.lookout import Lookout
from warren.probe.seats import seats
from warren.topology.model import Host, Lan, Topology

# Nothing listens there, and whoever does throws it away (RFC 863).
DISCARD = 9
WAIT = 0.5


def on_lans(topology: Topology, ground: Field, eyes: Lookout) -> Field:
    """The same ground with its LANs, and those places on them where one of us stands."""
    standing = seats({name: ground.hosts[name] for name, host in topology.hosts.items() if host.lans})
    segments = {place: _segment(topology, host, lan, standing) for place, host, lan in places_of(topology)}
    here = _here(topology, ground, segments)
    stands = {place: stand for place, stand in _stands(topology, segments, here) if stand is not None}
    tried = replace(ground, places={**ground.places, **{place: (name, "") for place, (name, _) in stands.items()}})
    real = _present(tried, eyes, segments, stands)
    lans = {p: replace(s, neighbour=stands[p][1] if p in real else ()) for p, s in segments.items()}
    places = {**ground.places, **{place: (stands[place][0], "") for place in real}}
    return replace(ground, places=places, lans=lans, neighbour_ports=(DISCARD,))


def places_of(topology: Topology) -> Iterator[tuple[str, Host, Lan]]:
    """Every LAN of the file with the name of a neighbour on it."""
    for host in topology.hosts.values():
        for number, lan in enumerate(host.lans):
            yield (f"lan:{host.name}/{lan.name}" if number else f"lan:{host.name}"), host, lan


def _segment(topology: Topology, host: Host, lan: Lan, standing: Mapping[str, tuple[Address, ...]]) -> Segment:
    """Whoever of the hosts stands on it: those of one site with the same prefixes."""
    site = host.site or host.name
    beside = (
        each
        for each in topology.hosts.values()
        if (each.site or each.name) == site and any(one.prefixes == lan.prefixes for one in each.lans)
    )
    found = {each.name: _within(standing.get(each.name, ()), lan) for each in beside}
    return Segment((), {name: addresses for name, addresses in found.items() if addresses})


def _within(addresses: tuple[Address, ...], lan: Lan) -> tuple[Address, ...]:
    return tuple(a for a in addresses if any(a.version == p.version and a in p for p in lan.prefixes))


def _here(topology: Topology, ground: Field, segments: Mapping[str, Segment]) -> dict[str, tuple[Address, ...]]:
    """With which addresses this machine would stand on each LAN."""
    if ground.near is not None or not ground.seen.get("internet"):
        return {}
    found = {}
    for place, _, lan in places_of(topology):
        targets = [address for addresses in segments[place].hosts.values() for address in addresses]
        found[place] = _within(ways_out(targets), lan)
    return found


def _stands(
    topology: Topology, segments: Mapping[str, Segment], here: Mapping[str, tuple[Address, ...]]
) -> Iterator[tuple[str, tuple[str, tuple[Address, ...]] | None]]:
    """For each LAN who speaks as a neighbour of its host: this machine, else another host that is no gateway."""
    for place, host, _ in places_of(topology):
        beside = segments[place].hosts
        if own := here.get(place):
            yield place, ("", own)
            continue
        others = (name for name in beside if name != host.name and not topology.hosts[name].is_gateway)
        name = next(others, None)
        yield place, (name, beside[name]) if name is not None else None


def _present(
    ground: Field,
    eyes: Lookout,
    segments: Mapping[str, Segment],
    stands: Mapping[str, tuple[str, tuple[Address, ...]]],
) -> frozenset[str]:
    """The places from which datagrams do come to a host of that LAN."""
    asked = [
        (place, name, address)
        for place, (speaker, _) in stands.items()
        for name, addresses in segments[place].hosts.items()
        if name != speaker and name not in eyes.blind
        for address in addresses
    ]
    outcomes = eyes.ask(ground, [Probe(place, a, DISCARD, "udp", WAIT) for place, _, a in asked]) if asked else []
    return frozenset(p for (p, name, _), outcome in zip(asked, outcomes, strict=True) if name in outcome.came)
