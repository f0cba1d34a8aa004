"""Numbers for hosts and services: once given, never moved.

In: a spec and the ledger of last time. Out: a ledger that covers the spec. Never takes a number from what left the file
before all others are used up, and never from what is in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

from warren.basis.diagnostic import Place
from warren.spec.guard import TUNNEL_PORT
from warren.spec.model import Spec
from warren.topology.ground import refuse
from warren.topology.implied import implied
from warren.topology.ledger import BLOCK, HostEntry, Ledger, ServiceEntry, is_service_number

# Between Debian's ordinary users (from 1000) and systemd's own ranges (from 60001).
FIRST_UID, LAST_UID = 6000, 59999
LAST_HOST = 0xFFFF


def allocate(spec: Spec, ledger: Ledger) -> Ledger:
    """The ledger with an entry for every host and service of the spec."""
    allocation = _Allocation(spec, ledger)
    for name in spec.hosts:
        allocation.host(name)
    allocation.homes |= {one.name: one.host for one in implied(spec, allocation.hosts)}
    for name, host in allocation.homes.items():
        if host in spec.hosts:
            allocation.service(name, host)
    return Ledger(allocation.hosts, allocation.services)


class _Pool:
    """Numbers in order, without those that are taken."""

    def __init__(self, numbers: Iterator[int], taken: set[int]) -> None:
        self.numbers = numbers
        self.taken = taken
        self.freed: list[int] = []

    def take(self) -> int | None:
        """The next number that nothing has, or None."""
        if self.freed:
            return self.freed.pop()
        for number in self.numbers:
            if number not in self.taken:
                self.taken.add(number)
                return number
        return None


class _Allocation:
    """The pools while one spec is gone through; nothing of it is kept."""

    def __init__(self, spec: Spec, ledger: Ledger) -> None:
        self.spec = spec
        self.hosts = dict(ledger.hosts)
        self.services = dict(ledger.services)
        self.homes = {name: service.host for name, service in spec.services.items()}
        self.blocks_in_prefix = 1 << (24 - spec.network.ipv4.prefixlen)
        self.host_numbers = _Pool(iter(range(LAST_HOST + 1)), {one.number for one in self.hosts.values()})
        self.blocks = _Pool(iter(range(self.blocks_in_prefix)), {b for one in self.hosts.values() for b in one.blocks})
        self.uids = _Pool(iter(range(FIRST_UID, LAST_UID + 1)), {one.uid for one in self.services.values()})
        self.on_host = self._service_pools()

    def _service_pools(self) -> dict[str, _Pool]:
        taken: dict[str, set[int]] = {name: set() for name in self.spec.hosts}
        for entry in self.services.values():
            for host, number in entry.numbers.items():
                taken.setdefault(host, set()).add(number)
        return {host: _Pool(_service_numbers(), numbers) for host, numbers in taken.items()}

    def host(self, name: str) -> None:
        """Give a host what it lacks."""
        wanted = self.spec.hosts[name].tunnel.port
        known = self.hosts.get(name)
        if known is None:
            block = self._block(name)
            known = HostEntry(self._host_number(name), (block,), wanted or TUNNEL_PORT)
        # A smaller prefix has no place for some blocks: those alone move.
        blocks = tuple(b if b < self.blocks_in_prefix else self._block(name) for b in known.blocks)
        self.hosts[name] = HostEntry(known.number, blocks, wanted or known.tunnel_port)

    def service(self, name: str, host: str) -> None:
        """Give a service what it lacks on its host."""
        known = self.services.get(name)
        numbers = dict(known.numbers) if known else {}
        if host not in numbers or not self._fits(host, numbers[host]):
            numbers[host] = self._service_number(name, host)
        self.services[name] = ServiceEntry(known.uid if known else self._uid(name), numbers)

    def _host_number(self, name: str) -> int:
        number = self.host_numbers.take()
        if number is None:
            refuse("network-full", f"there is no number left for the host `{name}`", self.spec.place("hosts", name))
        return number

    def _block(self, name: str) -> int:
        block = self.blocks.take()
        while block is None and self._reclaim_host():
            block = self.blocks.take()
        if block is not None:
            return block
        prefix = self.spec.network.ipv4
        summary = f"{prefix} has {self.blocks_in_prefix} blocks of {BLOCK} addresses, and `{name}` needs one more"
        refuse("network-full", summary, self._network(), "give the network a larger prefix: `ipv4: 10.64.0.0/10`")

    def _reclaim_host(self) -> bool:
        """Take back everything that a host had which is no longer in the file."""
        gone = next((name for name in self.hosts if name not in self.spec.hosts), None)
        if gone is None:
            return False
        entry = self.hosts.pop(gone)
        self.host_numbers.freed.append(entry.number)
        self.blocks.freed += [block for block in entry.blocks if block < self.blocks_in_prefix]
        for name, one in self.services.items():
            self.services[name] = ServiceEntry(one.uid, {h: n for h, n in one.numbers.items() if h != gone})
        self.on_host.pop(gone, None)
        return True

    def _service_number(self, name: str, host: str) -> int:
        pool = self.on_host[host]
        number = pool.take()
        assert number is not None, "the numbers of services do not end"
        if self._fits(host, number):
            return number
        self._reclaim_services(host)
        if pool.freed:
            return pool.freed.pop()
        while not self._fits(host, number):
            self._add_block(host, self._block(host))
        return number

    def _fits(self, host: str, number: int) -> bool:
        """Whether the host's blocks reach to this number, once those that are free are added."""
        while number // BLOCK >= len(self.hosts[host].blocks):
            block = self.blocks.take()
            if block is None:
                return False
            self._add_block(host, block)
        return True

    def _add_block(self, host: str, block: int) -> None:
        entry = self.hosts[host]
        self.hosts[host] = replace(entry, blocks=(*entry.blocks, block))

    def _reclaim_services(self, host: str) -> None:
        """Take back the numbers on a host of services that left it."""
        for name, entry in self.services.items():
            if host in entry.numbers and self.homes.get(name) != host:
                self.on_host[host].freed.append(entry.numbers[host])
                self.services[name] = replace(entry, numbers={h: n for h, n in entry.numbers.items() if h != host})

    def _uid(self, name: str) -> int:
        uid = self.uids.take()
        if uid is None:
            gone = [one for one in self.services if one not in self.homes]
            self.uids.freed += [self.services[one].uid for one in gone]
            self.services = {one: entry for one, entry in self.services.items() if one in self.homes}
            uid = self.uids.take()
        if uid is None:
            refuse("network-full", f"there is no user id left for `{name}`", self.spec.place("services", name))
        return uid

    def _network(self) -> Place | None:
        return self.spec.place("network", "ipv4")


def _service_numbers() -> Iterator[int]:
    return (number for number in count() if is_service_number(number))
