"""The whole table: which sets there are, their elements, and the chains.

In: a view. Out: one `Rules` item. The skeleton is the same on every host of a network but for its gateways, its rates
and its guard; it does not grow with services.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from warren.desired.items.rules import Rules
from warren.desired.parts.connections import Connections
from warren.desired.parts.exposures import exposures
from warren.desired.parts.firewall import elements
from warren.desired.parts.firewall.forward import forward
from warren.desired.parts.firewall.local import local
from warren.desired.parts.firewall.merge import merged
from warren.desired.parts.firewall.nat import nat, timeouts
from warren.desired.parts.firewall.prerouting import prerouting
from warren.desired.parts.firewall.steering import steering
from warren.desired.parts.firewall.words import FamilyWords, families
from warren.desired.parts.limits import Limits, meter_timeout
from warren.desired.parts.permissions import permissions
from warren.desired.view import HostView
from warren.formats.nft import model as nft

TABLE = "warren"
PLAIN: frozenset[str] = frozenset()
INTERVAL = frozenset({"interval"})
METER = frozenset({"dynamic", "timeout"})
Declared = tuple[str, tuple[str, ...], tuple[str, ...] | None, frozenset[str]]

SHARED: tuple[Declared, ...] = (
    ("links", ("ifname",), None, PLAIN),
    ("services", ("ifname",), None, PLAIN),
    ("tunnels", ("ifname",), None, PLAIN),
    ("dialled", ("ifname",), None, PLAIN),
    ("allowed", ("inet_proto", "inet_service"), None, INTERVAL),
    ("ingress", ("ifname",), ("verdict",), PLAIN),
    ("leaves_by", ("ifname",), ("verdict",), PLAIN),
    ("came_by", ("ifname",), ("verdict",), PLAIN),
    ("answers_by", ("mark",), ("verdict",), PLAIN),
    ("known_by", ("mark",), ("verdict",), PLAIN),
)
ASKED = ("inet_proto", "inet_service")
# Interval sets whose ports may overlap in the file: one target behind two exposures.
MERGED = ("exposed_range", "arrive_range", "hidden")


def firewall(view: HostView) -> Iterator[Rules]:
    """The host's table."""
    limits = Limits.of(view)
    words = families(view.topology)
    held = _elements(view)
    declared = [*SHARED, *(each for family in words for each in _of_family(family))]
    sets = [nft.Set(n, key, leads, flags, elements=frozenset(held.pop(n, ()))) for n, key, leads, flags in declared]
    sets.extend(_limit_sets(limits, words, held))
    sets.extend(_ssh_meters(view, words))
    connections = Connections.of(view)
    sets.extend(connections.sets(words))
    if held:
        raise ValueError(f"elements for sets that are not declared: {', '.join(sorted(held))}")
    chains = (*prerouting(view, limits), *steering(view), *forward(view), *local(view), *nat(view, connections))
    plain = tuple(each for each in sets if each.data_type is None)
    maps = tuple(each for each in sets if each.data_type is not None)
    yield Rules(nft.Table("inet", TABLE, plain, maps, chains, timeouts=tuple(timeouts(view))))


def _elements(view: HostView) -> dict[str, set[nft.Element]]:
    held: dict[str, set[nft.Element]] = defaultdict(set)
    for subject in (
        elements.identity,
        elements.special,
        elements.egress,
        elements.answering,
        elements.returning,
        elements.guarded,
        permissions,
        exposures,
    ):
        for name, each in subject(view):
            held[name].add(each)
    for name in (f"{stem}{version}" for stem in MERGED for version in (4, 6)):
        if name in held:
            held[name] = merged(held[name])
    return held


def _of_family(family: FamilyWords) -> Iterator[Declared]:
    kind = family.type
    flow = (kind, kind, *ASKED)
    for stem, key, leads, flags in (
        ("pins", ("ifname", kind), None, PLAIN),
        ("tunnel_pins", ("ifname", kind), None, INTERVAL),
        ("special", (kind,), None, INTERVAL),
        ("bogons", (kind,), None, INTERVAL),
        ("metadata", (kind,), None, INTERVAL),
        ("public", (kind,), None, PLAIN),
        ("operators", (kind,), None, INTERVAL),
        ("permit", flow, None, PLAIN),
        ("permit_range", flow, None, INTERVAL),
        ("visitors", (kind,), None, PLAIN),
        ("visited", flow, None, INTERVAL),
        ("reach", flow, None, INTERVAL),
        ("reach_by", flow, ("verdict",), INTERVAL),
        ("outgoing", (kind,), None, PLAIN),
        ("leaves_here", (kind,), None, PLAIN),
        ("leaves_through", ("ifname", kind), None, PLAIN),
        ("exposed", (kind, *ASKED), None, PLAIN),
        ("exposed_range", (kind, *ASKED), None, INTERVAL),
        ("arrive", ("ifname", kind, *ASKED), None, PLAIN),
        ("arrive_range", ("ifname", kind, *ASKED), None, INTERVAL),
        ("hidden", (kind, *ASKED), None, INTERVAL),
        ("doors", (kind, *ASKED), None, PLAIN),
        ("guarded", (kind, *ASKED), None, INTERVAL),
        ("sources", (kind, *ASKED, kind), None, INTERVAL),
        ("returning", (kind, kind), None, INTERVAL),
        ("hidden_lan", (*ASKED, kind), None, INTERVAL),
        ("lan_sources", (*ASKED, kind), None, INTERVAL),
        ("expose", (kind, *ASKED), (kind, "inet_service"), PLAIN),
        ("expose_range", (kind, *ASKED), (kind,), INTERVAL),
        ("expose_lan", ASKED, (kind, "inet_service"), PLAIN),
        ("expose_lan_range", ASKED, (kind,), INTERVAL),
    ):
        yield family.name(stem), key, leads, flags


def _limit_sets(limits: Limits, words: tuple[FamilyWords, ...], held: dict[str, set[nft.Element]]) -> Iterator[nft.Set]:
    for name, key, flags, timeout in limits.sets(words):
        size = 65535 if "dynamic" in flags else None
        yield nft.Set(name, key, None, flags, size, timeout, elements=frozenset(held.pop(name, ())))


def _ssh_meters(view: HostView, words: tuple[FamilyWords, ...]) -> Iterator[nft.Set]:
    limit = view.host.guard.ssh_limit if view.host.guard else None
    if limit:
        for family in words:
            yield nft.Set(family.name("ssh_meter"), (family.type,), None, METER, 65535, meter_timeout(limit))
