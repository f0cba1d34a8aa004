"""A proof after a change: what is the same is not worked out again.

In: a proof with the states that it was made from, and new states. Out: the proof of those. Never trusts that a host is
the same because it has the same name: its whole state must be equal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from warren.desired.items.rules import Rules
from warren.desired.model import HostState, of_kind
from warren.formats.nft.model import Table
from warren.prove.interpret import Interpreter
from warren.prove.matrix import Proof, Proved, StartKey, proof_of, start_key
from warren.prove.network import Network, Node, network
from warren.prove.outside import Outside
from warren.prove.relays import relays
from warren.prove.walk import Walk

T = TypeVar("T")


def prove_again(before: Proof, old: Mapping[str, HostState], new: Mapping[str, HostState], outside: Outside) -> Proof:
    """The same as `prove(new, outside)`, faster the less has changed since `before` was made from `old`."""
    same = frozenset(_unchanged(before, old, new, outside))
    changed = {name: _same_parts(old.get(name), state) for name, state in new.items() if name not in same}
    fresh = network(changed, outside)
    known: dict[str, dict[str, Node]] = {name: {} for name in new}
    for held, hosts in ((before.network.nodes, same), (fresh.nodes, frozenset(new) - same)):
        for name, node in held.items():
            if node.host in hosts:
                known[node.host][name] = node
    nodes_now = {name: node for nodes in known.values() for name, node in nodes.items()}
    made = Network(nodes_now, outside, relays(new))
    interpreter = Interpreter.of(made)
    walks = {version: Walk.after(walk, made, interpreter.tunnels, same) for version, walk in before.walks.items()}
    return proof_of(made, interpreter, walks, _known(before, interpreter, same), before.origins)


def _same_parts(old: HostState | None, new: HostState) -> HostState:
    """A state with the very sets of the old one where they are equal: what their elements mean is known by them.

    Not so chains: the same rule asks sets that may have changed.
    """
    items = dict(new.items)
    for item in of_kind(new, Rules):
        before = old.items.get(item.key) if old else None
        if isinstance(before, Rules):
            items[item.key] = Rules(_same_table(before.table, item.table))
    return HostState(items)


def _same_table(old: Table, new: Table) -> Table:
    held = old.lookups()
    return replace(
        new,
        sets=tuple(_either(held.get(each.name), each) for each in new.sets),
        maps=tuple(_either(held.get(each.name), each) for each in new.maps),
    )


def _either(old: T | None, new: T) -> T:
    return old if old is not None and old == new else new


def _known(before: Proof, interpreter: Interpreter, same: frozenset[str]) -> dict[StartKey, list[Proved]]:
    """Starts all of whose packets stayed on hosts that are the same."""
    odd = any(walk.loops or walk.twice for walk in before.walks.values())
    if odd or before.interpreter.tunnels != interpreter.tunnels:
        return {}
    found: dict[StartKey, list[Proved]] = {}
    for each in before.proved:
        if each.touched <= same:
            found.setdefault(start_key(each.version, each.start), []).append(each)
    return found


def _unchanged(
    before: Proof, old: Mapping[str, HostState], new: Mapping[str, HostState], outside: Outside
) -> list[str]:
    if before.network.outside != outside:
        return []
    return [name for name, state in new.items() if name in old and (old[name] is state or old[name] == state)]
