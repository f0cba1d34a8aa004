"""nftables in memory: transactions in, listings out.

In: text for `nft -f`. Out: the tables as `nft -j` would list them. A transaction happens whole or not at all, and what
the kernel refuses is refused: a name that is missing, an overlap of intervals, the end of what is still in use.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field

from warren.hosts.fake.rule import rule
from warren.hosts.fake.values import element, first_overlap, number
from warren.hosts.fake.words import Json, Refusal, Words

Title = tuple[str, str]
TIMEOUT = "ct timeout"


@dataclass(slots=True)
class Lookup:
    """A set, or a map where `data` names types; elements by the text of their key."""

    key: tuple[str, ...]
    data: tuple[str, ...] | None = None
    rest: dict[str, Json] = field(default_factory=dict)
    elements: dict[str, Json] = field(default_factory=dict)

    @property
    def is_interval(self) -> bool:
        """Whether elements may not overlap."""
        return "interval" in str(self.rest.get("flags", ""))

    def add(self, words: list[str]) -> None:
        """One more element; the same again is no mistake, another outcome of the same key is."""
        key, found = element(words, self.key, self.data)
        if self.elements.setdefault(key, found) != found and self.data is not None:
            raise Refusal(f"File exists: {key}")

    def remove(self, words: list[str]) -> None:
        """One element less."""
        if self.elements.pop(" ".join(words), None) is None:
            raise Refusal(f"Could not process rule: No such file or directory: element {' '.join(words)}")


@dataclass(slots=True)
class Chain:
    """A chain's hook, if it has one, and its rules."""

    hook: dict[str, Json] = field(default_factory=dict)
    rules: list[tuple[list[Json], str | None]] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """A table's sets and maps, and its chains."""

    lookups: dict[str, Lookup] = field(default_factory=dict)
    chains: dict[str, Chain] = field(default_factory=dict)
    timeouts: dict[str, dict[str, Json]] = field(default_factory=dict)


@dataclass(slots=True)
class Nftables:
    """All tables of a host."""

    tables: dict[Title, Table] = field(default_factory=dict)

    def load(self, text: str) -> None:
        """One transaction."""
        before = deepcopy(self.tables)
        try:
            self._load(_folded(text))
            for table in self.tables.values():
                _check(table)
        except Refusal:
            self.tables = before
            raise

    def _load(self, lines: Iterator[str]) -> None:
        for line in lines:
            words = Words.of(line)
            verb = words.take()
            if verb == "table":
                self._block(self._made((words.take(), words.take())), lines)
            else:
                self._command(verb, words)

    def _made(self, title: Title) -> Table:
        return self.tables.setdefault(title, Table())

    def _block(self, table: Table, lines: Iterator[str]) -> None:
        while (line := next(lines)) != "}":
            words = Words.of(line)
            kind, name = _kind(words), words.take()
            words.expect("{")
            if kind == TIMEOUT:
                table.timeouts[name] = _kept(lines)
            elif kind == "chain":
                table.chains[name] = chain = Chain()
                _fill_chain(chain, lines)
            else:
                table.lookups[name] = _declared(kind, lines)

    def _command(self, verb: str, words: Words) -> None:
        kind, title = _kind(words), (words.take(), words.take())
        if (verb, kind) == ("add", "table"):
            self._made(title)
        elif (verb, kind) == ("delete", "table"):
            del self.tables[title]
        elif title not in self.tables:
            raise Refusal(f"No such file or directory: table {title[1]}")
        else:
            COMMANDS[(verb, "set" if kind == "map" else kind)](self.tables[title], kind, words.take(), words)

    def listing(self, family: str, name: str) -> str:
        """What `nft -j list table` prints; nothing where there is no such table."""
        table = self.tables.get((family, name))
        return json.dumps({"nftables": list(_listed(family, name, table))}) if table else ""


def _kind(words: Words) -> str:
    """`set`, `chain`, ...: one word, or the two of a time-out."""
    word = words.take()
    return f"{word} {words.take()}" if word == "ct" else word


