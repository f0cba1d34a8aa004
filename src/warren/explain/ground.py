"""What stands around the hosts, as far as the file or the ground tells.

In: a topology and perhaps its surroundings. Out: the outside for the proof, and addresses of those who stand there.
Never invents an address where one is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

from warren.probe.ground import Segment, Surroundings
from warren.prove.outside import INTERNET, Outside, Uplink
from warren.topology.model import Address, Host, Topology

# Somebody in the Internet, where nobody says who: addresses for documentation (RFC 5737, RFC 3849).
SOMEBODY = tuple(map(ip_address, ("198.51.100.7", "2001:db8:ffff::7")))
SERVER = tuple(map(ip_address, ("192.0.2.53", "2001:db8:fffd::53")))
# The numbers of a host and of a neighbour on a LAN that nobody described.
HOST_NUMBER, NEIGHBOUR_NUMBER = 10, 50


def surroundings(topology: Topology) -> Surroundings:
    """What a file alone lets us suppose: somebody outside, a neighbour on every LAN."""
    lans = {place: segment for host in topology.hosts.values() for place, segment in _segments(host)}
    seen = {INTERNET: SOMEBODY, **{host.name: host.public for host in topology.gateways}}
    return Surroundings(seen, lans, SERVER)


def _segments(host: Host) -> Iterator[tuple[str, Segment]]:
    for number, lan in enumerate(host.lans):
        place = f"lan:{host.name}" if number == 0 else f"lan:{host.name}/{lan.name}"
        own = tuple(prefix[HOST_NUMBER] for prefix in lan.prefixes)
        yield place, Segment(tuple(prefix[NEIGHBOUR_NUMBER] for prefix in lan.prefixes), {host.name: own})


def outside(topology: Topology, around: Surroundings) -> Outside:
    """The hosts' uplinks; a host without public addresses or a LAN has one all the same."""
    return Outside(tuple(link for host in topology.hosts.values() for link in _uplinks(host, around)))


def _uplinks(host: Host, around: Surroundings) -> Iterator[Uplink]:
    if host.public:
        yield Uplink(host.name, "eth0", INTERNET, tuple(map(str, host.public)))
    places = [place for place in around.lans if place.partition("/")[0] == f"lan:{host.name}"]
    for number, place in enumerate(places):
        yield _beside(host, place, around.lans[place], number)
    if not host.public and not places:
        yield Uplink(host.name, "eth0", f"lan:{host.name}", ("192.168.77.10",), ("192.168.77.0/24",))


def _beside(host: Host, place: str, segment: Segment, number: int) -> Uplink:
    own = tuple(map(str, segment.hosts.get(host.name, ())))
    prefixes = tuple(map(str, host.lans[number].prefixes)) if number < len(host.lans) else ()
    default = not host.public and number == 0
    return Uplink(host.name, f"eth{number + host.is_gateway}", place, own, prefixes, default)


def address_of(around: Surroundings, place: str, version: int) -> Address | None:
    """The address with which somebody outside is seen."""
    given = around.seen.get(place, SOMEBODY)
    return next((each for each in given if each.version == version), None)


def neighbour_of(around: Surroundings, place: str, version: int) -> Address | None:
    """The address of a neighbour on its LAN."""
    segment = around.lans.get(place)
    return next((each for each in segment.neighbour if each.version == version), None) if segment else None
