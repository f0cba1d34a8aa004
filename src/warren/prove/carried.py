"""Where connections end that a socket of a place carries on.

In: a network with its relays. Out: for each address at which one listens, the place and port that it leads to, or why
it leads nowhere. Never asks what was meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from warren.prove.header import CLIENT_PORT, NUMBERS, opening
from warren.prove.interpret import Interpreter
from warren.prove.network import Network
from warren.prove.policy import Place
from warren.prove.relays import Relay
from warren.prove.translate import LOOPBACK

Ended: TypeAlias = tuple[tuple[str, int] | None, str]


@dataclass(frozen=True, slots=True)
class Carried:
    """What connects to `address`:`port` in `place` ends at `end` (a place and a port), or nowhere, for a reason.

    `dials` is the place in whose name it is connected.
    """

    place: str
    version: int
    address: int
    port: int
    end: tuple[str, int] | None
    dials: str
    why: str = ""


def carried(interpreter: Interpreter) -> tuple[Carried, ...]:
    """Every relay at every one of its addresses."""
    return tuple(each for relay in interpreter.network.relays for each in _of(interpreter, relay))


def _of(interpreter: Interpreter, relay: Relay) -> Iterator[Carried]:
    network = interpreter.network
    if not _stands(network, relay.host, relay.place):
        return  # systemd cannot start a socket in a namespace that is not there
    end, why = (None, relay.unclear) if relay.target is None else _judged(interpreter, relay, relay.target)
    for version, number, port in relay.doors:
        for each in _listens(network, relay.place, version, number):
            yield Carried(relay.place, version, each, port, end, relay.dials, why or "")


def _stands(network: Network, host: str, place: str) -> bool:
    node = network.nodes.get(place)
    return node is not None and node.host == host


def _listens(network: Network, place: str, version: int, number: int | None) -> list[int]:
    if number is not None:
        return [number]
    return sorted(held for of, held in network.nodes[place].local if of == version)


def _judged(interpreter: Interpreter, relay: Relay, target: tuple[int, int, int]) -> Ended:
    if not _stands(interpreter.network, relay.host, relay.dials):
        return None, f"{relay.unit} starts its program in {relay.dials}, which is not there"
    return _end(interpreter, relay.dials, target)


def _end(interpreter: Interpreter, dials: str, target: tuple[int, int, int]) -> Ended:
    """Where a connection from a place to an address ends."""
    version, number, port = target
    source = _source(interpreter.network, dials, (version, number))
    if source is None:
        return None, f"{dials} has no address of IPv{version}"
    trace = interpreter.trace(dials, opening(version, source, number, NUMBERS["tcp"], CLIENT_PORT, port))
    way = trace.forward
    if not trace.works:
        return None, f"{way.packet} from {dials}: {trace.disposition.value}"
    if way.device is not None:
        return (f"the network beyond {way.node}", port), ""
    return (way.node, way.final.dport), ""


def _source(network: Network, dials: str, target: Place) -> int | None:
    """The address that the kernel gives to a connection of a program there."""
    node = network.nodes[dials]
    if target in node.local:
        return target[1]
    own = (number for version, number in sorted(node.local) if version == target[0])
    return next((number for number in own if number != LOOPBACK[target[0]]), None)
