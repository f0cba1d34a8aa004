"""What the chains of one hook do with a set of packets.

In: a base chain, and for each pair of marks the headers that have it. Out: what passes, and what a rule translates; the
rest was dropped. Never splits a set further than the rules do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from warren.formats.nft import model as nft
from warren.prove.diagrams import ALL, NOTHING, Diagram
from warren.prove.hooks import Base
from warren.prove.lookups import Reader
from warren.prove.outline import Outline, outline
from warren.prove.scene import Scene

Marks: TypeAlias = tuple[int, int]
Flows: TypeAlias = dict[Marks, Diagram]
Translation: TypeAlias = nft.Dnat | nft.Snat | nft.Masquerade | nft.Redirect
DEEPEST = 16
# Stands for whatever marks the packets have.
ANY: Marks = (-1, -1)


@dataclass(frozen=True, slots=True)
class Translated:
    """The headers that a rule translates; `leads` is the map's value for them where there is a map."""

    marks: Marks
    headers: Diagram
    rule: Translation
    table: Base


@dataclass(slots=True)
class Out:
    """What has left the chains: accepted with these marks, or translated. Parts of one fate may overlap."""

    accepted: list[tuple[Marks, Diagram]] = field(default_factory=list)
    translated: list[Translated] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sieve:
    """Chains on sets: worked out once for all headers, and then met with those of a set."""

    reader: Reader
    _known: dict[object, tuple[object, Out]] = field(default_factory=dict)
    # The same by the scene itself: most are asked for more than once.
    _met: dict[object, tuple[object, Out]] = field(default_factory=dict)
    _outlines: dict[int, tuple[Base, Outline]] = field(default_factory=dict)

    def filter(self, bases: Iterable[Base], flows: Flows, scene: Scene) -> Flows:
        """What passes all of these chains."""
        for base in bases:
            if flows and base.sees(scene.version) and not self.outline(base).idle:
                flows = self.pass_(base, flows, scene)
        return flows

    def pass_(self, base: Base, flows: Flows, scene: Scene) -> Flows:
        """What passes one base chain."""
        passing: Flows = {}
        for marks, headers in flows.items():
            for after, region in self.run(base, marks, scene).accepted:
                self.join(passing, marks if after is ANY else after, self.reader.space.both(headers, region))
        return passing

    def translate(self, base: Base, flows: Flows, scene: Scene) -> list[Translated]:
        """What a base chain translates."""
        found: list[Translated] = []
        for marks, headers in flows.items():
            for each in self.run(base, marks, scene).translated:
                met = self.reader.space.both(headers, each.headers)
                if met != NOTHING:
                    found.append(replace(each, headers=met))
        return found

    def run(self, base: Base, marks: Marks, scene: Scene) -> Out:
        """One base chain with its policy, for all headers that begin with these marks."""
        key = (id(base), marks, *scene.signature)
        found = self._met.get(key)
        if found is None:
            made = self._run(base, marks, replace(scene, mark=marks[0], ct_mark=marks[1]))
            found = self._met[key] = ((base, scene), made)
        return found[1]

    def _run(self, base: Base, marks: Marks, scene: Scene) -> Out:
        outlined = self.outline(base)
        # Chains that change no mark give back what they got, whichever it is.
        begin = ANY if outlined.plain else marks
        key = (id(base), begin, outlined.answers(scene))
        found = self._known.get(key)
        if found is None:
            out = Out()
            ending = self._chain(base, base.chain, {begin: ALL}, scene, out, 0)
            if base.policy == "accept":
                out.accepted.extend(ending.items())
            found = self._known[key] = ((base, scene), out)
        return found[1]

    def _chain(self, base: Base, chain: nft.Chain, flows: Flows, scene: Scene, out: Out, depth: int) -> Flows:
        """What comes back to the caller of the chain."""
        back: Flows = {}
        for rule in chain.rules:
            if not flows:
                break
            following: Flows = {}
            for marks, headers in flows.items():
                step = _Step(self, base, rule, scene, out, back, following, depth)
                step.go(marks, headers)
            flows = following
        for marks, headers in flows.items():
            self.join(back, marks, headers)
        return back

    def join(self, flows: Flows, marks: Marks, headers: Diagram) -> None:
        """Add headers to those of the same marks."""
        if headers != NOTHING:
            flows[marks] = self.reader.space.either(flows[marks], headers) if marks in flows else headers

    def chain(self, base: Base, name: str, flows: Flows, scene: Scene, out: Out, depth: int) -> Flows:
        """A chain that a rule jumps to; one that is not there does nothing."""
        chain = base.chains.get(name)
        if chain is None or depth >= DEEPEST:
            return flows
        return self._chain(base, chain, flows, scene, out, depth + 1)

    def outline(self, base: Base) -> Outline:
        """What a base chain looks at and can do."""
        found = self._outlines.get(id(base))
        if found is None:
            found = self._outlines[id(base)] = (base, outline(base))
        return found[1]


