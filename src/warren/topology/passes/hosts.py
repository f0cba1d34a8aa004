"""Hosts: addresses, LANs, programs and the guard of each.

In: the spec's hosts and their numbers. Out: the topology with hosts. Never decides which tunnels there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from warren.spec import model as spec
from warren.spec.guard import is_guarded, ssh_port
from warren.spec.notation import SSH, Limit, Listening
from warren.topology.ground import Ground
from warren.topology.implied import egress_of
from warren.topology.ledger import BLOCK, HostEntry
from warren.topology.model import Guard, Host, Lan, Pair, Port, Rate, Topology

OWN_NUMBER = 1


def hosts(ground: Ground, topology: Topology) -> Topology:
    """Every host of the file."""
    made = {name: _host(ground, topology, name, host) for name, host in ground.spec.hosts.items()}
    return replace(topology, hosts=made)


def _host(ground: Ground, topology: Topology, name: str, host: spec.Host) -> Host:
    entry, place = ground.ledger.hosts[name], ground.spec.place
    blocks = _blocks(topology.prefix4, entry)
    prefix6 = IPv6Network((int(topology.prefix6.network_address) + (entry.number << 64), 64))
    addresses = address_in(blocks, prefix6, OWN_NUMBER)
    return Host(
        name=name,
        number=entry.number,
        addresses=addresses,
        prefixes4=blocks,
        prefix6=prefix6,
        public=host.public,
        lans=tuple(Lan(lan, prefixes, place("hosts", name, "lan", lan)) for lan, prefixes in host.lan.items()),
        egress=egress_of(host.egress or "direct", name),
        programs=tuple(ports_of(host.programs, ground, ("hosts", name, "programs"))),
        guard=_guard(host),
        tunnel_port=entry.tunnel_port,
        mtu=host.tunnel.mtu,
        ssh=_login(name, host, addresses)[0],
        ssh_via=host.ssh.via if host.ssh else None,
        ssh_port=ssh_port(host),
        ssh_inside=_login(name, host, addresses)[1],
        site=host.site,
        place=place("hosts", name, key=True),
    )


def _login(name: str, host: spec.Host, addresses: Pair) -> tuple[str | None, bool]:
    """Where ssh connects, and whether it comes over the network itself.

    Another host knows this one by its name, which is no name to ssh: it is told the address.
    """
    login = host.ssh
    found = SSH.match(login.text) if login else None
    if not login or not login.via or not found:
        return (login.text if login else None), False
    place = str(found["host"] or found["six"] or found["bare"])
    if place == name:
        port = f":{found['port']}" if found["port"] else ""
        return f"{found['user'] or ''}{addresses.v4}{port}", True
    return login.text, place in map(str, addresses)


def _blocks(prefix: IPv4Network, entry: HostEntry) -> tuple[IPv4Network, ...]:
    start = int(prefix.network_address)
    return tuple(IPv4Network((start + block * BLOCK, 24)) for block in entry.blocks)


def address_in(blocks: tuple[IPv4Network, ...], prefix6: IPv6Network, number: int) -> Pair:
    """The pair with this number on a host."""
    v4 = int(blocks[number // BLOCK].network_address) + number % BLOCK
    return Pair(IPv4Address(v4), IPv6Address(int(prefix6.network_address) + number))


def ports_of(written: Mapping[str, Listening], ground: Ground, path: tuple[str, ...]) -> Iterator[Port]:
    """Named ports, one for each protocol."""
    for name, listening in written.items():
        place = ground.spec.place(*path, name, key=True)
        for protocol in listening.protocols:
            yield Port(name, protocol, listening.ports, place)


def rate_of(limit: Limit | None) -> Rate | None:
    """A limit as the topology has it."""
    return Rate(limit.count, limit.seconds) if limit else None


def _guard(host: spec.Host) -> Guard | None:
    if not is_guarded(host):
        return None
    firewall = host.firewall or spec.Firewall()
    allow = tuple((protocol, one.ports) for one in firewall.allow for protocol in one.protocols)
    return Guard(ssh_port(host), rate_of(firewall.ssh.limit), firewall.ssh.from_, allow)