def _folded(text: str) -> Iterator[str]:
    """Lines without indentation; a list of elements that goes on is one line."""
    held = ""
    for line in text.splitlines():
        held = f"{held} {line.strip()}".strip()
        if held.startswith("elements") and not held.endswith("}"):
            continue
        if held:
            yield held
        held = ""


def _kept(lines: Iterator[str]) -> dict[str, Json]:
    made: dict[str, Json] = {}
    while (line := next(lines)) != "}":
        words = Words.of(line)
        word = words.take()
        if word == "policy":
            words.expect("=", "{")
            made[word] = {state: number(seconds) for state, _, seconds in words.listing()}
        else:
            made[word] = words.take()
    return made


def _declared(kind: str, lines: Iterator[str]) -> Lookup:
    made: Lookup | None = None
    while (line := next(lines)) != "}":
        words = Words.of(line)
        word = words.take()
        if word == "type":
            made = _typed(kind, words)
        elif made is None:
            raise Refusal("a set without a type")
        elif word == "elements":
            words.expect("=", "{")
            for part in words.listing():
                made.add(part)
        else:
            made.rest |= _property(word, words)
    if made is None:
        raise Refusal("a set without a type")
    return made


def _typed(kind: str, words: Words) -> Lookup:
    left, colon, right = " ".join(words.listed[1:]).partition(" : ")
    if (kind == "map") != bool(colon):
        raise Refusal(f"syntax error: a {kind} of type {left}{colon}{right}")
    return Lookup(tuple(left.split(" . ")), tuple(right.split(" . ")) if colon else None)


def _property(word: str, words: Words) -> dict[str, Json]:
    if word == "size":
        return {"size": number(words.take())}
    if word == "timeout":
        return {"timeout": number(words.take().removesuffix("s"))}
    if word == "flags":
        return {"flags": [part[0] for part in Words([*words.listed[1:], "}"]).listing()]}
    if word == "counter":
        return {"stmt": [{"counter": {"packets": 0, "bytes": 0}}]}
    raise Refusal(f"syntax error, unexpected {word}")


def _fill_chain(chain: Chain, lines: Iterator[str]) -> None:
    while (line := next(lines)) != "}":
        if line.startswith("type "):
            chain.hook = _hook(Words.of(line))
        else:
            chain.rules.append(rule(line))


def _hook(words: Words) -> dict[str, Json]:
    words.expect("type")
    kind = words.take()
    words.expect("hook")
    hook = words.take()
    words.expect("priority")
    priority = number(words.take())
    words.expect(";", "policy")
    return {"type": kind, "hook": hook, "prio": priority, "policy": words.take()}


def _add_lookup(table: Table, kind: str, name: str, words: Words) -> None:
    body = " ".join(words.listed[words.at :]).removeprefix("{").removesuffix("}")
    table.lookups.setdefault(name, _declared(kind, iter([*(part.strip() for part in body.split(";")[:-1]), "}"])))


def _add_timeout(table: Table, kind: str, name: str, words: Words) -> None:
    body = " ".join(words.listed[words.at :]).removeprefix("{").removesuffix("}")
    table.timeouts[name] = _kept(iter([*(part.strip() for part in body.split(";")[:-1]), "}"]))


def _delete_timeout(table: Table, kind: str, name: str, words: Words) -> None:
    if table.timeouts.pop(name, None) is None:
        raise Refusal(f"No such file or directory: ct timeout {name}")


def _add_chain(table: Table, kind: str, name: str, words: Words) -> None:
    chain = table.chains.setdefault(name, Chain())
    if words.accept("{"):
        chain.hook = _hook(Words(words.listed[words.at :]))


def _add_rule(table: Table, kind: str, name: str, words: Words) -> None:
    _chain(table, name).rules.append(rule(" ".join(words.listed[words.at :])))


