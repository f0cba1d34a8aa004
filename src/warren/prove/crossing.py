"""A set of packets through one node: hooks, translation, route, hooks.

In: headers and the devices by which they come. Out: what passes, by the way on which it leaves. The same for the first
packets of connections, which may be translated and are remembered as a leg, and for later ones, which follow their leg.
Never goes to another node.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol

from warren.prove.devices import Devices, agree, one
from warren.prove.diagrams import NOTHING, Diagram, Space
from warren.prove.header import ACK, SYN
from warren.prove.naming import Names, Naming
from warren.prove.network import Node
from warren.prove.packets import ANSWER, QUESTION, Roles
from warren.prove.routing import LO, Fate
from warren.prove.scene import Scene
from warren.prove.sieve import Flows, Marks, Sieve
from warren.prove.tunnels import End
from warren.prove.ways import Region, Ways

NONE = one("")
LOOP = one(LO)


@dataclass(frozen=True, slots=True)
class Leg:
    """What a node remembers of connections that it passed: devices None is the node itself.

    `came` and `went` are the other ends of tunnels.
    """

    node: Node
    iif: Devices | None
    oif: Devices | None
    ct_mark: int
    naming: Naming
    came: End | None = None
    went: End | None = None


@dataclass(frozen=True, slots=True)
class Passed:
    """Headers that passed a node, with the region of the routes that they leave by; none is the node itself."""

    headers: Diagram
    region: Region | None
    marks: Marks
    naming: Naming


class Translator(Protocol):
    """What becomes of packets where a hook translates: the connections' naming, and their headers afterwards."""

    def __call__(self, hook: str, flows: Flows, scene: Scene, naming: Naming) -> Iterator[tuple[Naming, Flows]]: ...


