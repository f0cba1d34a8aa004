"""What a rule looks at, as nft's text.

In: expressions. Out: text on one line. Never: an expression that was only read (Unknown): it raises ValueError.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address

from warren.formats.nft import write_value
from warren.formats.nft.kinds import kind, kinds
from warren.formats.nft.model import (
    AnonymousMap,
    AnonymousSet,
    Concat,
    Ct,
    Element,
    Expression,
    Fib,
    Flags,
    Literal,
    MapLookup,
    Masked,
    Match,
    Meta,
    Numgen,
    Payload,
    Rt,
    SetReference,
    Value,
)

UNQUALIFIED = frozenset(("iifname", "oifname", "iif", "oif"))
FIB_FLAGS = ("saddr", "daddr", "mark", "iif", "oif")
FIB_WORDS = frozenset(("missing", "exists"))


# Bits from low to high, as nft prints them.
BITS = ("invalid", "established", "related", "new", "untracked", "fin", "syn", "rst", "psh", "ack", "urg", "ecn", "cwr")


def words(text: str) -> str:
    """A field such as "frag-off" or "ip saddr"."""
    return " ".join(write_value.symbol(word) for word in text.split(" "))


def expression(given: Expression) -> str:
    """What is looked at; a constant is written by `right`, which knows the other side."""
    match given:
        case Meta(key):
            return words(key) if key in UNQUALIFIED else f"meta {words(key)}"
        case Payload(protocol, field):
            return f"{words(protocol)} {words(field)}"
        case Ct(key, direction):
            return f"ct {direction} {words(key)}" if direction else f"ct {words(key)}"
        case Fib(result, flags):
            return f"fib {' . '.join(sorted(map(words, flags), key=_fib_order))} {words(result)}"
        case Rt(key):
            return f"rt {words(key)}"
        case Numgen(mode, modulus, offset):
            return f"numgen {mode} mod {modulus}" + (f" offset {offset}" if offset else "")
        case Concat(parts):
            return " . ".join(expression(part) for part in parts)
        case Masked(inner, mask):
            return f"{expression(inner)} & {_mask(mask, inner)}"
        case MapLookup(key, target):
            return f"{expression(key)} map {mapped(target, key)}"
        case _:
            return right(given, given)


def match(given: Match) -> str:
    """Left, operator, right; the operator is left out where nft leaves it out."""
    silent = given.op == "in" or (given.op == "==" and not isinstance(given.left, Masked))
    if silent and not (given.op == "==" and isinstance(given.right, Flags)):
        return f"{expression(given.left)} {right(given.right, given.left)}"
    joint = "," if given.op in ("in", "!") else " | "
    return f"{expression(given.left)} {given.op} {right(given.right, given.left, joint)}"


def right(given: Expression, left: Expression, joint: str = ",") -> str:
    """A constant, or a set of them, of the type of the left side."""
    match given:
        case Literal(value):
            return literal(value, left)
        case Flags(names):
            return joint.join(bits(names)) if names else "0"
        case AnonymousSet(keys):
            return braces((Element(key) for key in keys), left)
        case SetReference(name):
            return f"@{write_value.name(name)}"
        case _:
            raise ValueError(f"nothing that nft reads as text: {given}")


def mapped(given: SetReference | AnonymousMap, key: Expression) -> str:
    """The map that a key is looked up in."""
    return braces(given.elements, key) if isinstance(given, AnonymousMap) else right(given, key)


def braces(elements: Iterable[Element], left: Expression) -> str:
    """A set or map without a name."""
    given = tuple(elements)
    width = max((len(each.data) for each in given if isinstance(each.data, tuple)), default=0)
    texts = write_value.elements(given, kinds(left), ("symbol",) * width)
    return f"{{ {', '.join(texts)} }}"


def literal(value: Value, left: Expression) -> str:
    if isinstance(left, Fib) and value in FIB_WORDS:
        return write_value.symbol(value)
    return write_value.writers((kind(left),))[0](value)


def bits(names: Iterable[str]) -> list[str]:
    return sorted(map(words, names), key=lambda name: (BITS.index(name) if name in BITS else len(BITS), name))


def _mask(mask: int | Flags, left: Expression) -> str:
    if isinstance(mask, int):
        match kind(left):
            case "mark":
                return write_value.mark(mask)
            case "ipv4_addr":
                return str(IPv4Address(mask))
            case "ipv6_addr":
                return str(IPv6Address(mask))
        return hex(mask)
    return f"({' | '.join(bits(mask.names))})"


def _fib_order(flag: str) -> tuple[int, str]:
    return (FIB_FLAGS.index(flag) if flag in FIB_FLAGS else len(FIB_FLAGS), flag)