@dataclass(slots=True)
class _Step:
    """One rule: `back` goes to the chain's caller, `following` to the next rule."""

    sieve: Sieve
    base: Base
    rule: nft.Rule
    scene: Scene
    out: Out
    back: Flows
    following: Flows
    depth: int

    def go(self, marks: Marks, headers: Diagram) -> None:
        """The statements from left to right, for headers of one pair of marks."""
        reader, lookups = self.sieve.reader, self.base.lookups
        # What such a rule accepts may go on as well: whatever becomes of it there, it has been accepted.
        overlapping = isinstance(self.rule.statements[-1], nft.Accept) and self.sieve.outline(self.base).plain
        scene, begun = self.scene, headers
        for statement in self.rule.statements:
            if marks is not ANY and (scene.mark, scene.ct_mark) != marks:
                scene = replace(scene, mark=marks[0], ct_mark=marks[1])
            match statement:
                case nft.Match():
                    wanted = reader.match(lookups, statement, scene)
                    if not overlapping:
                        self._on(marks, reader.space.without(headers, wanted))
                    headers = reader.space.both(headers, wanted)
                case nft.VerdictMap(key, where):
                    for lead, wanted in reader.leads(lookups, where, key, scene):
                        self._verdict(lead, marks, reader.space.both(headers, wanted))
                        headers = reader.space.without(headers, wanted)
                case nft.MarkSet():
                    marks = _marked(statement, marks)
                case nft.MarkLookup():
                    headers = self._mark_by_map(statement, marks, headers, scene)
                case nft.Dnat() | nft.Snat() | nft.Masquerade() | nft.Redirect():
                    headers = self._translate(statement, marks, headers, scene)
                case nft.Accept() | nft.Drop() | nft.Reject() | nft.Return() | nft.Jump() | nft.Goto():
                    self._verdict(statement, marks, headers)
                    if overlapping and headers != begun:
                        self._on(marks, begun)
                    return
                case _ if _ends_the_rule(statement):
                    break
            if headers == NOTHING:
                break
        self._on(marks, begun if overlapping else headers)

    def _on(self, marks: Marks, headers: Diagram) -> None:
        self.sieve.join(self.following, marks, headers)

    def _verdict(self, verdict: object, marks: Marks, headers: Diagram) -> None:
        if headers == NOTHING:
            return
        match verdict:
            case nft.Accept():
                self.out.accepted.append((marks, headers))
            case nft.Return():
                self.sieve.join(self.back, marks, headers)
            case nft.Jump(name):
                self._inner(name, marks, headers, self.following)
            case nft.Goto(name):
                self._inner(name, marks, headers, self.back)
            case nft.Continue():
                self._on(marks, headers)

    def _inner(self, name: str, marks: Marks, headers: Diagram, afterwards: Flows) -> None:
        found = self.sieve.chain(self.base, name, {marks: headers}, self.scene, self.out, self.depth)
        for each, ending in found.items():
            self.sieve.join(afterwards, each, ending)

    def _mark_by_map(self, statement: nft.MarkLookup, marks: Marks, headers: Diagram, scene: Scene) -> Diagram:
        """Marks differ from here on, so what is left of the rule is done for each value apart: nothing is, in ours."""
        space = self.sieve.reader.space
        for lead, wanted in self.sieve.reader.leads(
            self.base.lookups, statement.lookup.map, statement.lookup.key, scene
        ):
            if isinstance(lead, tuple) and isinstance(lead[0], int):
                value = lead[0]
                changed = (value, marks[1]) if statement.target == "meta" else (marks[0], value)
                self._on(changed, space.both(headers, wanted))
                headers = space.without(headers, wanted)
        self._on(marks, headers)
        return NOTHING

    def _translate(self, statement: Translation, marks: Marks, headers: Diagram, scene: Scene) -> Diagram:
        """Note what the rule translates; what it does not is returned for the next rule."""
        wanted = headers
        if isinstance(statement, nft.Dnat | nft.Snat):
            if statement.family is not None and (statement.family == "ip") != (scene.version == 4):
                return headers
            if isinstance(statement.to, nft.MapLookup):
                leads = self.sieve.reader.leads(self.base.lookups, statement.to.map, statement.to.key, scene)
                covered = self.sieve.reader.space.union(region for _, region in leads)
                wanted = self.sieve.reader.space.both(headers, covered)
        if wanted != NOTHING:
            self.out.translated.append(Translated(marks, wanted, statement, self.base))
        return self.sieve.reader.space.without(headers, wanted)


def _marked(statement: nft.MarkSet, marks: Marks) -> Marks:
    source = statement.source or statement.target
    value = ((marks[0] if source == "meta" else marks[1]) & statement.keep) | statement.value
    return (value, marks[1]) if statement.target == "meta" else (marks[0], value)


def _ends_the_rule(statement: nft.Statement) -> bool:
    """Limits are kept, so what happens over them does not happen; what is not understood does not match."""
    match statement:
        case nft.Limit(over=over) | nft.CtCount(over=over):
            return over
        case nft.SetUpdate(statements=inner):
            return any(isinstance(each, nft.Limit | nft.CtCount) and each.over for each in inner)
        case nft.Unknown():
            return True
    return False