@dataclass(frozen=True, slots=True)
class Crossing:
    """Nodes of one network and family. What a node did once is remembered, for the next proof as well.

    Nodes and devices are known by their identity, which what is remembered holds: one that has changed is another.
    """

    space: Space
    version: int
    sieve: Sieve
    ways: Ways
    names: Names
    openings: dict[tuple[object, ...], tuple[Node, Devices | None, tuple[Passed, ...]]] = field(default_factory=dict)
    followings: dict[tuple[object, ...], tuple[Leg, Diagram]] = field(default_factory=dict)

    def opening(self, node: Node, headers: Diagram, iif: Devices | None) -> tuple[Passed, ...]:
        """First packets; `iif` None is the node itself."""
        key = (id(node), id(iif), headers)
        found = self.openings.get(key)
        if found is None:
            scene = self._scene(node, QUESTION, iif, "new", SYN)
            passed = tuple(self._through(headers, scene, self._translate, Naming(), iif is None))
            found = self.openings[key] = (node, iif, passed)
        return found[2]

    def again(self, leg: Leg, headers: Diagram, answer: bool, following: Diagram) -> Diagram:
        """Answers, or later packets: those that leave where the connection's leg says, and are in `following`."""
        if headers == NOTHING:
            return NOTHING
        key = (id(leg.node), id(leg.iif), id(leg.oif), leg.ct_mark, leg.naming, headers, answer, following)
        found = self.followings.get(key)
        if found is None:
            found = self.followings[key] = (leg, self._again(leg, headers, answer, following))
        return found[1]

    def _again(self, leg: Leg, headers: Diagram, answer: bool, following: Diagram) -> Diagram:
        comes, goes = (leg.oif, leg.iif) if answer else (leg.iif, leg.oif)
        flags = SYN | ACK if answer else ACK
        scene = self._scene(leg.node, ANSWER if answer else QUESTION, comes, "established", flags)
        scene = replace(scene, ct_mark=leg.ct_mark, direction="reply" if answer else "original")
        passed = self._through(headers, scene, self._follow, leg.naming, comes is None)
        return self.space.union(self._as_agreed(leg.node, each, goes, following) for each in passed)

    def _as_agreed(self, node: Node, passed: Passed, goes: Devices | None, following: Diagram) -> Diagram:
        region = passed.region
        if goes is None or region is None or region.devices is None:
            return passed.headers if goes is None and region is None else NOTHING
        same = agree(self.space, region.devices, goes)
        if goes.single is None:
            following = self.ways.neighbours(node, region)
        return self.space.both(self.space.both(passed.headers, same), following)

    def _scene(self, node: Node, roles: Roles, iif: Devices | None, state: str, flags: frozenset[str]) -> Scene:
        return Scene(self.space, self.version, node, roles, iif or NONE, NONE, state, "original", flags)

    def _through(
        self, headers: Diagram, scene: Scene, translator: Translator, naming: Naming, own: bool
    ) -> Iterator[Passed]:
        flows = {(0, scene.ct_mark): headers}
        if own:
            yield from self._sent(flows, scene, translator, naming)
        else:
            yield from self._received(flows, scene, translator, naming)

    def _received(self, flows: Flows, scene: Scene, translator: Translator, naming: Naming) -> Iterator[Passed]:
        martian, early = self.ways.dropped(scene.roles) if scene.iif.single != LO else (NOTHING, NOTHING)
        flows = {marks: self.space.without(headers, early) for marks, headers in flows.items()}
        for named, passing in self._hook("prerouting", flows, scene, translator, naming):
            seen = self._seen(scene, named)
            for marks, headers in passing.items():
                headers = self.space.without(headers, martian)
                for region in self.ways.regions(scene.node, scene.roles, marks[0], scene.iif):
                    yield from self._routed(region, marks, headers, seen, translator, named)

    def _routed(
        self, region: Region, marks: Marks, headers: Diagram, scene: Scene, translator: Translator, naming: Naming
    ) -> Iterator[Passed]:
        headers = self.space.both(headers, region.headers)
        if headers == NOTHING:
            return
        believed = self.ways.believed(scene.node, scene.roles, marks[0], scene.iif, region.devices)
        flows = {marks: self.space.both(headers, believed)}
        if region.fate is Fate.LOCAL:
            for named, passing in self._hook("input", flows, scene, translator, naming):
                yield from (Passed(each, None, at, named) for at, each in passing.items())
        elif region.devices is not None and scene.node.forwards(self.version):
            scene = replace(scene, oif=region.devices)
            passing = self._filter(self._bases(scene, "forward"), flows, scene)
            yield from self._leaving(region, passing, scene, translator, naming)

    def _leaving(
        self, region: Region, flows: Flows, scene: Scene, translator: Translator, naming: Naming
    ) -> Iterator[Passed]:
        for named, passing in self._hook("postrouting", flows, scene, translator, naming):
            yield from (Passed(headers, region, marks, named) for marks, headers in passing.items())

    def _sent(self, flows: Flows, scene: Scene, translator: Translator, naming: Naming) -> Iterator[Passed]:
        """A node's own packets: routed, judged, and routed again where translation or a mark changed the question."""
        for region in self.ways.regions(scene.node, scene.roles, 0, LOOP):
            first = {marks: self.space.both(headers, region.headers) for marks, headers in flows.items()}
            at = replace(scene, oif=region.devices or LOOP)
            for named, passing in self._hook("output", first, at, translator, naming):
                for marks, headers in passing.items():
                    yield from self._rerouted(region, marks, headers, self._seen(at, named), translator, named)

    def _rerouted(
        self, first: Region, marks: Marks, headers: Diagram, scene: Scene, translator: Translator, naming: Naming
    ) -> Iterator[Passed]:
        changed = marks[0] or naming.target or (naming.source and scene.roles.is_answer)
        regions = self.ways.regions(scene.node, scene.roles, marks[0], LOOP) if changed else (first,)
        for region in regions:
            flows = {marks: self.space.both(headers, region.headers)}
            if region.fate is Fate.LOCAL:
                yield from self._received(flows, replace(scene, iif=LOOP, oif=NONE), translator, naming)
            else:
                at = replace(scene, oif=region.devices or NONE)
                yield from self._leaving(region, flows, at, translator, naming)

    def _hook(
        self, hook: str, flows: Flows, scene: Scene, translator: Translator, naming: Naming
    ) -> Iterator[tuple[Naming, Flows]]:
        """The filters of a hook, and the translation in their midst."""
        if not any(flows.values()):
            return
        seen = self._seen(scene, naming)
        passing = self._filter(scene.node.hooks.before(hook), flows, seen)
        if not scene.node.hooks.nats:
            yield naming, self._filter(scene.node.hooks.after(hook), passing, seen)
            return
        for named, translated in translator(hook, passing, seen, naming):
            at = self._seen(scene, named)
            yield named, self._filter(scene.node.hooks.after(hook), translated, at)

    def _bases(self, scene: Scene, hook: str) -> tuple[object, ...]:
        return scene.node.hooks.filters.get(hook, ())

    def _filter(self, bases: Iterable[object], flows: Flows, scene: Scene) -> Flows:
        held = {marks: headers for marks, headers in flows.items() if headers != NOTHING}
        return self.sieve.filter(bases, held, scene) if held else held  # type: ignore[arg-type]

    def _seen(self, scene: Scene, naming: Naming) -> Scene:
        status = naming.status
        return scene if status == scene.status else replace(scene, status=status)

    def _translate(self, hook: str, flows: Flows, scene: Scene, naming: Naming) -> Iterator[tuple[Naming, Flows]]:
        """First packets: what the chains of translation say."""
        is_target = hook in ("prerouting", "output")
        kept = dict(flows)
        for base in () if scene.iif is LOOP else scene.node.hooks.nats.get(hook, ()):
            if not base.sees(self.version):
                continue
            for each in self.sieve.translate(base, kept, scene):
                if is_target:
                    named = replace(naming, target=True)
                    yield named, {each.marks: self.names.targets(each, scene, hook)}
                    continue
                for ports, headers in self.names.sources(each, scene, hook):
                    yield replace(naming, source=True, ports=ports), {each.marks: headers}
            kept = self.sieve.pass_(base, kept, scene)
        yield naming, kept

    def _follow(self, hook: str, flows: Flows, scene: Scene, naming: Naming) -> Iterator[tuple[Naming, Flows]]:
        """Later packets: as the first one was translated; a packet that a node sends to itself already is."""
        if scene.iif is LOOP:
            yield naming, flows
            return
        is_target = (hook in ("prerouting", "output")) != scene.roles.is_answer
        if is_target and naming.target:
            flows = {marks: self.names.exchanged_targets(headers) for marks, headers in flows.items()}
        if not is_target and naming.source:
            flows = {marks: self.names.exchanged_sources(headers, naming.ports) for marks, headers in flows.items()}
        yield naming, flows