def _flush_chain(table: Table, kind: str, name: str, words: Words) -> None:
    _chain(table, name).rules.clear()


def _delete_chain(table: Table, kind: str, name: str, words: Words) -> None:
    if _chain(table, name).rules:
        raise Refusal(f"Device or resource busy: chain {name}")
    del table.chains[name]


def _delete_lookup(table: Table, kind: str, name: str, words: Words) -> None:
    _lookup(table, name)
    del table.lookups[name]


def _add_element(table: Table, kind: str, name: str, words: Words) -> None:
    words.expect("{")
    for part in words.listing():
        _lookup(table, name).add(part)


def _delete_element(table: Table, kind: str, name: str, words: Words) -> None:
    words.expect("{")
    for part in words.listing():
        _lookup(table, name).remove(part)


def _chain(table: Table, name: str) -> Chain:
    if name not in table.chains:
        raise Refusal(f"No such file or directory: chain {name}")
    return table.chains[name]


def _lookup(table: Table, name: str) -> Lookup:
    if name not in table.lookups:
        raise Refusal(f"No such file or directory: set {name}")
    return table.lookups[name]


COMMANDS: dict[tuple[str, str], Callable[[Table, str, str, Words], None]] = {
    ("add", "set"): _add_lookup,
    ("add", "chain"): _add_chain,
    ("add", TIMEOUT): _add_timeout,
    ("delete", TIMEOUT): _delete_timeout,
    ("add", "rule"): _add_rule,
    ("flush", "chain"): _flush_chain,
    ("delete", "chain"): _delete_chain,
    ("delete", "set"): _delete_lookup,
    ("add", "element"): _add_element,
    ("delete", "element"): _delete_element,
}


def _check(table: Table) -> None:
    """Every name that is used is there, as the kernel keeps what is in use; no two elements of a set overlap."""
    for lookup in table.lookups.values():
        if lookup.is_interval and (found := first_overlap(lookup.elements)):
            raise Refusal(f"conflicting intervals specified: {' and '.join(found)}")
    held: list[Json] = [list(chain.rules[at][0]) for chain in table.chains.values() for at in range(len(chain.rules))]
    held.extend(list(lookup.elements.values()) for lookup in table.lookups.values())
    for used in _used(held):
        if used.removeprefix("@") not in (table.lookups if used.startswith("@") else table.chains | table.timeouts):
            raise Refusal(f"Device or resource busy, or no such file: {used}")


def _used(found: Json) -> Iterator[str]:
    if isinstance(found, str) and found.startswith("@"):
        yield found
    elif isinstance(found, list):
        for each in found:
            yield from _used(each)
    elif isinstance(found, dict):
        for word, each in found.items():
            yield from [each] if word in ("target", TIMEOUT) and isinstance(each, str) else _used(each)


def _listed(family: str, name: str, table: Table) -> Iterator[Json]:
    yield {"table": {"family": family, "name": name, "handle": 1}}
    for each, kept in table.timeouts.items():
        yield {TIMEOUT: {"family": family, "name": each, "table": name, **kept}}
    for each, lookup in table.lookups.items():
        word = "set" if lookup.data is None else "map"
        types: dict[str, Json] = {"type": _types(lookup.key)} | ({"map": _types(lookup.data)} if lookup.data else {})
        elements: dict[str, Json] = {"elem": list(lookup.elements.values())} if lookup.elements else {}
        yield {word: {"family": family, "table": name, "name": each, **types, **lookup.rest, **elements}}
    for each, chain in table.chains.items():
        yield {"chain": {"family": family, "table": name, "name": each, **chain.hook}}
    for each, chain in table.chains.items():
        for statements, comment in chain.rules:
            said: dict[str, Json] = {"comment": comment} if comment else {}
            yield {"rule": {"family": family, "table": name, "chain": each, "expr": statements, **said}}


def _types(kinds: tuple[str, ...]) -> Json:
    return list(kinds) if len(kinds) > 1 else kinds[0]
