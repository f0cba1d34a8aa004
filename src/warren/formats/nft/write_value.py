"""Constants, keys and elements as nft's text.

In: values and the type that they have. Out: text in which every name has been checked. Never: text that could end a
quoted string or a statement, whatever the values hold: a value that cannot be written raises ValueError.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from warren.formats.nft.model import (
    Accept,
    Continue,
    Drop,
    Element,
    Goto,
    Jump,
    Key,
    Prefix,
    Return,
    Span,
    Value,
    Verdict,
)

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
SYMBOL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]*")
INTERFACE = re.compile(r"[A-Za-z0-9_.:@+-]{1,15}\*?")
BATCH = 500  # elements on a line of their own: short enough to look at, long enough to be quick

Writer = Callable[[Value], str]


def name(text: str) -> str:
    """The name of a table, chain, set or counter."""
    return _checked(NAME, text, "a name of nftables")


def symbol(value: Value) -> str:
    """A word or a number that nft knows by itself: echo-request, local, 00:11:22:33:44:55, 5."""
    if isinstance(value, str):
        return _checked(SYMBOL, value, "a word of nftables")
    return plain(value)


def quoted(value: Value) -> str:
    """An interface: nft reads the name of one only in quotes where it begins with a digit or is a keyword."""
    if isinstance(value, str):
        return f'"{_checked(INTERFACE, value, "an interface name")}"'
    return plain(value)


def mark(value: Value) -> str:
    if isinstance(value, int):
        return f"0x{value:08x}"
    if isinstance(value, Span):
        return f"0x{value.first:08x}-0x{value.last:08x}"
    return plain(value)


def plain(value: Value) -> str:
    """A number, an address, or a range of either."""
    if type(value) is Prefix:  # nearly all of a large network, and a match asks for its classes one by one
        return prefix(value)
    match value:
        case int():
            return str(value)
        case Span(first, last, 0):
            return f"{first}-{last}"
        case Span(first, last, version):
            bits = 32 if version == 4 else 128
            return f"{Prefix(4 if version == 4 else 6, first, bits)}-{Prefix(4 if version == 4 else 6, last, bits)}"
        case str():
            return symbol(value)
        case _:
            raise ValueError(f"nothing that nft reads as text: {value}")


@lru_cache(65536)
def prefix(value: Prefix) -> str:
    return str(value)


# Everything else (inet_proto, icmp_type, ether_addr, ct_state, ...) is words and numbers.
WRITERS: dict[str, Writer] = {
    "ipv4_addr": plain,
    "ipv6_addr": plain,
    "inet_service": plain,
    "ifname": quoted,
    "mark": mark,
}


def writers(kinds: Sequence[str]) -> tuple[Writer, ...]:
    return tuple(WRITERS.get(kind, symbol) for kind in kinds)


def key(given: Key, by: Sequence[Writer]) -> str:
    if len(given) == 1 == len(by):
        return by[0](given[0])
    return " . ".join(write(value) for write, value in zip(by, given, strict=True))


def verdict(given: Verdict) -> str:
    """A verdict, as a statement or as the data of a map."""
    match given:
        case Accept():
            return "accept"
        case Drop():
            return "drop"
        case Return():
            return "return"
        case Continue():
            return "continue"
        case Jump(chain):
            return f"jump {name(chain)}"
        case Goto(chain):
            return f"goto {name(chain)}"


def quote(text: str) -> str:
    """A string that `clean` has been over; checked once more, as this is where it would break out."""
    if '"' in text or not text.isprintable():
        raise ValueError(f"nft cannot quote {text!r}")
    return f'"{text}"'


def elements(
    given: Iterable[Element], kinds: Sequence[str], data_kinds: Sequence[str] | None = None, keys_only: bool = False
) -> Iterator[str]:
    """The text of each element, in the order of the keys."""
    by, data_by = writers(kinds), writers(data_kinds or ())
    for each in sorted(given, key=_order):
        text = key(each.key, by)
        if keys_only:
            yield text
            continue
        if each.comment is not None:
            text += f" comment {quote(each.comment)}"
        yield text if each.data is None else f"{text} : {_right(each.data, data_by)}"


def batches(texts: Iterable[str], size: int = BATCH) -> Iterator[str]:
    """The texts joined by commas, at most `size` of them at a time."""
    batch: list[str] = []
    for text in texts:
        batch.append(text)
        if len(batch) == size:
            yield ", ".join(batch)
            batch = []
    if batch:
        yield ", ".join(batch)


def _right(data: Key | Verdict, by: Sequence[Writer]) -> str:
    return key(data, by) if isinstance(data, tuple) else verdict(data)


def _checked(pattern: re.Pattern[str], text: str, what: str) -> str:
    if not pattern.fullmatch(text):
        raise ValueError(f"not {what}: {text!r}")
    return text


def _order(element: Element) -> tuple[tuple[int, int, int, str], ...]:
    return tuple([_rank(value) for value in element.key])


def _rank(value: Value) -> tuple[int, int, int, str]:
    kind = type(value)
    if kind is int:
        return (0, value, 0, "")  # type: ignore[return-value]
    if kind is Prefix:
        return (value.version, value.value, value.length, "")  # type: ignore[union-attr]
    if kind is str:
        return (1, 0, 0, value)  # type: ignore[return-value]
    if kind is Span:
        return (value.version, value.first, value.last, "")  # type: ignore[union-attr]
    return (9, 0, 0, str(value))
