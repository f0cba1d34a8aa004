"""Tables, and the way from one table to another, as the input of `nft -f`.

In: tables. Out: deterministic text, one transaction each. Never: a rule, name or comment that could end where it should
not: what cannot be written safely raises ValueError.
"""

from collections.abc import Iterable, Iterator

from warren.formats.nft import diff
from warren.formats.nft.model import Chain, Element, Hook, Set, Table, Timeout, Unknown
from warren.formats.nft.write_rule import rule
from warren.formats.nft.write_value import SYMBOL, batches, elements, name


def table(given: Table) -> str:
    """The table as a block, laid out as `nft list table` prints it."""
    blocks = [
        *(f"\tcounter {name(counter)} {{\n\t}}\n" for counter in given.counters),
        *(_timeout(each) for each in given.timeouts),
        *(_set(each) for each in (*given.sets, *given.maps)),
        *(_chain(chain) for chain in given.chains),
    ]
    return f"table {_title(given)} {{\n" + "\n".join(blocks) + "}\n"


def replace(given: Table) -> str:
    """Whatever table of this name there is, this one afterwards: in one transaction."""
    return f"add table {_title(given)}\ndelete table {_title(given)}\n{table(given)}"


def remove(given: Table) -> str:
    """No table of this name afterwards, whether or not there was one."""
    return f"add table {_title(given)}\ndelete table {_title(given)}\n"


def changes(old: Table, new: Table) -> str | None:
    """From the old table to the new one in one transaction; None when nothing differs.

    Elements change by element, chains by chain, and what is not touched keeps its counters and dynamic elements. Where
    a set is declared otherwise or a base chain sits elsewhere, the whole table is replaced.
    """
    change = diff.tables(old, new)
    if not change:
        return None
    if change.rebuild or not _nameable(change):
        return replace(new)
    return "\n".join(_lines(old, new, change)) + "\n"


def _lines(old: Table, new: Table, change: diff.TableChange) -> Iterator[str]:
    """New names before the rules that use them, old names after the rules that used them."""
    title, before, after = _title(new), old.lookups(), new.lookups()
    yield from (f"add counter {title} {name(counter)}" for counter in change.added_counters)
    timeouts = {each.name: each for each in new.timeouts}
    for each in change.added_timeouts:
        yield f"add ct timeout {title} {name(each)} {{ {'; '.join(_kept(timeouts[each]))}; }}"
    yield from (f"add {_declared(title, after[each])}" for each in change.added)
    chains = {chain.name: chain for chain in new.chains}
    yield from (_added(title, chains[each]) for each in change.added_chains)
    yield from _policies(old, chains, change, title)
    yield from (f"flush chain {title} {name(each)}" for each in change.removed_chains + change.changed_chains)
    for each in change.added_chains + change.changed_chains:
        yield from (f"add rule {title} {name(each)} {rule(line)}" for line in chains[each].rules)
    for part in change.sets:
        yield from _elements("delete", title, after[part.name], part.removed)
    for part in change.sets:
        yield from _elements("add", title, after[part.name], part.added)
    yield from (f"delete {_word(before[each])} {title} {name(each)}" for each in change.removed)
    yield from (f"delete chain {title} {name(each)}" for each in change.removed_chains)
    yield from (f"delete counter {title} {name(counter)}" for counter in change.removed_counters)
    yield from (f"delete ct timeout {title} {name(each)}" for each in change.removed_timeouts)


def _title(given: Table) -> str:
    return f"{given.family} {name(given.name)}"


def _timeout(given: Timeout) -> str:
    lines = [f"\tct timeout {name(given.name)} {{", *(f"\t\t{line}" for line in _kept(given))]
    return "\n".join([*lines, "\t}", ""])


def _kept(given: Timeout) -> Iterator[str]:
    yield f"protocol {_type(given.protocol)}"
    yield f"l3proto {given.family}"
    yield f"policy = {{ {', '.join(f'{_type(state)} : {seconds}' for state, seconds in given.policy)} }}"


def _word(given: Set) -> str:
    return "set" if given.data_type is None else "map"


def _set(given: Set) -> str:
    lines = [f"\t{_word(given)} {name(given.name)} {{", *(f"\t\t{line}" for line in _declaration(given))]
    lines += _block(given)
    return "\n".join([*lines, "\t}", ""])


def _block(given: Set) -> Iterator[str]:
    """The elements of a set, a line for each few hundred."""
    if not given.elements:
        return
    lines = batches(elements(given.elements, given.key_type, given.data_type))
    yield "\t\telements = { " + ",\n\t\t\t     ".join(lines) + " }"


def _declaration(given: Set) -> Iterator[str]:
    data = "" if given.data_type is None else f" : {_types(given.data_type)}"
    yield f"type {_types(given.key_type)}{data}"
    if given.size is not None:
        yield f"size {given.size}"
    if given.flags:
        yield f"flags {','.join(sorted(map(_type, given.flags)))}"
    if given.timeout is not None:
        yield f"timeout {given.timeout}s"
    if given.counter:
        yield "counter"


def _declared(title: str, given: Set) -> str:
    return f"{_word(given)} {title} {name(given.name)} {{ {'; '.join(_declaration(given))}; }}"


def _types(types: Iterable[str]) -> str:
    return " . ".join(map(_type, types))


def _type(text: str) -> str:
    if not SYMBOL.fullmatch(text.replace("_", "")):
        raise ValueError(f"not a type of nftables: {text!r}")
    return text


def _chain(given: Chain) -> str:
    lines = [f"\tchain {name(given.name)} {{"]
    if given.hook is not None:
        lines.append(f"\t\t{_hook(given.hook)}")
    lines += [f"\t\t{rule(each)}" for each in given.rules]
    return "\n".join([*lines, "\t}", ""])


def _hook(hook: Hook) -> str:
    return f"type {hook.type} hook {hook.hook} priority {hook.priority}; policy {hook.policy};"


def _added(title: str, given: Chain) -> str:
    hook = f" {{ {_hook(given.hook)} }}" if given.hook else ""
    return f"add chain {title} {name(given.name)}{hook}"


def _policies(old: Table, chains: dict[str, Chain], change: diff.TableChange, title: str) -> Iterator[str]:
    """A chain that exists is added again with another policy: that is how nft changes it."""
    before = {chain.name: chain.hook for chain in old.chains}
    for each in change.changed_chains:
        if before[each] != chains[each].hook:
            yield _added(title, chains[each])


def _elements(verb: str, title: str, given: Set, changed: frozenset[Element]) -> Iterator[str]:
    texts = elements(changed, given.key_type, given.data_type, keys_only=verb == "delete")
    for batch in batches(texts):
        yield f"{verb} element {title} {name(given.name)} {{ {batch} }}"


def _nameable(change: diff.TableChange) -> bool:
    """Whether every element that goes can be named: a foreign one, that was only read, may not be."""
    keys = (element.key for part in change.sets for element in part.removed)
    return not any(isinstance(value, Unknown) for key in keys for value in key)
