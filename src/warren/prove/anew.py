"""A proof after a change: what is the same is not worked out again.

In: a proof with the states that it was made from, and new states. Out: the proof of those. Never trusts that a host is
the same because it has the same name: its whole state must be equal.
"""

from __future__ import annotations

from collections.abc import Mapping

from warren.desired.model import HostState
from warren.prove.interpret import Interpreter
from warren.prove.matrix import Proof, Proved, StartKey, proof_of, start_key
from warren.prove.network import Network, Node, network
from warren.prove.outside import Outside
from warren.prove.walk import Walk


def prove_again(before: Proof, old: Mapping[str, HostState], new: Mapping[str, HostState], outside: Outside) -> Proof:
    """The same as `prove(new, outside)`, faster the less has changed since `before` was made from `old`."""
    same = frozenset(_unchanged(before, old, new, outside))
    fresh = network({name: state for name, state in new.items() if name not in same}, outside)
    known: dict[str, dict[str, Node]] = {name: {} for name in new}
    for held, hosts in ((before.network.nodes, same), (fresh.nodes, frozenset(new) - same)):
        for name, node in held.items():
            if node.host in hosts:
                known[node.host][name] = node
    made = Network({name: node for nodes in known.values() for name, node in nodes.items()}, outside)
    interpreter = Interpreter.of(made)
    walks = {version: Walk.after(walk, made, interpreter.tunnels, same) for version, walk in before.walks.items()}
    return proof_of(made, interpreter, walks, _known(before, interpreter, same))


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
