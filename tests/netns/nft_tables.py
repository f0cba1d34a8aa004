"""Tables of every construct that warren writes, for laws.

In: nothing. Out: hypothesis strategies of `Table`. Never: a table that the kernel would refuse.
"""

from __future__ import annotations

from typing import Literal as OneOf

from hypothesis import strategies as st

from tests.netns.nft_sets import (
    COMMENTS,
    ENDS,
    MAPS,
    MARKS,
    NAMES,
    PORTS,
    PROTOCOLS,
    SETS,
    V4,
    V6,
    VERDICTS,
    Values,
    address,
    disjoint,
    named_map,
    named_set,
    prefixes,
    wide,
)
from warren.formats.nft.model import (
    Accept,
    AnonymousMap,
    AnonymousSet,
    Chain,
    Concat,
    Counter,
    CounterNamed,
    Ct,
    CtCount,
    CtTimeout,
    Dnat,
    Drop,
    Element,
    Endpoint,
    Expression,
    Fib,
    Flags,
    Hook,
    Jump,
    Limit,
    Literal,
    Log,
    MapLookup,
    MarkLookup,
    MarkSet,
    Masked,
    Masquerade,
    Match,
    Meta,
    Notrack,
    Numgen,
    Payload,
    Prefix,
    Redirect,
    Reject,
    Rt,
    Rule,
    Set,
    SetMss,
    SetReference,
    SetUpdate,
    Snat,
    Span,
    Statement,
    Table,
    Timeout,
    Value,
    Verdict,
    VerdictMap,
)

METERS = (
    Set("d_meter", ("ipv4_addr", "inet_service"), None, frozenset(("timeout",)), 1000, 60),
    Set("d_slow", ("ipv6_addr",), None, frozenset(("timeout",)), None, 3600),
    Set("d_count", ("ipv4_addr", "ifname"), counter=True),
)
IP, IP6 = Payload("ip", "saddr"), Payload("ip6", "saddr")
TO, TO6 = Payload("ip", "daddr"), Payload("ip6", "daddr")
L4, DPORT, SPORT = Meta("l4proto"), Payload("th", "dport"), Payload("th", "sport")
STATES = st.sampled_from(("established", "related", "new", "invalid"))
EQUAL = st.sampled_from(("==", "!="))
# Every dynamic set has a rule that fills it: without one it would be another kind of set.
METERING = (
    SetUpdate("update", "d_meter", Concat((IP, DPORT)), (Limit(20, "second", 20, True),)),
    SetUpdate("update", "d_count", Concat((IP, Meta("oifname")))),
    SetUpdate("update", "d_slow", IP6),
    SetUpdate("add", "d_conn", IP, (CtCount(20, True),)),
)


def anonymous(values: st.SearchStrategy[list[Value]]) -> st.SearchStrategy[AnonymousSet]:
    return values.filter(bool).map(lambda found: AnonymousSet(frozenset((each,) for each in found)))


def compare(left: Expression, *right: st.SearchStrategy[Expression]) -> st.SearchStrategy[Statement]:
    return st.builds(Match, EQUAL, st.just(left), st.one_of(*right))


def literals(values: Values) -> st.SearchStrategy[Literal]:
    return values.map(Literal)


def some_flags(names: st.SearchStrategy[str], least: int = 1) -> st.SearchStrategy[Flags]:
    return st.frozensets(names, min_size=least, max_size=3).map(Flags)


def refer(name: str) -> st.SearchStrategy[SetReference]:
    return st.just(SetReference(name))


@st.composite
def masked_mark(draw: st.DrawFn, left: Expression) -> Statement:
    mask = draw(st.sampled_from((0xFF000000, 0xFF, 0xFFFF0000, 0x10)))
    return Match(draw(EQUAL), Masked(left, mask), Literal(draw(MARKS) & mask))  # type: ignore[arg-type]


def one_pair(key: int, verdict: Verdict) -> AnonymousMap:
    return AnonymousMap(frozenset((Element((key,), verdict),)))


