"""Sets and maps of every type that warren writes, for laws.

In: nothing. Out: hypothesis strategies of `Set`. Never: elements that the kernel would refuse.
"""

from __future__ import annotations

from typing import TypeAlias

from hypothesis import strategies as st

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
    Set,
    Value,
    Verdict,
    span,
)

Values: TypeAlias = st.SearchStrategy[Value]

ENDS = ("end_a", "end_b")  # chains that anything may lead to; they lead nowhere, so there is no loop
PORTS = st.integers(1, 65535)
MARKS = st.integers(0, 2**32 - 1)
V4 = st.integers(0x01000000, 0xDFFFFFFF)
V6 = st.one_of(st.integers(0xFD << 120, (0xFE << 120) - 1), st.integers(0x20010DB8 << 96, (0x20010DB9 << 96) - 1))
NAMES = st.sampled_from(("eth0", "v-game", "wrn-vps", "1net", "mark", "br-lan.7", "a" * 15))
PROTOCOLS = st.sampled_from(("tcp", "udp", "icmp", "ipv6-icmp", "sctp", "gre"))
COMMENTS = (
    st.none() | st.text(max_size=140) | st.sampled_from(("warren.yaml:3", "a*", "\\", 'x" ; flush ruleset #', "$y @z"))
)
VERDICTS: st.SearchStrategy[Verdict] = st.one_of(
    st.sampled_from((Accept(), Drop(), Return(), Continue())),
    st.builds(Jump, st.sampled_from(ENDS)),
    st.builds(Goto, st.sampled_from(ENDS)),
)


def address(version: int) -> Values:
    return (
        V4.map(lambda number: Prefix(4, number, 32)) if version == 4 else V6.map(lambda number: Prefix(6, number, 128))
    )


@st.composite
def prefixes(draw: st.DrawFn, version: int) -> Prefix:
    bits = 32 if version == 4 else 128
    length = draw(st.integers(1, bits))
    number = draw(V4 if version == 4 else V6)
    return Prefix(4 if version == 4 else 6, number >> (bits - length) << (bits - length), length)


@st.composite
def disjoint(draw: st.DrawFn, numbers: st.SearchStrategy[int], version: int = 0) -> list[Value]:
    """Ranges and single values without overlap; they may be neighbours."""
    cuts = sorted(draw(st.sets(numbers, max_size=12)))
    found: list[Value] = []
    for first, last in zip(cuts[::2], cuts[1::2], strict=False):
        found.append(span(first, draw(st.sampled_from((first, last))), 4 if version == 4 else 6 if version == 6 else 0))
    return found


def keys(*parts: Values) -> st.SearchStrategy[list[Key]]:
    return st.lists(st.tuples(*parts), max_size=6, unique=True)


@st.composite
def ranged(draw: st.DrawFn, first: Values, *rest: Values) -> list[Key]:
    """Keys of a concatenation with ranges: the first part alone keeps them apart."""
    leads = draw(st.lists(first, max_size=6, unique=True))
    return [(lead, *(draw(part) for part in rest)) for lead in leads]


@st.composite
def wide(draw: st.DrawFn) -> Value:
    low, high = sorted((draw(PORTS), draw(PORTS)))
    return draw(st.sampled_from((low, span(low, high), span(0, 65535))))


Part: TypeAlias = tuple[str, tuple[str, ...], st.SearchStrategy[list[Key]], bool]
SINGLES = {4: address(4), 6: address(6)}
SETS: tuple[Part, ...] = (
    ("s_v4", ("ipv4_addr",), keys(SINGLES[4]), False),
    ("s_v6", ("ipv6_addr",), keys(SINGLES[6]), False),
    ("s_nets4", ("ipv4_addr",), disjoint(V4, 4).map(lambda found: [(each,) for each in found]), True),
    ("s_nets6", ("ipv6_addr",), disjoint(V6, 6).map(lambda found: [(each,) for each in found]), True),
    ("s_ports", ("inet_service",), disjoint(PORTS).map(lambda found: [(each,) for each in found]), True),
    ("s_names", ("ifname",), keys(NAMES), False),
    ("s_marks", ("mark",), keys(MARKS), False),
    (
        "s_permit4",
        ("ipv4_addr", "ipv4_addr", "inet_proto", "inet_service"),
        keys(SINGLES[4], SINGLES[4], PROTOCOLS, PORTS),
        False,
    ),
    (
        "s_permit6",
        ("ipv6_addr", "ipv6_addr", "inet_proto", "inet_service"),
        keys(SINGLES[6], SINGLES[6], PROTOCOLS, PORTS),
        False,
    ),
    (
        "s_range4",
        ("ipv4_addr", "ipv4_addr", "inet_proto", "inet_service"),
        ranged(SINGLES[4], prefixes(4), PROTOCOLS, wide()),
        True,
    ),
    (
        "s_range6",
        ("ipv6_addr", "ipv6_addr", "inet_proto", "inet_service"),
        ranged(SINGLES[6], prefixes(6), PROTOCOLS, wide()),
        True,
    ),
    ("s_pins4", ("ifname", "ipv4_addr"), ranged(NAMES, prefixes(4)), True),
    ("s_pins6", ("ifname", "ipv6_addr"), keys(NAMES, SINGLES[6]), False),
)
MAPS: tuple[tuple[Part, tuple[str, ...], st.SearchStrategy[Key | Verdict]], ...] = (
    (("m_in", ("ifname",), keys(NAMES), False), ("verdict",), VERDICTS),
    (("m_vm", ("inet_proto", "inet_service"), ranged(PROTOCOLS, wide()), True), ("verdict",), VERDICTS),
    (
        ("m_nets", ("ipv4_addr",), disjoint(V4, 4).map(lambda found: [(each,) for each in found]), True),
        ("verdict",),
        VERDICTS,
    ),
    (("m_mark", ("ifname",), keys(NAMES), False), ("mark",), st.tuples(MARKS)),
    (
        ("m_dnat4", ("ipv4_addr", "inet_proto", "inet_service"), keys(SINGLES[4], PROTOCOLS, PORTS), False),
        ("ipv4_addr", "inet_service"),
        st.tuples(SINGLES[4], PORTS),
    ),
    (
        ("m_dnat6", ("ipv6_addr", "inet_proto", "inet_service"), keys(SINGLES[6], PROTOCOLS, PORTS), False),
        ("ipv6_addr", "inet_service"),
        st.tuples(SINGLES[6], PORTS),
    ),
    (
        ("m_span4", ("ipv4_addr", "inet_proto", "inet_service"), ranged(SINGLES[4], PROTOCOLS, wide()), True),
        ("ipv4_addr",),
        st.tuples(SINGLES[4]),
    ),
)


@st.composite
def named_set(draw: st.DrawFn, part: Part, declared: bool) -> Set:
    name, types, members, interval = part
    elements = frozenset(Element(key, None, draw(COMMENTS)) for key in draw(members))
    flags = frozenset(("interval",)) if interval else frozenset()
    counter = not interval and declared
    return Set(name, types, None, flags, 4096 if declared else None, None, counter, elements)


@st.composite
def named_map(draw: st.DrawFn, part: Part, types: tuple[str, ...], right: st.SearchStrategy[Key | Verdict]) -> Set:
    name, key_types, members, interval = part
    elements = frozenset(Element(key, draw(right), draw(COMMENTS)) for key in draw(members))
    return Set(name, key_types, types, frozenset(("interval",)) if interval else frozenset(), elements=elements)
