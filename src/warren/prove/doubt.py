"""Words of foreign rules that nobody here knows: what they match may be so or not, and both are worked out.

In: a table of others. Out: its words that are not known, and the table without them, once as if they shut what they can
and once as if they opened it. Never takes such a word for one that does nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from warren.formats.nft import model as nft

META = ("iifname", "iif", "oifname", "oif", "l4proto", "nfproto", "mark")
TRACKED = ("state", "status", "direction", "mark")
FIELDS = {
    **dict.fromkeys(("ip", "ip6"), ("saddr", "daddr", "protocol", "nexthdr", "hdrlength")),
    **dict.fromkeys(("tcp", "udp", "th", "dccp", "sctp", "udplite"), ("sport", "dport", "flags")),
    **dict.fromkeys(("icmp", "icmpv6"), ("type",)),
}
# What iptables-nft has in a rule that lets every packet on as it is (iptables-extensions(8)).
IDLE = frozenset(
    ("comment", "LOG", "NFLOG", "ULOG", "AUDIT", "TRACE", "TCPMSS", "CHECKSUM", "CLASSIFY", "DSCP", "TOS", "TTL", "HL")
)
IDLE_WORDS = frozenset(("log", "flow", "last", "secmark", "ct timeout", "ct expectation"))
# Keys of a packet that no route and no rule of ours asks for.
IDLE_KEYS = frozenset(("nftrace", "priority", "pkttype", "secmark"))
FAMILIES = ("inet", "ip", "ip6")
DENIES, ACCEPTS = nft.Drop | nft.Reject, nft.Accept


def concerns(table: nft.Table) -> bool:
    """Whether a table sees packets on their way through a host: not those of bridges, ARP and single devices."""
    return table.family in FAMILIES and any(chain.hook for chain in table.chains)


def doubts(table: nft.Table) -> tuple[str, ...]:
    """The words that are not known, each once."""
    lookups = table.lookups()
    statements = (each for chain in table.chains for rule in chain.rules for each in rule.statements)
    return tuple(dict.fromkeys(word for each in statements if (word := _strange(each, lookups))))


def assumed(table: nft.Table, shut: bool) -> nft.Table:
    """The table without those words: each takes part where that shuts, or where that opens."""
    if not doubts(table):
        return table
    return replace(table, chains=tuple(_World(table, shut).chains()))


@dataclass(frozen=True, slots=True)
class _World:
    """One of the two readings of a table."""

    table: nft.Table
    shut: bool

    def chains(self) -> Iterator[nft.Chain]:
        """Every chain in this reading, and for each another that does nothing but what the reading looks for."""
        for chain in self.table.chains:
            rules, rests = self._rules(chain)
            yield replace(chain, rules=rules)
            yield nft.Chain(self._named(chain.name), self._lessened(rules))
            yield from rests

    def _rules(self, chain: nft.Chain) -> tuple[tuple[nft.Rule, ...], list[nft.Chain]]:
        """The rules of a chain, and chains of what may or may not follow a rule."""
        found: list[nft.Rule] = []
        rests: list[nft.Chain] = []
        for at, rule in enumerate(chain.rules):
            sure, strange = self._parted(rule)
            last = sure[-1] if sure else None
            if not strange:
                found.append(replace(rule, statements=sure))
            elif any(_decides(each) for each in strange):
                found.append(nft.Rule((*_before_end(sure), self.verdict)))
            elif isinstance(last, nft.Return | nft.Goto):
                following, _ = self._rules(replace(chain, rules=chain.rules[at + 1 :]))
                rest = nft.Chain(f"{self._named(chain.name)}_{at}", self._lessened(following))
                rests.append(rest)
                if isinstance(last, nft.Goto):
                    found.append(nft.Rule((*sure[:-1], nft.Jump(self._named(last.chain)))))
                found.append(nft.Rule((*sure[:-1], nft.Goto(rest.name))))
            elif isinstance(last, nft.Jump):
                found.append(nft.Rule((*sure[:-1], nft.Jump(self._named(last.chain)))))
            elif isinstance(last, DENIES if self.shut else ACCEPTS):
                found.append(replace(rule, statements=sure))
        return tuple(found), rests

    def _parted(self, rule: nft.Rule) -> tuple[tuple[nft.Statement, ...], list[nft.Statement]]:
        """What is known of a rule, and what is not."""
        lookups = self.table.lookups()
        kept = [each for each in rule.statements if not _is_idle(each)]
        strange = [each for each in kept if _strange(each, lookups)]
        return tuple(each for each in kept if each not in strange), strange

    @property
    def verdict(self) -> nft.Statement:
        """What this reading looks for."""
        return nft.Drop() if self.shut else nft.Accept()

    def _named(self, chain: str) -> str:
        return f"{chain}_{'shut' if self.shut else 'open'}"

    def _lessened(self, rules: tuple[nft.Rule, ...]) -> tuple[nft.Rule, ...]:
        """Of rules those that do what this reading looks for, or may."""
        return tuple(made for rule in rules if rule.statements and (made := self._less(rule)))

    def _less(self, rule: nft.Rule) -> nft.Rule | None:
        *rest, last = rule.statements
        match last:
            case nft.VerdictMap():
                return replace(rule, statements=(*rest, self.verdict))
            case nft.Jump(chain) | nft.Goto(chain):
                names = {each.name: self._named(each.name) for each in self.table.chains}
                inner = names.get(chain, chain)
                # What only may follow stands behind, in a chain that does nothing else.
                return replace(rule, statements=(*rest, nft.Jump(inner))) if inner in names.values() else None
        return rule if isinstance(last, DENIES if self.shut else ACCEPTS) else None


def _before_end(statements: tuple[nft.Statement, ...]) -> tuple[nft.Statement, ...]:
    ends = DENIES | nft.Accept | nft.Return | nft.Jump | nft.Goto
    return statements[:-1] if statements and isinstance(statements[-1], ends) else statements


def _strange(statement: nft.Statement, lookups: dict[str, nft.Set]) -> str | None:
    """The word of a statement that is not known."""
    match statement:
        case nft.Unknown(text):
            return None if _is_idle(statement) else _word(text)
        case nft.Match(left=left, right=right):
            return _unread(left) or _unread_set(right, lookups) or ("a value" if _is_unknown(right) else None)
        case nft.VerdictMap(key=key, map=where):
            return _unread(key) or _unread_set(where, lookups)
        case nft.MarkLookup(lookup=nft.MapLookup(key=key, map=where)):
            return _unread(key) or _unread_set(where, lookups)
    return None


def _unread_set(where: object, lookups: dict[str, nft.Set]) -> str | None:
    """A set that the kernel fills, so that its elements come and go, or with elements that are not known."""
    if not isinstance(where, nft.SetReference):
        return None
    held = lookups.get(where.name)
    if held is None or held.volatile or any(_is_unknown(value) for each in held.elements for value in each.key):
        return f"@{where.name}"
    return None


def _is_unknown(value: object) -> bool:
    return isinstance(value, nft.Unknown)


def _unread(expression: nft.Expression) -> str | None:
    match expression:
        case nft.Meta(key):
            return None if key in META else f"meta {key}"
        case nft.Payload(protocol, field):
            return None if field in FIELDS.get(protocol, ()) else f"{protocol} {field}"
        case nft.Ct(key, direction):
            return None if key in TRACKED and direction is None else f"ct {key}"
        case nft.Masked(inner, _):
            is_address = isinstance(inner, nft.Payload) and inner.field.endswith("addr")
            return _unread(inner) or ("bits of an address" if is_address else None)
        case nft.Concat(parts):
            return next(filter(None, map(_unread, parts)), None)
        case nft.Fib(result, flags):
            return None if result == "type" and "daddr" in flags else f"fib {result}"
        case nft.Unknown(text):
            return _word(text)
    return type(expression).__name__.lower()


def _is_idle(statement: nft.Statement) -> bool:
    """Whether a statement that is not known leaves every packet as it is."""
    if not isinstance(statement, nft.Unknown):
        return False
    match json.loads(statement.text):
        case {"xt": {"name": str(name)}}:
            return name in IDLE
        case {"mangle": {"key": {"meta": {"key": str(key)}}}}:
            return key in IDLE_KEYS
        case {**words} if len(words) == 1:
            return next(iter(words)) in IDLE_WORDS
    return False


def _decides(statement: nft.Statement) -> bool:
    """Whether it does something to the packet, instead of asking about it."""
    if isinstance(statement, nft.VerdictMap | nft.MarkLookup):
        return True
    match json.loads(statement.text) if isinstance(statement, nft.Unknown) else None:
        case {"xt": {"type": "target"}}:
            return True
        case {"xt": _} | {"match": _} | {"quota": _} | {"limit": _} | None:
            return False
    return True


def _word(text: str) -> str:
    """What to call something that has no word here: by its own first words."""
    match json.loads(text):
        case {"xt": {"name": str(name)}}:
            return f"xt {name}"
        case {"match": {"left": left}}:
            return _first(left)
        case found:
            return _first(found)


def _first(found: object) -> str:
    match found:
        case {"&": [inner, *_]}:
            return _first(inner)
        case {**words} if words:
            word, body = next(iter(words.items()))
            key = body.get("key") or body.get("field") or body.get("name") if isinstance(body, dict) else None
            return f"{word} {key}" if isinstance(key, str) else str(word)
    return str(found)


def named(words: Iterable[str]) -> str:
    """Words as a sentence has them."""
    return ", ".join(f"`{word}`" for word in words)