ANYWHERE: st.SearchStrategy[Statement] = st.one_of(
    compare(
        Meta("iifname"),
        literals(NAMES),
        st.just(Literal("v-*")),
        refer("s_names"),
        anonymous(st.lists(NAMES, unique=True)),
    ),
    compare(Meta("oifname"), literals(NAMES)),
    compare(Meta("mark"), literals(MARKS), anonymous(st.lists(MARKS, unique=True, max_size=4)), refer("s_marks")),
    masked_mark(Ct("mark")),
    masked_mark(Meta("mark")),
    compare(Ct("direction"), st.sampled_from((Literal("original"), Literal("reply")))),
    st.builds(Match, st.sampled_from(("in", "!")), st.just(Ct("state")), some_flags(STATES)),
    compare(Ct("state"), anonymous(st.lists(STATES, unique=True))),
    st.just(Match("in", Ct("status"), Flags(frozenset(("dnat",))))),
    compare(Fib("type", frozenset(("daddr",))), literals(st.sampled_from(("local", "broadcast")))),
    st.builds(
        Match,
        st.just("=="),
        st.just(Fib("oif", frozenset(("saddr", "iif")))),
        literals(st.sampled_from(("missing", "exists"))),
    ),
    st.builds(Match, st.just("<"), st.just(Numgen("random", 100)), literals(st.integers(1, 99))),
    compare(Meta("pkttype"), literals(st.sampled_from(("host", "broadcast", "multicast")))),
    st.builds(
        VerdictMap,
        st.just(Ct("state")),
        st.lists(STATES, min_size=1, unique=True)
        .flatmap(lambda found: st.tuples(*(st.builds(Element, st.just((each,)), VERDICTS) for each in found)))
        .map(lambda found: AnonymousMap(frozenset(found))),
    ),
    st.just(VerdictMap(Meta("iifname"), SetReference("m_in"))),
    st.builds(
        VerdictMap, st.just(Masked(Ct("mark"), 0xFF000000)), VERDICTS.map(lambda verdict: one_pair(0x10000000, verdict))
    ),
)
FAMILY: dict[str, st.SearchStrategy[Statement]] = {
    "": st.sampled_from((Match("==", Meta("nfproto"), Literal("ipv4")), Match("==", Meta("nfproto"), Literal("ipv6")))),
    "ip": st.one_of(
        compare(
            IP, literals(address(4)), literals(prefixes(4)), refer("s_v4"), refer("s_nets4"), anonymous(disjoint(V4, 4))
        ),
        compare(TO, literals(address(4)), anonymous(st.lists(address(4), unique=True, max_size=3))),
        compare(Concat((Meta("iifname"), IP)), refer("s_pins4")),
        st.builds(VerdictMap, st.just(IP), refer("m_nets")),
        st.just(Match("!=", Masked(Payload("ip", "frag-off"), 0x1FFF), Literal(0))),
        st.just(SetUpdate("update", "d_count", Concat((IP, Meta("oifname"))))),
        compare(Ct("ip saddr", "original"), literals(address(4))),
    ),
    "ip6": st.one_of(
        compare(
            IP6,
            literals(address(6)),
            literals(prefixes(6)),
            refer("s_v6"),
            refer("s_nets6"),
            anonymous(disjoint(V6, 6)),
        ),
        compare(TO6, literals(address(6))),
        compare(Concat((Meta("iifname"), IP6)), refer("s_pins6")),
        st.just(SetUpdate("add", "d_slow", IP6, (Limit(9, "minute", 3, True),), 30)),
        st.just(SetUpdate("update", "d_slow", IP6, (Counter(), Limit(9, "hour", 3)))),
    ),
}


def transport(name: str) -> st.SearchStrategy[Statement]:
    """Matches of ports: of one protocol, or (th) of whatever it is."""
    dport = Payload(name, "dport")
    ports = st.one_of(
        compare(dport, literals(PORTS), literals(wide()), refer("s_ports"), anonymous(disjoint(PORTS))),
        st.builds(Match, st.sampled_from(("<", ">", ">=", "<=")), st.just(dport), literals(st.integers(2, 65534))),
        compare(Payload(name, "sport"), literals(PORTS)),
    )
    if name == "th":
        return st.one_of(
            compare(L4, anonymous(st.lists(PROTOCOLS, unique=True)), literals(PROTOCOLS)),
            st.just(VerdictMap(Concat((L4, DPORT)), SetReference("m_vm"))),
        )
    tcp = Payload("tcp", "flags")
    bits = st.sampled_from(("fin", "syn", "rst", "ack"))
    return (
        ports
        if name == "udp"
        else st.one_of(
            ports,
            st.builds(
                Match,
                EQUAL,
                some_flags(bits, 2).map(lambda mask: Masked(tcp, mask)),
                st.just(Flags(frozenset(("syn",)))),
            ),
            st.builds(Match, st.sampled_from(("in", "!", "==", "!=")), st.just(tcp), some_flags(bits)),
        )
    )


