"""What hosts reach, and what reaches hosts themselves, as claims.

In: a network and its surroundings. Out: claims. Never about services among each other.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.basis.address import BOGONS4, BOGONS6, subtract
from warren.prove.claim import Claim
from warren.prove.outside import INTERNET
from warren.topology.model import Host
from warren.verify.claims.around import LOOPBACKS, WORLD, Around
from warren.verify.claims.doors import hairpins

# Where a host's own clients of DHCP listen.
DHCP = (68, 546)
MESSAGES = {4: "icmp", 6: "ipv6-icmp"}


def claims(around: Around) -> Iterator[Claim]:
    """Every host."""
    for service in around.topology.services.values():
        for address in around.texts[service.name]:
            yield Claim((service.host,), address)
    yield from _messages(around)
    for host in around.topology.hosts.values():
        yield from _own(around, host)
        yield from _from_outside(around, host)
        if host.ssh_inside and host.ssh_via:
            for address in around.texts[host.name]:
                yield Claim((host.ssh_via,), address, "tcp", (host.ssh_port,) * 2, True)


def _messages(around: Around) -> Iterator[Claim]:
    """Whoever stands in the network may ask a host whether it is there."""
    inside = (*around.topology.services, *around.topology.hosts)
    for host in around.topology.hosts.values():
        outer = (each.network_address for each in around.own[host.name])
        for address in (*host.addresses, *outer):
            for hidden in (False, True):
                yield Claim(inside, str(address), MESSAGES[address.version], open=None, hidden=hidden)


def _own(around: Around, host: Host) -> Iterator[Claim]:
    """A host's own programs go where they like outside."""
    own = (*map(str, host.addresses), *(str(each.network_address) for each in around.own[host.name]))
    for text in (*own, *LOOPBACKS):
        yield Claim((host.name,), text, open=None)
    for everything in WORLD:
        for hidden in (False, True):
            yield Claim((host.name,), str(everything), open=None, hidden=hidden, exit=host.name)
    # Whom a door is open for is asked of others; the host itself reaches its services anyway.
    yield from hairpins(around, (host.name,), host.name, anyone=True)


def _from_outside(around: Around, host: Host) -> Iterator[Claim]:
    for uplink in around.uplinks[host.name]:
        for everything in WORLD:
            yield Claim((uplink.place,), str(everything), open=None, exit=host.name)
        for prefix in around.own[host.name]:
            yield from _doors(host, uplink.place, str(prefix.network_address))


def _doors(host: Host, place: str, address: str) -> Iterator[Claim]:
    guard = host.guard
    if guard is None:
        yield Claim((place,), address, open=None)
        return
    anyone = _senders(address) if place == INTERNET else ()
    allowed = tuple(str(each) for each in guard.ssh_from if (each.version == 6) == (":" in address))
    if not guard.ssh_from or allowed:
        yield Claim((place,), address, "tcp", (guard.ssh_port,) * 2, True, allowed or anyone)
    for protocol, ports in guard.allow:
        yield Claim((place,), address, protocol.value, (ports.first, ports.last), True, anyone)
    if host.is_gateway:
        yield Claim((place,), address, "udp", (host.tunnel_port,) * 2, open=None)
    yield Claim((place,), address, MESSAGES[6 if ":" in address else 4], open=None)
    for port in DHCP:
        yield Claim((place,), address, "udp", (port, port), open=None)


def _senders(address: str) -> tuple[str, ...]:
    """Whoever can be on the other side of the Internet."""
    version = 6 if ":" in address else 4
    return tuple(str(each) for each in subtract(WORLD, (*BOGONS4, *BOGONS6)) if each.version == version)
