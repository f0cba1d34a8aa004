"""xtables: what iptables-nft wrote, in nft's own words where the text of the listing has them."""

from __future__ import annotations

import pytest

from warren.formats.nft import model as nft
from warren.formats.nft import read
from warren.formats.nft.read_value import Json
from warren.formats.nft.xtables import translated

STATE = nft.Match("in", nft.Ct("state"), nft.Flags(frozenset(("related", "established"))))
LOCAL = nft.Match("==", nft.Fib("type", frozenset(("daddr",))), nft.Literal("local"))
PORTS = nft.Match("==", nft.Payload("tcp", "dport"), nft.AnonymousSet(frozenset(((80,), (443,)))))


def listed(*rules: tuple[list[Json], str], text: str | None = None) -> tuple[nft.Rule, ...]:
    """A chain of rules with their texts, read."""
    place: dict[str, Json] = {"family": "ip", "table": "filter"}
    entries: list[Json] = [{"table": {"family": "ip", "name": "filter"}}, {"chain": {**place, "name": "FORWARD"}}]
    entries += [{"rule": {**place, "chain": "FORWARD", "expr": given}} for given, _ in rules]
    lines = "".join(f"\t\t{line}\n" for _, line in rules)
    hook = "\t\ttype filter hook forward priority filter; policy drop;\n"
    plain = text if text is not None else f"table ip filter {{\n\tchain FORWARD {{\n{hook}{lines}\t}}\n}}\n"
    made = read.table(translated({"nftables": entries}, plain), "ip", "filter")
    assert made is not None
    return made.chains[0].rules


def xt(kind: str, name: str) -> Json:
    return {"xt": {"type": kind, "name": name}}


@pytest.mark.parametrize(
    ("given", "text", "meant"),
    [
        (xt("match", "conntrack"), "ct state related,established", STATE),
        (xt("match", "addrtype"), "fib daddr type local", LOCAL),
        (xt("match", "multiport"), "tcp dport { 80, 443 }", PORTS),
        (xt("target", "REJECT"), "reject with tcp reset", nft.Reject()),
        (xt("target", "MASQUERADE"), "masquerade", nft.Masquerade()),
        (xt("target", "DNAT"), "dnat to 172.17.0.2:80", nft.Dnat("ip", nft.Endpoint(nft.Prefix.of("172.17.0.2"), 80))),
        (xt("target", "REDIRECT"), "redirect to :3128", nft.Redirect(3128)),
    ],
)  # fmt: skip
def test_an_extension_that_nft_has_words_for(given: Json, text: str, meant: nft.Statement) -> None:
    (rule,) = listed(([given], text))
    assert rule.statements == (meant,)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (xt("match", "recent"), "xt match recent drop"),
        (xt("match", "conntrack"), "ct state new ct state established"),
        (xt("match", "conntrack"), "ct state ! new"),
        (xt("target", "DNAT"), "dnat to 172.17.0.2:80 random"),
    ],
)
def test_what_the_text_does_not_say_plainly_stays_unknown(given: Json, text: str) -> None:
    (rule,) = listed(([given], text))
    assert isinstance(rule.statements[0], nft.Unknown)


def test_a_text_with_other_rules_is_not_believed() -> None:
    (rule,) = listed(([xt("target", "REJECT")], ""), text="table ip filter {\n\tchain FORWARD {\n\t}\n}\n")
    assert isinstance(rule.statements[0], nft.Unknown)


def test_a_set_over_several_lines_is_one_rule() -> None:
    first, second = listed(
        ([xt("match", "multiport"), {"accept": None}], "tcp dport { 80,\n\t\t\t     443 } accept"),
        ([xt("target", "REJECT")], "reject"),
    )
    assert isinstance(first.statements[0], nft.Match) and second.statements == (nft.Reject(),)
