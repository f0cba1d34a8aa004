"""A WireGuard interface with its peers, by the kernel or by wireguard-go.

In: public keys, endpoints and prefixes. Out: `ip` and `wg` commands and the interface read back. The private key is a
file of the host, made there by `MAKE_KEY`; it never travels and is never printed (wg(8), wireguard-go(8)).
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from warren.desired.items.netns import ALIAS, GROUP, LOOSE, is_ours, loose_filter
from warren.desired.model import Item, Rank, differing_fields
from warren.desired.steps import Ip, Sh, Step
from warren.formats.iproute import Link

KEY_FILE = "/etc/warren/wireguard.key"
MAKE_KEY = (
    f"[ -s {KEY_FILE} ] || "
    f"{{ mkdir -p /etc/warren && (umask 077; wg genkey > {KEY_FILE}.new) && mv {KEY_FILE}.new {KEY_FILE}; }}"
)
# What stands in a plan for the key of a host that has none yet.
UNKNOWN_KEY = "(known after apply)"


@dataclass(frozen=True, slots=True)
class Peer:
    """Another end: `allowed` prefixes as texts, `keepalive` in seconds or None; a listener's peers have no endpoint."""

    public_key: str
    allowed: frozenset[str]
    endpoint: str | None = None
    keepalive: int | None = None

    def __str__(self) -> str:
        return f"{self.public_key[:8]}… at {self.endpoint or 'anywhere'} for {', '.join(sorted(self.allowed))}"


@dataclass(frozen=True, slots=True)
class Tunnel:
    """One interface. `listen_port` None lets the kernel choose; `mtu` in bytes; addresses as texts with their
    length.
    """

    name: str
    mtu: int
    addresses: frozenset[str]
    peers: frozenset[Peer]
    listen_port: int | None = None
    up: bool = True
    rp_filter: str = LOOSE
    # Whether it speaks with the key that lies in the host's file; never which one that is.
    keyed: bool = True
    # The names of the peers' hosts by public key, for people; not part of the state.
    names: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    @property
    def key(self) -> str:
        return f"link:{self.name}"

    @property
    def rank(self) -> Rank:
        return Rank.TUNNEL

    @property
    def inside(self) -> str | None:
        return None

    def describe(self) -> str:
        port = f"listening on {self.listen_port}, " if self.listen_port else ""
        return f"WireGuard, {port}{len(self.peers)} peer{'s' if len(self.peers) != 1 else ''}"

    def create(self) -> tuple[Step, ...]:
        """The interface, its peers, and only then up."""
        return (
            Sh(_make(self.name)),
            Ip(f"link set {self.name} alias {ALIAS}"),
            Sh(_set(self.name, self._interface(None))),
            # wireguard-go sets an MTU of its own as it starts; whoever answers `wg set` has started.
            Ip(f"link set {self.name} mtu {self.mtu}"),
            *(Sh(_set(self.name, _peer(peer))) for peer in sorted(self.peers, key=str)),
            *(Ip(f"addr add {a} dev {self.name}{' nodad' if ':' in a else ''}") for a in sorted(self.addresses)),
            loose_filter(self.name),
            Ip(f"link set {self.name} up"),
        )

    def change(self, old: Item) -> tuple[Step, ...]:
        if not isinstance(old, Tunnel):
            return (*old.remove(), *self.create())
        return (*self._change_link(old), *self._change_peers(old))

    def _change_link(self, old: Tunnel) -> Iterator[Step]:
        if old.mtu != self.mtu:
            yield Ip(f"link set {self.name} mtu {self.mtu}")
        if old.listen_port != self.listen_port or not old.keyed:
            yield Sh(_set(self.name, self._interface(old)))
        for address in sorted(self.addresses - old.addresses):
            yield Ip(f"addr add {address} dev {self.name}{' nodad' if ':' in address else ''}")
        for address in sorted(old.addresses - self.addresses):
            yield Ip(f"addr del {address} dev {self.name}")
        if old.rp_filter != self.rp_filter:
            yield loose_filter(self.name)
        if not old.up:
            yield Ip(f"link set {self.name} up")

    def _change_peers(self, old: Tunnel) -> Iterator[Step]:
        # A prefix belongs to one peer: what leaves goes first, or WireGuard would move it silently.
        for key in sorted({p.public_key for p in old.peers} - {p.public_key for p in self.peers}):
            yield Sh(_set(self.name, f"peer {shlex.quote(key)} remove"))
        for peer in sorted(self.peers - old.peers, key=str):
            yield Sh(_set(self.name, _peer(peer)))

    def remove(self) -> tuple[Step, ...]:
        return (Ip(f"link del {self.name}"),)

    def differences(self, old: Item) -> tuple[str, ...]:
        named = differing_fields(self, old, ("mtu", "addresses", "listen_port", "peers", "up", "rp_filter"))
        return named if not isinstance(old, Tunnel) or old.keyed == self.keyed else (*named, "another key")

    def _interface(self, old: Tunnel | None) -> str:
        port = f"listen-port {self.listen_port or 0}" if self.listen_port or old else ""
        return f"private-key {KEY_FILE} {port}".strip()


