"""Devices, addresses, routes and rules of a host in memory, changed by lines of `ip -batch`.

In: lines as `desired.items` writes them. Out: the changed host, or a refusal in the words of iproute2. Knows what goes
along with what: a device with its routes and its other end, a namespace with all of it. Never more of iproute2 than so.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from warren.hosts.fake.words import Refusal, Words

MISSING, EXISTS = "RTNETLINK answers: No such file or directory", "RTNETLINK answers: File exists"
# What a fresh kernel holds where nobody has set anything; all else is 0.
DEFAULTS = {"net.ipv4.ip_unprivileged_port_start": "1024", "net.ipv4.ping_group_range": "1\t0"}


@dataclass(slots=True)
class Device:
    """One device; `peer` names the namespace and device at the other end of a pair, "" being the host itself."""

    name: str
    kind: str | None
    index: int
    mtu: int = 1500
    alias: str | None = None
    group: str = "default"
    up: bool = False
    addresses: list[str] = field(default_factory=list)
    peer: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """One route, every default written out."""

    kind: str
    prefix: str
    table: str
    device: str | None
    via: str | None
    source: str | None
    protocol: str
    metric: int

    @property
    def slot(self) -> tuple[str, str, int]:
        """Where only one route can be."""
        return self.prefix, self.table, self.metric


@dataclass(frozen=True, slots=True)
class Rule:
    """One routing rule; `words` are its selector and what it does."""

    family: int
    priority: int
    words: str
    protocol: str


@dataclass(slots=True)
class Space:
    """One network namespace."""

    devices: dict[str, Device] = field(default_factory=dict)
    routes: list[Route] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)

    def setting(self, key: str) -> str:
        """A kernel setting."""
        return self.settings.get(key, DEFAULTS.get(key, "0"))

    def device(self, name: str) -> Device:
        """The device of this name."""
        if name not in self.devices:
            raise Refusal(f'Cannot find device "{name}"')
        return self.devices[name]

    def drop(self, name: str) -> Device:
        """A device goes, and with it its routes and settings."""
        gone = self.device(name)
        del self.devices[name]
        self.routes = [route for route in self.routes if route.device != name]
        self.settings = {key: value for key, value in self.settings.items() if f".{name}." not in key}
        self._forget_sources()
        return gone

    def add_address(self, name: str, address: str) -> None:
        """One more address on a device."""
        held = self.device(name).addresses
        if address in held:
            raise Refusal(EXISTS)
        held.append(address)

    def remove_address(self, name: str, address: str) -> None:
        """One address less; IPv4 routes that send from it go along once no device has it."""
        held = self.device(name).addresses
        if address not in held:
            raise Refusal("RTNETLINK answers: Cannot assign requested address")
        held.remove(address)
        self._forget_sources()

    def _forget_sources(self) -> None:
        own = {address.split("/")[0] for device in self.devices.values() for address in device.addresses}
        self.routes = [r for r in self.routes if r.source is None or ":" in r.source or r.source in own]

    def add_route(self, route: Route, replace: bool) -> None:
        """A route where there is none, or (`replace`) in the place of the one that is there."""
        self._check_route(route)
        held = [each for each in self.routes if each.slot == route.slot]
        if held and not replace:
            raise Refusal(EXISTS)
        self.routes = [each for each in self.routes if each.slot != route.slot] + [route]

    def _check_route(self, route: Route) -> None:
        if route.device is None:
            return
        if not self.device(route.device).up:
            raise Refusal("RTNETLINK answers: Network is down")
        own = {address.split("/")[0] for device in self.devices.values() for address in device.addresses}
        if route.source and route.source not in own:
            raise Refusal("RTNETLINK answers: Invalid argument")
        on_link = {each.prefix.split("/")[0] for each in self.routes if each.device == route.device and not each.via}
        if route.via and route.via not in on_link:
            raise Refusal("RTNETLINK answers: Network is unreachable")

    def remove_route(self, route: Route) -> None:
        """The route that is in this place."""
        if not any(each.slot == route.slot for each in self.routes):
            raise Refusal("RTNETLINK answers: No such process")
        self.routes = [each for each in self.routes if each.slot != route.slot]


@dataclass(slots=True)
class Network:
    """A host's namespaces: "" is the host's own."""

    spaces: dict[str, Space] = field(default_factory=lambda: {"": Space()})
    indexes: int = 1

    @property
    def own(self) -> Space:
        """The host's own namespace."""
        return self.spaces[""]

    def space(self, name: str | None) -> Space:
        """A namespace by name."""
        if (name or "") not in self.spaces:
            raise Refusal(f'Cannot open network namespace "{name}": No such file or directory')
        return self.spaces[name or ""]

    def ip(self, line: str, netns: str | None, family: int | None) -> None:
        """One line of `ip -batch`."""
        words, space = Words(line.split()), self.space(netns)
        match words.take(), words.take():
            case "netns", verb:
                self._netns(verb, words.take())
            case "link", "add":
                self._add_pair(netns or "", words)
            case "link", "del":
                self.remove_device(netns or "", words.take())
            case "link", "set":
                _set_link(space.device(words.take()), words)
            case "addr", verb:
                _address(space, verb, words)
            case "route", verb:
                _route(space, verb, words)
            case "rule", verb:
                _rule(space, verb, family or 4, words)
            case unknown:
                raise Refusal(f'Object "{unknown[0]}" is unknown, try "ip help": {line}')
        if words.next:
            raise Refusal(f'Error: argument "{words.next}" is wrong: {line}')

    def _netns(self, verb: str, name: str) -> None:
        if verb == "add":
            if name in self.spaces:
                raise Refusal(f'Cannot create namespace file "/run/netns/{name}": File exists')
            self.spaces[name] = Space(rules=[Rule(4, 0, "lookup local", "kernel")])
            self.add_device(name, Device("lo", None, 1))
        elif verb == "del":
            gone = self.space(name)
            for device in list(gone.devices):
                self.remove_device(name, device)
            del self.spaces[name]
        else:
            raise Refusal(f'Command "{verb}" is unknown, try "ip netns help".')

    def _add_pair(self, netns: str, words: Words) -> None:
        words.expect("name")
        name = words.take()
        words.expect("group")
        group = words.take()
        words.expect("mtu")
        mtu = int(words.take())
        words.expect("type", "veth", "peer", "name")
        inner = words.take()
        words.expect("mtu", str(mtu), "netns")
        other = words.take()
        self.space(other)
        self.add_device(netns, Device(name, "veth", 0, mtu, group=group, peer=(other, inner)))
        self.add_device(other, Device(inner, "veth", 0, mtu, peer=(netns, name)))

    def add_device(self, netns: str, device: Device) -> None:
        """A new device, with an index that no other has."""
        held = self.space(netns).devices
        if device.name in held:
            raise Refusal(EXISTS)
        self.indexes += 1
        device.index = device.index or self.indexes
        held[device.name] = device

    def remove_device(self, netns: str, name: str) -> None:
        """A device and the other end of its pair."""
        gone = self.space(netns).drop(name)
        if gone.peer and gone.peer[0] in self.spaces:
            self.spaces[gone.peer[0]].drop(gone.peer[1])


