"""One thing changed at a time in the states of hosts: dropped, widened, reordered, mistyped.

In: states. Out: names and changed states. Never changes two things, and never makes what a kernel would refuse.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from ipaddress import ip_network

from warren.desired.items.file import File
from warren.desired.items.netns import Veth
from warren.desired.items.route import IpRule, Route
from warren.desired.items.rules import Rules
from warren.desired.items.sysctl import Sysctl
from warren.desired.items.tunnel import Tunnel
from warren.desired.items.unit import FOLDER, Unit
from warren.desired.model import HostState, Item
from warren.formats.nft import model as nft

Mutant = tuple[str, dict[str, HostState]]
DROP, ACCEPT = nft.Drop(), nft.Accept()


def mutants(states: Mapping[str, HostState]) -> Iterator[Mutant]:
    """All mutants of all hosts."""
    for host, state in states.items():
        for item in state:
            for name, changed in _of_item(item):
                kept = {key: each for key, each in state.items.items() if key != item.key}
                made = kept if changed is None else {**kept, changed.key: changed}
                yield f"{host} {item.key}: {name}", {**states, host: HostState(made)}


def _of_item(item: Item) -> Iterator[tuple[str, Item | None]]:
    match item:
        case Rules():
            for name, table in _tables(item.table):
                yield name, Rules(table)
        case Route():
            yield "dropped", None
            yield from _route(item)
        case IpRule():
            yield "dropped", None
            yield from _ip_rule(item)
        case Tunnel():
            yield from _tunnel(item)
        case Veth():
            yield "loose filter is strict", replace(item, rp_filter="1")
            for address in item.inner:
                yield f"lost {address}", replace(item, inner=item.inner - {address})
        case Sysctl():
            yield "turned over", replace(item, value="0" if item.value == "1" else "1")
        case File(path) if path.startswith(FOLDER):
            yield "dropped", None
            yield from _unit_file(item)
        case Unit():
            yield "dropped", None
            yield "stopped", replace(item, active=False)


def _unit_file(item: File) -> Iterator[tuple[str, Item]]:
    """Each line of a socket and of its proxy lost or said otherwise, where it says who is connected to whom."""
    lines = item.content.splitlines(True)
    for at, line in enumerate(lines):
        key, _, value = line.strip().partition("=")
        for name, other in _unit_lines(key, value):
            changed = [*lines[:at], other, *lines[at + 1 :]]
            yield f"{key} {name} {value}", replace(item, content="".join(changed))


def _unit_lines(key: str, value: str) -> Iterator[tuple[str, str]]:
    if key not in ("ListenStream", "ExecStart", "NetworkNamespacePath"):
        return
    yield "lost", ""
    if key == "NetworkNamespacePath":
        yield "elsewhere", f"{key}={value}-other\n"
        return
    start, _, port = value.rpartition(":")
    yield "other port", f"{key}={start}:{int(port) + 1}\n"
    words, _, _ = start.rpartition(" ")
    # Not [::1] for 127.0.0.1, which is the same place.
    for address in ("10.99.99.99", "192.0.2.1") if key == "ExecStart" else ("0.0.0.0", "[::]"):
        yield f"{address} for", f"{key}={f'{words} {address}'.strip()}:{port}\n"


def _route(item: Route) -> Iterator[tuple[str, Item]]:
    yield "wider", replace(item, prefix=_wider(item.prefix))
    yield "other table", replace(item, table="main" if item.table != "main" else "8600")
    if item.device:
        yield "refuses", replace(item, device=None, via=None, source=None)


def _ip_rule(item: IpRule) -> Iterator[tuple[str, Item]]:
    words = item.selector.split()
    yield "last", replace(item, priority=8699)
    yield "first", replace(item, priority=8500)
    yield "other action", replace(item, action="unreachable" if item.action != "unreachable" else "main")
    for word in ("to", "from"):
        if word in words:
            at = words.index(word) + 1
            yield f"wider {word}", replace(item, selector=" ".join([*words[:at], _wider(words[at]), *words[at + 1 :]]))
    if "iif" in words:
        yield "without iif", replace(item, selector=" ".join(words[: words.index("iif")]))
    if "fwmark" in words:
        yield "other mark", replace(item, selector=item.selector.replace("0x1", "0x3", 1))


def _wider(prefix: str) -> str:
    net = ip_network(prefix)
    return str(net.supernet(min(8, net.prefixlen)))


def _tunnel(item: Tunnel) -> Iterator[tuple[str, Item]]:
    if item.listen_port:
        yield "other port", replace(item, listen_port=item.listen_port + 1)
    yield "down", replace(item, up=False)
    for peer in item.peers:
        others = item.peers - {peer}
        yield f"lost peer {peer.public_key}", replace(item, peers=others)
        yield f"other key {peer.public_key}", replace(item, peers=others | {replace(peer, public_key="stranger")})
        for text in peer.allowed:
            less = replace(peer, allowed=peer.allowed - {text})
            yield f"{peer.public_key} lost {text}", replace(item, peers=others | {less})
            if not text.endswith("/0"):
                more = replace(peer, allowed=less.allowed | {_wider(text)})
                yield f"{peer.public_key} wider {text}", replace(item, peers=others | {more})


def _tables(table: nft.Table) -> Iterator[tuple[str, nft.Table]]:
    for chain in table.chains:
        for name, changed in _chains(chain):
            chains = tuple(changed if each is chain else each for each in table.chains)
            yield f"{chain.name} {name}", replace(table, chains=chains)
    for held in (*table.sets, *table.maps):
        for name, changed_set in _sets(held):
            swap = [changed_set if each is held else each for each in (*table.sets, *table.maps)]
            sets = tuple(each for each in swap if each.data_type is None)
            maps = tuple(each for each in swap if each.data_type is not None)
            yield f"{held.name} {name}", replace(table, sets=sets, maps=maps)


def _chains(chain: nft.Chain) -> Iterator[tuple[str, nft.Chain]]:
    rules = chain.rules
    for at, rule in enumerate(rules):
        yield f"[{at}] dropped", replace(chain, rules=(*rules[:at], *rules[at + 1 :]))
        if at + 1 < len(rules):
            yield f"[{at}] after the next", replace(chain, rules=(*rules[:at], rules[at + 1], rule, *rules[at + 2 :]))
        for name, changed in _rules(rule):
            yield f"[{at}] {name}", replace(chain, rules=(*rules[:at], changed, *rules[at + 1 :]))
    if chain.hook and chain.hook.type == "filter":
        policy = replace(chain.hook, policy="accept" if chain.hook.policy == "drop" else "drop")
        yield "other policy", replace(chain, hook=policy)


def _rules(rule: nft.Rule) -> Iterator[tuple[str, nft.Rule]]:
    for at, statement in enumerate(rule.statements):
        rest = (*rule.statements[:at], *rule.statements[at + 1 :])
        if isinstance(statement, nft.Match):
            if rest:
                yield f"wider by {at}", nft.Rule(rest, rule.comment)
            yield f"negated {at}", _with(rule, at, _negated(statement))
        for name, changed in _statements(statement):
            yield f"{name} {at}", _with(rule, at, changed)


def _with(rule: nft.Rule, at: int, statement: nft.Statement) -> nft.Rule:
    return nft.Rule((*rule.statements[:at], statement, *rule.statements[at + 1 :]), rule.comment)


def _negated(match: nft.Match) -> nft.Match:
    other = {"==": "!=", "!=": "==", "in": "!", "!": "in"}
    return nft.Match(other.get(match.op, match.op), match.left, match.right)  # type: ignore[arg-type]


def _statements(statement: nft.Statement) -> Iterator[tuple[str, nft.Statement]]:
    match statement:
        case nft.Accept():
            yield "dropped instead", DROP
        case nft.Drop() | nft.Reject():
            yield "accepted instead", ACCEPT
        case nft.MarkSet():
            yield "other mark", replace(statement, value=statement.value ^ 0x03000000)
        case nft.Goto(chain):
            yield "jumped", nft.Jump(chain)
        case nft.Jump(chain):
            yield "gone to", nft.Goto(chain)


def _sets(held: nft.Set) -> Iterator[tuple[str, nft.Set]]:
    for element in sorted(held.elements, key=str):
        rest = held.elements - {element}
        name = f"{{{', '.join(str(value) for value in element.key)}}}"
        yield f"{name} dropped", replace(held, elements=rest)
        for what, changed in _elements(element):
            if changed.key not in {each.key for each in rest}:
                yield f"{name} {what}", replace(held, elements=rest | {changed})


def _elements(element: nft.Element) -> Iterator[tuple[str, nft.Element]]:
    for at, value in enumerate(element.key):
        if isinstance(value, int) and value < 65535:
            yield f"mistyped {at}", replace(element, key=_put(element.key, at, value + 1))
            if len(element.key) > 1:
                yield f"wider {at}", replace(element, key=_put(element.key, at, nft.Span(value, value + 1)))
        if isinstance(value, nft.Prefix):
            other = nft.Prefix(value.version, value.value ^ (1 << (value.bits - value.length)), value.length)
            yield f"mistyped {at}", replace(element, key=_put(element.key, at, other))
            if value.length:
                yield f"wider {at}", replace(element, key=_put(element.key, at, _shorter(value)))
        if value in ("tcp", "udp"):
            yield f"mistyped {at}", replace(element, key=_put(element.key, at, "udp" if value == "tcp" else "tcp"))
    if isinstance(element.data, tuple) and isinstance(element.data[0], nft.Prefix):
        wrong = nft.Prefix(element.data[0].version, element.data[0].value ^ 1, element.data[0].length)
        yield "leads elsewhere", replace(element, data=(wrong, *element.data[1:]))


def _put(key: nft.Key, at: int, value: nft.Value) -> nft.Key:
    return (*key[:at], value, *key[at + 1 :])


def _shorter(prefix: nft.Prefix) -> nft.Prefix:
    length = prefix.length - 1
    return nft.Prefix(prefix.version, prefix.value >> (prefix.bits - length) << (prefix.bits - length), length)