def _make(name: str) -> str:
    # One that runs by itself outlives the script: as a unit where there is a manager, else as a session of its own. Its
    # device is there when it answers.
    socket = f"/var/run/wireguard/{name}.sock"
    unit = f"systemd-run -q --collect -p DefaultDependencies=no --unit=warren-{name} wireguard-go -f {name}"
    waits = f"i=0; until [ -S {socket} ] || [ $i -gt 50 ]; do i=$((i+1)); sleep 0.1; done"
    own = f"mkdir -p /var/run/wireguard; rm -f {socket}; setsid wireguard-go {name} >/dev/null 2>&1"
    user = f"if [ -d /run/systemd/system ]; then rm -f {socket}; {unit}; {waits}; else {own}; fi"
    grouped = f"ip link set {name} group {GROUP}"
    return (
        f"[ -e /sys/class/net/{name} ] || ip link add name {name} group {GROUP} type wireguard 2>/dev/null || "
        f"{{ {user}; {grouped}; }}"
    )


def _set(name: str, words: str) -> str:
    return f"wg set {name} {words}"


def _peer(peer: Peer) -> str:
    endpoint = f" endpoint {shlex.quote(peer.endpoint)}" if peer.endpoint else ""
    keepalive, allowed = peer.keepalive or 0, ",".join(sorted(peer.allowed))
    key = shlex.quote(peer.public_key)
    return f"peer {key}{endpoint} persistent-keepalive {keepalive} allowed-ips {allowed}"


def observed(
    links: Iterable[Link],
    dump: str,
    dialling: Mapping[str, bool],
    filters: Mapping[str, str],
    own_key: str | None = None,
) -> Iterator[Tunnel]:
    """Our interfaces, from the host's links and from `wg show all dump` without its secrets.

    `own_key` is the public part of the key in the host's file, empty where there is none, None where nobody looked.

    `dialling` says of each interface that is wanted whether it dials; one that is not wanted shows it by a peer that
    may send everything. The endpoints of those that dial are declared, and their port is the kernel's choice; elsewhere
    an endpoint is where the peer was last seen: neither is state of ours.
    """
    fields = [line.split("\t") for line in dump.splitlines()]
    dials = {**_dialling(fields), **dialling}
    ports = {each[0]: int(each[3]) for each in fields if len(each) == 5}
    keys = {each[0]: each[2] for each in fields if len(each) == 5}
    peers: dict[str, list[Peer]] = {}
    for each in fields:
        if len(each) == 9:
            peers.setdefault(each[0], []).append(_read_peer(each, dials[each[0]]))
    for link in links:
        if link.kind != "veth" and is_ours(link):
            port = None if dials.get(link.name) else ports.get(link.name)
            known = frozenset(peers.get(link.name, ()))
            keyed = own_key is None or keys.get(link.name) == own_key.strip()
            yield Tunnel(link.name, link.mtu, link.addresses, known, port, link.up, filters.get(link.name, ""), keyed)


def _dialling(fields: Iterable[list[str]]) -> dict[str, bool]:
    found: dict[str, bool] = {}
    for each in fields:
        if len(each) == 9:
            found[each[0]] = found.get(each[0], False) or "0.0.0.0/0" in each[4].split(",")
    return found


def _read_peer(fields: list[str], dials: bool) -> Peer:
    _, public, _, endpoint, allowed, _, _, _, keepalive = fields
    return Peer(
        public,
        frozenset() if allowed == "(none)" else frozenset(allowed.split(",")),
        endpoint if dials and endpoint != "(none)" else None,
        None if keepalive == "off" else int(keepalive),
    )
