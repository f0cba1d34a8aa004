"""Tables from the JSON of `nft -j list table` or `nft -j list ruleset`.

In: JSON, as text or parsed. Out: tables that equal those that were written; counts apart from them. Never: an exception
for rules that nobody here has written; what has no word becomes `Unknown`.
"""

import json
from collections.abc import Iterator
from typing import cast

from warren.formats.nft.model import Chain, Hook, Key, Rule, Set, Table, Timeout
from warren.formats.nft.read_rule import rule
from warren.formats.nft.read_value import Json, element, key

Counts = tuple[int, int]  # packets, bytes


def table(given: str | Json, family: str, name: str) -> Table | None:
    """The table of that family and name; None where there is none."""
    found = list(_entries(given, family, name))
    if not any(word == "table" for word, _ in found):
        return None
    rules: dict[str, list[Rule]] = {str(body["name"]): [] for word, body in found if word == "chain"}
    for word, body in found:
        if word == "rule":
            rules.setdefault(str(body["chain"]), []).append(rule(body))
    sets = [_set(body) for word, body in found if word in ("set", "map")]
    return Table(
        cast(None, family),  # type: ignore[arg-type]
        name,
        tuple(each for each in sets if each.data_type is None),
        tuple(each for each in sets if each.data_type is not None),
        tuple(_chain(body, rules[str(body["name"])]) for word, body in found if word == "chain"),
        tuple(str(body["name"]) for word, body in found if word == "counter"),
        tuple(_timeout(body) for word, body in found if word == "ct timeout"),
    )


def names(given: str | Json) -> frozenset[tuple[str, str]]:
    """Family and name of every table."""
    return frozenset((str(body["family"]), str(body["name"])) for word, body in _all(given) if word == "table")


def counters(given: str | Json, family: str, name: str) -> dict[str, dict[Key, Counts]]:
    """For each set whose elements count: what each of them has counted."""
    found: dict[str, dict[Key, Counts]] = {}
    for word, body in _entries(given, family, name):
        if word in ("set", "map") and _counts_elements(body):
            found[str(body["name"])] = dict(_counted(body))
    return found


def totals(given: str | Json, family: str, name: str) -> dict[str, Counts]:
    """What each named counter of the table has counted."""
    return {
        str(body["name"]): (int(cast(int, body["packets"])), int(cast(int, body["bytes"])))
        for word, body in _entries(given, family, name)
        if word == "counter"
    }


def _all(given: str | Json) -> Iterator[tuple[str, dict[str, Json]]]:
    parsed = json.loads(given) if isinstance(given, str) else given
    for entry in cast(dict[str, list[dict[str, dict[str, Json]]]], parsed)["nftables"]:
        yield from entry.items()


def _entries(given: str | Json, family: str, name: str) -> Iterator[tuple[str, dict[str, Json]]]:
    """What belongs to one table, the table itself among it."""
    for word, body in _all(given):
        owner = body.get("name") if word == "table" else body.get("table")
        if owner == name and body.get("family") == family:
            yield word, body


def _chain(body: dict[str, Json], rules: list[Rule]) -> Chain:
    hook = None
    if "hook" in body:
        hook = Hook(
            cast(None, body["type"]),  # type: ignore[arg-type]
            cast(None, body["hook"]),  # type: ignore[arg-type]
            cast(int, body["prio"]),
            cast(None, body.get("policy", "accept")),  # type: ignore[arg-type]
        )
    return Chain(str(body["name"]), tuple(rules), hook)


def _timeout(body: dict[str, Json]) -> Timeout:
    policy = body.get("policy")
    return Timeout(
        str(body["name"]),
        str(body.get("protocol")),
        tuple((state, cast(int, seconds)) for state, seconds in policy.items()) if isinstance(policy, dict) else (),
        cast(None, body.get("l3proto", "inet")),  # type: ignore[arg-type]
    )


def _set(body: dict[str, Json]) -> Set:
    key_type, data_type = _types(body.get("type")), _types(body["map"]) if "map" in body else None
    listed = body.get("elem") or []
    flags = body.get("flags") or []
    return Set(
        str(body["name"]),
        key_type,
        data_type,
        frozenset(str(flag) for flag in (flags if isinstance(flags, list) else [flags])),
        cast(int | None, body.get("size")),
        cast(int | None, body.get("timeout")),
        _counts_elements(body),
        frozenset([element(each, key_type, data_type) for each in listed]) if isinstance(listed, list) else frozenset(),
    )


def _types(given: Json) -> tuple[str, ...]:
    """Types of a key: a name, a list of names, or names joined by dots. A typeof is kept as its JSON."""
    if isinstance(given, list):
        return tuple(str(each) for each in given)
    if isinstance(given, str):
        return tuple(given.split(" . "))
    return (json.dumps(given, sort_keys=True),)


def _counts_elements(body: dict[str, Json]) -> bool:
    statements = body.get("stmt")
    return isinstance(statements, list) and any(isinstance(each, dict) and "counter" in each for each in statements)


def _counted(body: dict[str, Json]) -> Iterator[tuple[Key, Counts]]:
    kinds, listed = _types(body.get("type")), body.get("elem")
    for each in listed if isinstance(listed, list) else ():
        match each[0] if isinstance(each, list) else each:
            case {"elem": {"val": plain, "counter": {"packets": int(packets), "bytes": int(size)}}}:
                yield key(plain, kinds), (packets, size)