TARGETS: tuple[OneOf["meta", "ct"], ...] = ("meta", "ct")
MASKS = st.sampled_from((0, 0xFFFFFF, 0xFF, 0xFFFFFFFF))
LOOKED_UP = MapLookup(Meta("iifname"), SetReference("m_mark"))
FORWARD_ENDS: st.SearchStrategy[tuple[Statement, ...]] = st.one_of(
    VERDICTS.map(lambda verdict: (verdict,)),
    st.sampled_from(
        (
            (Reject(),),
            (Reject("icmpx", "admin-prohibited"),),
            (Counter(), Drop()),
            (CounterNamed("hits"), Accept()),
            (Log("a prefix: ", "info"), Drop()),
            (Log("x", None, 3, 10, 5),),
            (Log(flags=frozenset(("tcp sequence", "ip options"))),),
            (Log("n", "warn"), Notrack()),
            (Limit(20, "second", 20, True), Drop()),
            (Limit(10000, "second", 3 << 20, False, "bytes"), Accept()),
            (SetUpdate("add", "d_conn", IP, (CtCount(20, True),)), Drop()),
        )
    ),
    st.builds(MarkSet, st.sampled_from(TARGETS), MASKS, MARKS, st.sampled_from((None, *TARGETS))).map(
        lambda mark: (mark, Accept())
    ),
    st.sampled_from(tuple((MarkLookup(target, LOOKED_UP),) for target in TARGETS)),
)
TCP = Match("==", L4, Literal("tcp"))
SIZES: st.SearchStrategy[int | Rt] = st.sampled_from((1380, Rt("mtu")))
SYN = Match("==", Masked(Payload("tcp", "flags"), Flags(frozenset(("syn", "rst")))), Flags(frozenset(("syn",))))


@st.composite
def filter_rule(draw: st.DrawFn) -> Rule:
    family = draw(st.sampled_from(("", "", "ip", "ip6")))
    protocol = draw(st.sampled_from(("th", "tcp", "udp")))
    matches = draw(st.lists(st.one_of(ANYWHERE, FAMILY[family], transport(protocol)), max_size=3, unique_by=_subject))
    end = draw(FORWARD_ENDS)
    if any(isinstance(each, SetUpdate) and each.set == "d_conn" for each in end) and family == "ip6":
        end = (Accept(),)
    if any(isinstance(each, Match) and each.left == Meta("nfproto") for each in matches):
        matches = [each for each in matches if _subject(each) in ("Meta(key='nfproto')",)]
        end = (Accept(),)
    if protocol == "tcp" and draw(st.booleans()):
        end = (Reject("tcp reset"),) if matches and _is_tcp(matches[0]) else (SYN, SetMss(draw(SIZES)))
    return Rule((*matches, *end), draw(COMMENTS))


def _subject(statement: Statement) -> str:
    return str(statement.left) if isinstance(statement, Match) else type(statement).__name__


def _is_tcp(statement: Statement) -> bool:
    return isinstance(statement, Match) and isinstance(statement.left, Payload) and statement.left.protocol == "tcp"


def lookup(family: str, name: str) -> MapLookup:
    return MapLookup(Concat((Payload(family, "daddr"), L4, DPORT)), SetReference(name))