def _set_link(device: Device, words: Words) -> None:
    match words.take():
        case "up":
            device.up = True
        case "alias":
            device.alias = words.take()
        case "mtu":
            device.mtu = int(words.take())
        case other:
            raise Refusal(f'Error: either "dev" is duplicate, or "{other}" is a garbage.')


def _address(space: Space, verb: str, words: Words) -> None:
    address = words.take()
    words.expect("dev")
    name = words.take()
    if verb == "add":
        words.accept("nodad")
        space.add_address(name, address)
    elif verb == "del":
        space.remove_address(name, address)
    else:
        raise Refusal(f'Command "{verb}" is unknown, try "ip address help".')


def _route(space: Space, verb: str, words: Words) -> None:
    route = _read_route(words)
    if verb == "del":
        space.remove_route(route)
    elif verb in ("add", "replace"):
        space.add_route(route, verb == "replace")
    else:
        raise Refusal(f'Command "{verb}" is unknown, try "ip route help".')


def _read_route(words: Words) -> Route:
    kind = words.take() if words.next in ("unreachable", "local") else "unicast"
    prefix, given = words.take(), dict[str, str]()
    while words.next:
        word = words.take()
        if word not in ("via", "dev", "table", "proto", "src", "metric"):
            raise Refusal(f'Error: either "to" is duplicate, or "{word}" is a garbage.')
        given[word] = words.take()
    metric = int(given.get("metric", 1024 if ":" in prefix else 0))
    protocol = given.get("proto", "boot")
    table, device = given.get("table", "main"), given.get("dev")
    return Route(kind, prefix, table, device, given.get("via"), given.get("src"), protocol, metric)


def _rule(space: Space, verb: str, family: int, words: Words) -> None:
    words.expect("pref")
    priority = int(words.take())
    said = " ".join(words.listed[words.at :])
    words.at = len(words.listed)
    selector, _, protocol = said.partition(" protocol ")
    rule = Rule(family, priority, selector, protocol or "boot")
    if verb == "del" and not said:
        rule = next((each for each in space.rules if (each.family, each.priority) == (family, priority)), rule)
    if verb == "add" and rule in space.rules:
        raise Refusal(EXISTS)
    if verb == "del" and rule not in space.rules:
        raise Refusal(MISSING)
    if verb not in ("add", "del"):
        raise Refusal(f'Command "{verb}" is unknown, try "ip rule help".')
    space.rules = [each for each in space.rules if each != rule] + ([rule] if verb == "add" else [])
