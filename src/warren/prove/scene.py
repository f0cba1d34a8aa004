"""What all packets of a set have in common at a hook, and what expressions of rules are for them.

In: a node, devices, connection tracking, marks. Out: for an expression either one value for the whole set, or the
level of the diagram that it speaks of. Never looks at a set itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from warren.formats.nft import model as nft
from warren.prove.devices import Devices
from warren.prove.diagrams import ALL, Diagram, Space, Span
from warren.prove.header import ICMP, ICMP6, NUMBERS, TCP
from warren.prove.look import FAMILY, ICMP6_TYPES, ICMP_TYPES, MESSAGES, PLAIN_HEADER, Known, fits
from warren.prove.network import Node
from warren.prove.packets import PROTO, Roles

TYPES = {
    ICMP: {name: number for number, name in ICMP_TYPES.items()},
    ICMP6: {name: number for number, name in ICMP6_TYPES.items()},
}


@dataclass(frozen=True, slots=True)
class Scene:
    """`flags` are those of TCP packets; marks are those of the packet and of its connection."""

    space: Space
    version: int
    node: Node
    roles: Roles
    iif: Devices
    oif: Devices
    state: str
    direction: str
    flags: frozenset[str]
    status: frozenset[str] = frozenset()
    mark: int = 0
    ct_mark: int = 0

    @property
    def signature(self) -> tuple[object, ...]:
        """What chains of the node can see, but for marks; devices by their identity."""
        devices = id(self.iif), id(self.oif)
        return (*devices, self.roles.is_answer, self.state, self.direction, self.flags, self.status)


@dataclass(frozen=True, slots=True)
class Bound:
    """An expression in a scene: a `value`, or a `level` (whose numbers are shifted left by `shift`), or devices.

    It has a value only for headers in `domain`.
    """

    value: Known | None = None
    level: int | None = None
    devices: Devices | None = None
    local: bool = False
    shift: int = 0
    names: Mapping[str, int] | None = None
    domain: Diagram = ALL

    @property
    def signature(self) -> tuple[object, ...]:
        """What constants beside the expression mean depends on this alone."""
        return self.value, self.level, id(self.devices), self.shift, self.domain, self.local

    def spans(self, scene: Scene, constant: nft.Value) -> list[Span] | None:
        """The spans of the level that a constant covers; None for all, where it is not a question of the header."""
        if self.devices is not None and self.devices.single is None:
            return self._devices_spans(constant)
        if self.local:
            return _local_spans(scene) if constant == "local" else []
        if self.level is None:
            known = self.value if self.devices is None else self.devices.single
            return None if known is not None and fits(known, constant) else []
        return self.level_spans(constant)

    @property
    def at(self) -> int | None:
        """The level that spans are of."""
        return self.devices.level if self.devices is not None else self.level

    def _devices_spans(self, constant: nft.Value) -> list[Span]:
        assert self.devices is not None
        if isinstance(constant, str) and not constant.endswith("*"):
            return list(self.devices.spans.get(constant, ()))
        return [span for name, spans in self.devices.spans.items() if fits(name, constant) for span in spans]

    @property
    def is_plain(self) -> bool:
        """Whether a constant beside it is one span of its level."""
        return self.level is not None and self.devices is None and not self.local

    def level_spans(self, constant: nft.Value) -> list[Span]:
        """The span of the level that a constant covers, if any."""
        match constant:
            case nft.Prefix() | nft.Span():
                first, last = constant.first, constant.last
            case int():
                first = last = constant
            case str() if self.names and constant in self.names:
                first = last = self.names[constant]
            case _:
                return []
        return [(first << self.shift, (last + 1 << self.shift) - 1)]


def _local_spans(scene: Scene) -> list[Span]:
    own = [(number, number) for version, number in scene.node.local if version == scene.version]
    return [*own, (127 << 24, (128 << 24) - 1)] if scene.version == 4 else own


def bind(expression: nft.Expression, scene: Scene) -> Bound | None:
    """An expression in a scene; None where no packet of the scene has a value for it."""
    match expression:
        case nft.Meta(key):
            return _meta(key, scene)
        case nft.Payload(protocol, field):
            return _payload(protocol, field, scene)
        case nft.Ct(key, None):
            return _tracked(key, scene)
        case nft.Masked(inner, mask):
            return _masked(bind(inner, scene), mask)
        case nft.Fib("type", flags) if "daddr" in flags:
            return Bound(level=scene.roles.target, local=True)
    return None


def _meta(key: str, scene: Scene) -> Bound | None:
    match key:
        case "iifname" | "iif":
            return Bound(devices=scene.iif)
        case "oifname" | "oif":
            return Bound(devices=scene.oif)
        case "l4proto":
            return Bound(level=PROTO, names=NUMBERS)
        case "nfproto":
            return Bound(f"ipv{scene.version}")
        case "mark":
            return Bound(scene.mark)
    return None


def _payload(protocol: str, field: str, scene: Scene) -> Bound | None:
    roles = scene.roles
    if protocol in FAMILY:
        fields = {"saddr": roles.source, "daddr": roles.target, "protocol": PROTO, "nexthdr": PROTO}
        level = fields.get(field)
        if FAMILY[protocol] != scene.version:
            return None
        if level is None:
            return Bound(PLAIN_HEADER) if field == "hdrlength" else None
        return Bound(level=level, names=NUMBERS if level == PROTO else None)
    if protocol == "th":
        return _port(field, roles, ALL)
    if protocol not in NUMBERS:
        return None
    number = NUMBERS[protocol]
    if MESSAGES.get(number, scene.version) != scene.version:
        return None
    domain = scene.space.spans(PROTO, [(number, number)])
    if field == "type" and number in TYPES:
        return Bound(level=roles.sport, shift=8, names=TYPES[number], domain=domain)
    if (number, field) == (TCP, "flags"):
        return Bound(scene.flags, domain=domain)
    return _port(field, roles, domain)


def _port(field: str, roles: Roles, domain: Diagram) -> Bound | None:
    level = {"sport": roles.sport, "dport": roles.dport}.get(field)
    return None if level is None else Bound(level=level, domain=domain)


def _tracked(key: str, scene: Scene) -> Bound | None:
    match key:
        case "state":
            return Bound(frozenset({scene.state}))
        case "status":
            return Bound(scene.status)
        case "direction":
            return Bound(scene.direction)
        case "mark":
            return Bound(scene.ct_mark)
    return None


def _masked(bound: Bound | None, mask: int | nft.Flags) -> Bound | None:
    if bound is None:
        return None
    if isinstance(bound.value, int) and isinstance(mask, int):
        return Bound(bound.value & mask, domain=bound.domain)
    if isinstance(bound.value, frozenset) and isinstance(mask, nft.Flags):
        return Bound(bound.value & mask.names, domain=bound.domain)
    return None