MEMBER4 = Prefix.of("10.1.2.3")
INLINE = AnonymousMap(frozenset((Element((MEMBER4, 80), (Prefix.of("10.1.2.4"), 8080)),)))
PRE_NAT = (
    (Dnat("ip", lookup("ip", "m_dnat4")),),
    (Dnat("ip6", lookup("ip6", "m_dnat6")),),
    (Dnat("ip", lookup("ip", "m_span4")),),
    (Dnat("ip", MapLookup(Concat((TO, Payload("tcp", "dport"))), INLINE)),),
    (Dnat(None, Endpoint(MEMBER4)),),
    (TCP, Dnat("ip", Endpoint(MEMBER4, 80), frozenset(("persistent",)))),
    (Match("==", Payload("udp", "dport"), Literal(5)), Dnat(None, Endpoint(Prefix.of("fd00::1"), Span(5, 9)))),
    (Match("==", Payload("udp", "dport"), Literal(5)), Dnat(None, Endpoint(Span(5, 9, 6), 7))),
    (TCP, Dnat(None, Endpoint(Span(0x0A000001, 0x0A000005, 4), 80))),
    (TCP, Redirect(8080)),
    (TCP, Dnat(None, Endpoint(None, 8080))),
    (Match("==", Payload("udp", "dport"), Literal(53)), Redirect(Span(5, 9), frozenset(("random",)))),
)
POST_NAT = (
    (Match("==", L4, AnonymousSet(frozenset((("tcp",), ("udp",))))), Masquerade(Span(61000, 65535))),
    (Masquerade(),),
    (Match("==", Payload("udp", "dport"), Literal(53)), CtTimeout("t_brief")),
    (Match("==", Payload("udp", "dport"), Literal(53)), CtTimeout("t_lasting"), Masquerade()),
    (Masquerade(None, frozenset(("fully-random", "persistent"))),),
    (Match("==", Meta("oifname"), Literal("eth0")), Snat(None, Endpoint(MEMBER4))),
    (Snat("ip6", Endpoint(Prefix.of("2001:db8::1"))),),
)


# One is always the same, as rules hold on to it; the other comes and goes.
TIMEOUTS = (
    Timeout("t_brief", "udp", (("unreplied", 5), ("replied", 9))),
    Timeout("t_lasting", "udp", (("unreplied", 60),), "ip"),
)
IDLE_TIMEOUT = Timeout("t_own", "tcp", (("established", 600), ("syn_sent", 30)))


def rules(bodies: tuple[tuple[Statement, ...], ...]) -> st.SearchStrategy[tuple[Rule, ...]]:
    return st.lists(st.builds(Rule, st.sampled_from(bodies), COMMENTS), max_size=4).map(tuple)


def some_rules(most: int) -> st.SearchStrategy[tuple[Rule, ...]]:
    return st.lists(filter_rule(), max_size=most).map(tuple)


@st.composite
def tables(draw: st.DrawFn, declared: st.SearchStrategy[bool] = st.just(False)) -> Table:  # noqa: B008
    """A table with any elements and rules; now and then with another policy, and chains and sets of its own."""
    policy = draw(st.sampled_from(("accept", "drop")))
    own = draw(st.sets(st.sampled_from(("p", "q", "r"))))
    chains = [
        *(Chain(end) for end in ENDS),
        Chain("forward", draw(some_rules(6)), Hook("filter", "forward", 0, policy)),  # type: ignore[arg-type]
        Chain("free", draw(some_rules(3))),
        Chain("pre", draw(rules(PRE_NAT)), Hook("nat", "prerouting", -100)),
        Chain("post", draw(rules(POST_NAT)), Hook("nat", "postrouting", 100)),
        Chain("meters", tuple(Rule((each,)) for each in METERING)),
        Chain("out", (), Hook("route", "output", -150)),
        *(Chain(f"own_{each}", (Rule((Jump(ENDS[0]),)),)) for each in sorted(own)),
    ]
    sets = [draw(named_set(part, draw(declared))) for part in SETS]
    sets += [*METERS, Set("d_conn", ("ipv4_addr",)), *(Set(f"own_{each}", ("mark",)) for each in sorted(own))]
    maps = [draw(named_map(*part)) for part in MAPS]
    timeouts = (*TIMEOUTS, *([IDLE_TIMEOUT] if draw(st.booleans()) else []))
    return Table("inet", "warren", tuple(sets), tuple(maps), tuple(chains), ("hits",), timeouts)
