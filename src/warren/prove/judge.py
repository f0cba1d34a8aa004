"""What the chains of one hook do with one packet: a slow reading of nftables, rule by rule and element by element.

In: base chains and what a rule can see. Out: a verdict, the rule that gave it, and what the rules changed. Never uses
an index: this is what the fast reading is checked against.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from warren.formats.nft import model as nft
from warren.formats.nft.write_rule import rule as written
from warren.prove.header import Packet
from warren.prove.hooks import Base
from warren.prove.look import View, find, holds

ACCEPTED, DENIED, ON = "accept", "drop", "continue"


@dataclass(frozen=True, slots=True)
class Ruling:
    """A verdict (`accept`, `drop` or, inside a chain, `continue`), the packet as it left, and who decided.

    `translation` is set by chains of translation.
    """

    verdict: str
    view: View
    chain: str = ""
    index: int = -1
    rule: nft.Rule | None = None
    element: nft.Element | None = None
    translation: nft.Dnat | nft.Snat | nft.Masquerade | nft.Redirect | None = None
    leads: nft.Key | None = None

    @property
    def words(self) -> str | None:
        """The rule as nft writes it; one of others may have names that nothing here would write."""
        try:
            return written(self.rule) if self.rule else None
        except ValueError:
            return f"a rule of {self.chain}"

    @property
    def comment(self) -> str | None:
        """The words of the file on the element, else on the rule."""
        found = self.element.comment if self.element else None
        return found or (self.rule.comment if self.rule else None)


def judge(bases: Iterable[Base], view: View) -> tuple[Ruling, ...]:
    """Every base chain in its order; the last ruling is the one that counts."""
    rulings: list[Ruling] = []
    for base in bases:
        if not base.sees(view.packet.version):
            continue
        ruling = _chain(base, base.chain, view, 0)
        if ruling.verdict == ON:
            ruling = replace(ruling, verdict=base.policy, chain=base.chain.name)
        rulings.append(ruling)
        view = ruling.view
        if ruling.verdict == DENIED or ruling.translation:
            break
    return tuple(rulings)


def _chain(base: Base, chain: nft.Chain, view: View, depth: int) -> Ruling:
    for index, rule in enumerate(chain.rules):
        ruling = _rule(base, rule, view, depth)
        view = ruling.view
        if ruling.verdict == "return":
            break
        if ruling.verdict != ON:
            return ruling if ruling.chain else replace(ruling, chain=chain.name, index=index, rule=rule)
    return Ruling(ON, view)


def _rule(base: Base, rule: nft.Rule, view: View, depth: int) -> Ruling:
    element: nft.Element | None = None
    for statement in rule.statements:
        match statement:
            case nft.Match():
                passed, seen = holds(base.lookups, statement, view)
                element = seen or element
                if not passed:
                    return Ruling(ON, view)
            case nft.VerdictMap(key, where):
                hit = find(base.lookups, where, key, view)
                if hit is not None and not isinstance(hit.data, nft.Continue):
                    return _verdict(base, hit.data, view, depth, hit)
            case nft.Limit(over=over) | nft.CtCount(over=over):
                if over:  # within the rate: whoever exceeds it is another question
                    return Ruling(ON, view)
            case nft.SetUpdate(statements=inner):
                if any(isinstance(each, nft.Limit | nft.CtCount) and each.over for each in inner):
                    return Ruling(ON, view)
            case nft.MarkSet() | nft.MarkLookup():
                changed = _marked(base, statement, view)
                if changed is None:
                    return Ruling(ON, view)
                view = changed
            case nft.Dnat() | nft.Snat() | nft.Masquerade() | nft.Redirect():
                return _translated(base, statement, view, element)
            case nft.Accept() | nft.Drop() | nft.Reject() | nft.Return() | nft.Jump() | nft.Goto():
                return _verdict(base, statement, view, depth, element)
            case nft.Unknown():
                return Ruling(ON, view)
            case _:
                pass
    return Ruling(ON, view)


def _verdict(base: Base, verdict: object, view: View, depth: int, element: nft.Element | None) -> Ruling:
    match verdict:
        case nft.Accept():
            return Ruling(ACCEPTED, view, element=element)
        case nft.Drop() | nft.Reject():
            return Ruling(DENIED, view, element=element)
        case nft.Jump(name) if depth < 16:
            return _inner(base, name, view, depth)
        case nft.Goto(name) if depth < 16:
            inner = _inner(base, name, view, depth)
            # Not back to the caller: on with the caller's caller, in a base chain with its policy.
            return replace(inner, verdict="return") if inner.verdict == ON else inner
        case nft.Return():
            return Ruling("return", view)
    return Ruling(ON, view)


def _inner(base: Base, name: str, view: View, depth: int) -> Ruling:
    chain = base.chains.get(name)
    return _chain(base, chain, view, depth + 1) if chain else Ruling(ON, view)


def _marked(base: Base, statement: nft.MarkSet | nft.MarkLookup, view: View) -> View | None:
    """With the new mark; None where a map has no value for the key."""
    if isinstance(statement, nft.MarkLookup):
        hit = find(base.lookups, statement.lookup.map, statement.lookup.key, view)
        data = hit.data if hit else None
        if not isinstance(data, tuple) or not isinstance(data[0], int):
            return None
        value = data[0]
    else:
        source = statement.source or statement.target
        value = ((view.packet.mark if source == "meta" else view.ct_mark) & statement.keep) | statement.value
    return set_mark(view, statement.target, value)


def set_mark(view: View, target: str, value: int) -> View:
    """The view with the packet's or the connection's mark set."""
    if target == "ct":
        return replace(view, ct_mark=value)
    packet: Packet = replace(view.packet, mark=value)
    return replace(view, packet=packet)


def _translated(
    base: Base,
    statement: nft.Dnat | nft.Snat | nft.Masquerade | nft.Redirect,
    view: View,
    element: nft.Element | None,
) -> Ruling:
    """The translation that a rule asks for; a map without a value for the key goes on with the next rule."""
    if isinstance(statement, nft.Dnat | nft.Snat):
        if statement.family is not None and (statement.family == "ip") != (view.packet.version == 4):
            return Ruling(ON, view)
        if isinstance(statement.to, nft.MapLookup):
            hit = find(base.lookups, statement.to.map, statement.to.key, view)
            if hit is None or not isinstance(hit.data, tuple):
                return Ruling(ON, view)
            return Ruling(ACCEPTED, view, element=hit, translation=statement, leads=hit.data)
    return Ruling(ACCEPTED, view, element=element, translation=statement)
