"""What the chains of a hook look at, and what they can do at all.

In: a base chain. Out: which rules packets can come to, and the questions in them that have one answer for a whole set.
Never answers for a packet: chains that ask the same of two sets need not be worked out twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from warren.formats.nft import model as nft
from warren.prove.hooks import Base
from warren.prove.look import compares
from warren.prove.scene import Scene, bind

CHANGES = (nft.MarkSet, nft.MarkLookup, nft.Dnat, nft.Snat, nft.Masquerade, nft.Redirect)
REFUSES = (nft.Drop, nft.Reject)
DEVICES = {"iifname": "iif", "iif": "iif", "oifname": "oif", "oif": "oif"}


@dataclass(frozen=True, slots=True)
class Outline:
    """`plain` chains only accept and drop, `idle` ones let everything pass as it is.

    `devices` are those of iif and oif that rules look at, `asked` the expressions that have one value for a set.
    """

    plain: bool
    idle: bool
    devices: frozenset[str]
    asked: tuple[nft.Match | nft.Expression, ...]

    def answers(self, scene: Scene) -> tuple[object, ...]:
        """What a scene answers to all that is asked: sets of equal answers have equal fates."""
        iif = scene.iif if "iif" in self.devices else None
        oif = scene.oif if "oif" in self.devices else None
        return (scene.roles.is_answer, iif, oif, *[_answer(each, scene) for each in self.asked])


def outline(base: Base) -> Outline:
    """Read all chains that packets of a base chain can come to."""
    statements = [each for chain in reached(base) for rule in chain.rules for each in rule.statements]
    verdicts = [*statements, *(each.data for statement in statements for each in elements(base, statement))]
    changes = any(isinstance(each, CHANGES) for each in statements)
    refuses = base.policy == "drop" or any(isinstance(each, REFUSES) for each in verdicts)
    looked = [part for each in statements for part in _parts(each)]
    named = frozenset(DEVICES[each.key] for each in looked if isinstance(each, nft.Meta) and each.key in DEVICES)
    # A redirection or a masquerade takes the address of a device.
    taken = {"iif", "oif"} if any(isinstance(each, nft.Masquerade | nft.Redirect) for each in statements) else set()
    asked = tuple(dict.fromkeys(each for statement in statements for each in _asked(statement)))
    return Outline(not changes, not changes and not refuses, named | taken, asked)


def reached(base: Base) -> list[nft.Chain]:
    """The chains that packets of a base chain can come to."""
    found: dict[str, nft.Chain] = {}
    todo = [base.chain.name]
    while todo:
        chain = base.chains.get(todo.pop())
        if chain is None or chain.name in found:
            continue
        found[chain.name] = chain
        for rule in chain.rules:
            for statement in rule.statements:
                todo.extend(_targets(base, statement))
    return list(found.values())


def _targets(base: Base, statement: nft.Statement) -> Iterable[str]:
    if isinstance(statement, nft.Jump | nft.Goto):
        return [statement.chain]
    return {each.data.chain for each in elements(base, statement) if isinstance(each.data, nft.Jump | nft.Goto)}


def elements(base: Base, statement: nft.Statement) -> Iterable[nft.Element]:
    """The elements of a statement's verdict map."""
    match statement:
        case nft.VerdictMap(map=nft.SetReference(name)):
            held = base.lookups.get(name)
            return held.elements if held else ()
        case nft.VerdictMap(map=nft.AnonymousMap(found)):
            return found
    return ()


def _keys(statement: nft.Statement) -> Iterator[nft.Expression]:
    match statement:
        case nft.Match(left=key) | nft.VerdictMap(key=key) | nft.MarkLookup(lookup=nft.MapLookup(key=key)):
            yield key
        case nft.Dnat(to=nft.MapLookup(key=key)) | nft.Snat(to=nft.MapLookup(key=key)):
            yield key


def _parts(statement: nft.Statement) -> Iterator[nft.Expression]:
    for key in _keys(statement):
        for part in key.parts if isinstance(key, nft.Concat) else (key,):
            yield part.expression if isinstance(part, nft.Masked) else part


def _asked(statement: nft.Statement) -> Iterator[nft.Match | nft.Expression]:
    """Of a comparison its outcome is what counts; of a look-up the value."""
    if not any(_is_of_the_set(part) for part in _parts(statement)):
        return
    if isinstance(statement, nft.Match) and isinstance(statement.right, nft.Literal | nft.Flags):
        yield statement
        return
    for key in _keys(statement):
        parts = key.parts if isinstance(key, nft.Concat) else (key,)
        yield from (part for part in parts if _is_of_the_set(part))


def _is_of_the_set(part: nft.Expression) -> bool:
    inner = part.expression if isinstance(part, nft.Masked) else part
    match inner:
        case nft.Ct():
            return True
        case nft.Meta(key):
            return key == "mark"
        case nft.Payload(protocol, field):
            return (protocol, field) == ("tcp", "flags")
    return False


def _answer(asked: nft.Match | nft.Expression, scene: Scene) -> object:
    expression = asked.left if isinstance(asked, nft.Match) else asked
    bound = bind(expression, scene)
    if bound is None or bound.value is None:
        return None
    return compares(asked.op, bound.value, asked.right) if isinstance(asked, nft.Match) else bound.value
