"""What stands around a network, as far as its file says.

In: a topology. Out: what is outside for a proof: public addresses on a link, LANs on others. Never what is permitted.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.prove.outside import INTERNET, Outside, Uplink
from warren.topology.model import Host, Lan, Topology

# A host that says nothing of its surroundings stands behind some router.
SOMEWHERE = ("192.168.77.10", "192.168.77.0/24")
OWN_NUMBER = 10


def outside_of(topology: Topology) -> Outside:
    """Public addresses on `eth0`; LANs on `eth0` or what follows it, with the host at number 10."""
    return Outside(tuple(uplink for host in topology.hosts.values() for uplink in _uplinks(host)))


def _uplinks(host: Host) -> tuple[Uplink, ...]:
    public = tuple(str(address) for address in host.public)
    line = (Uplink(host.name, "eth0", INTERNET, public),) if public else ()
    lans = tuple(_lans(host))
    if not line and not lans:
        return (Uplink(host.name, "eth0", f"lan:{host.name}", SOMEWHERE[:1], SOMEWHERE[1:]),)
    return (*line, *lans)


def _lans(host: Host) -> Iterator[Uplink]:
    for number, lan in enumerate(host.lans):
        yield _lan(host, lan, number)


def _lan(host: Host, lan: Lan, number: int) -> Uplink:
    place = f"lan:{host.name}" if number == 0 else f"lan:{host.name}/{lan.name}"
    own = tuple(str(prefix[OWN_NUMBER if prefix.num_addresses > OWN_NUMBER else 0]) for prefix in lan.prefixes)
    device = f"eth{number + host.is_gateway}"
    default = not host.public and number == 0
    return Uplink(host.name, device, place, own, tuple(map(str, lan.prefixes)), default=default)
