"""Who asks whom: the words of the command line as places, addresses and ports.

In: two words and a topology. Out: the two ends, or `Refused` with what was meant. Never looks at a rule.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address

from warren.basis.diagnostic import Place, Refused, did_you_mean, error
from warren.topology.model import Address, Host, Port, Service, Topology

OUTSIDERS = ("internet", "internet2", "server")
LAN = "lan:"
ENDING = re.compile(r":(\d+)(?:/(tcp|udp))?$")
LOCALHOST = "127.0.0.1"
BRACKETED = re.compile(r"^\[([0-9a-fA-F:.]+)\]$")
HOW = "write SERVICE, SERVICE.PORT, HOST, HOST.PROGRAM, internet, lan:HOST or an address, with :PORT/PROTOCOL behind it"


@dataclass(frozen=True, slots=True)
class End:
    """A place of the network, one beside it (`internet`, `lan:HOST`), or an address (then `name` is its text)."""

    name: str
    service: Service | None = None
    host: Host | None = None
    address: Address | None = None

    @property
    def is_inside(self) -> bool:
        """Whether it is a place of the network."""
        return self.service is not None or self.host is not None

    @property
    def place(self) -> Place | None:
        """Where the file speaks of it."""
        of = self.service or self.host
        return of.place if of else None


@dataclass(frozen=True, slots=True)
class Question:
    """From whom to whom; `port` and `protocol` None are for whatever is declared first.

    `through` is the port of the asker's own loopback that carries its connections there.
    """

    source: End
    target: End
    port: int | None = None
    protocol: str | None = None
    named: Port | None = None
    through: int | None = None


def question(topology: Topology, source: str, target: str) -> Question:
    """Read both words. Raises `Refused` for what the file does not have."""
    found = ENDING.search(target) if not _is_address(target) else None
    name = target[: found.start()] if found else target
    port, protocol = (int(found[1]), found[2]) if found else (None, None)
    if port is not None and not 0 < port < 65536:
        raise Refused([error("bad-question", f"`{target}` has no port from 1 to 65535", None, HOW)])
    end, named = _end(topology, name)
    if named is not None and port is None:
        port, protocol = named.ports.first, named.protocol.value
    asking = _source(topology, source)
    if end.address is not None and end.address.is_loopback and asking.service is not None:
        return _carried(topology, asking, end, port)
    return Question(asking, end, port, protocol, named)


def _carried(topology: Topology, asking: End, end: End, port: int | None) -> Question:
    """A needed port that answers at the asker's own loopback: what is behind it is asked."""
    assert asking.service is not None
    for each in asking.service.localhost:
        if port in (None, each.listen):
            return Question(asking, _owner(topology, each.target.v4, plain=True), each.port, "tcp", None, each.listen)
    sentence = f"nothing of the file answers at {end.name}{f':{port}' if port else ''} in {asking.name}"
    hint = f"`needs: [{{to: SERVICE.PORT, localhost: {port or 'PORT'}}}]` under `{asking.name}` makes it"
    raise Refused([error("no-such-port", sentence, asking.place, hint)])


def _source(topology: Topology, word: str) -> End:
    end, named = _end(topology, word)
    if named is not None:
        return End(end.name, end.service, end.host)
    return end


def _end(topology: Topology, word: str) -> tuple[End, Port | None]:
    plain = LOCALHOST if word == "localhost" else BRACKETED.sub(r"\1", word)
    if _is_address(plain):
        return _owner(topology, ip_address(plain)), None
    if word in OUTSIDERS or (word.startswith(LAN) and _lan_host(word) in topology.hosts):
        return End(word), None
    if found := _inside(topology, word):
        return found, None
    if found_site := _site(topology, word):
        return found_site
    name, _, port = word.rpartition(".")
    if found := _inside(topology, name):
        return found, _port(found, port)
    raise Refused([error("no-place", f"there is no place `{word}`", None, _meant(topology, word))])


def _site(topology: Topology, word: str) -> tuple[End, Port] | None:
    """The service behind a name that is served over HTTPS."""
    name = word.removeprefix("https://").rstrip("/")
    for site in topology.https:
        if site.name == name:
            return End(site.service, service=topology.services[site.service]), site.port
    return None


def _inside(topology: Topology, name: str) -> End | None:
    if name in topology.services:
        return End(name, service=topology.services[name])
    if name in topology.hosts:
        return End(name, host=topology.hosts[name])
    return None


def _port(end: End, name: str) -> Port:
    ports = end.service.ports if end.service else end.host.programs if end.host else ()
    for port in ports:
        if port.name == name:
            return port
    what = "service" if end.service else "host"
    known = did_you_mean(name, [port.name for port in ports])
    declared = ", ".join(f"`{port.name}`" for port in ports)
    hint = known or (f"it has {declared}" if declared else f"`{end.name}:NUMBER` asks for any port")
    raise Refused([error("no-such-port", f"the {what} `{end.name}` has no port `{name}`", end.place, hint)])


def _owner(topology: Topology, address: Address, plain: bool = False) -> End:
    """The place that has an address, so that it is explained by its name; `plain` asks the place, not the address."""
    kept = None if plain else address
    for service in topology.services.values():
        if address in service.addresses:
            return End(service.name, service=service, address=kept)
    for host in topology.hosts.values():
        if address in host.addresses or address in host.public:
            return End(host.name, host=host, address=kept)
    return End(str(address), address=address)


def _lan_host(word: str) -> str:
    return word.removeprefix(LAN).partition("/")[0]


def _is_address(word: str) -> bool:
    try:
        ip_address(word)
    except ValueError:
        return False
    return True


def _meant(topology: Topology, word: str) -> str:
    lans = [f"{LAN}{host.name}" for host in topology.hosts.values() if host.lans]
    return did_you_mean(word, [*topology.services, *topology.hosts, *OUTSIDERS, *lans]) or HOW
