"""Transactions of nftables: whole or not at all, and refused where the kernel refuses."""

from __future__ import annotations

import pytest

from tests.topologies import everything, two_hosts
from warren.desired.items.rules import Rules
from warren.desired.lower import lower
from warren.desired.model import of_kind
from warren.formats.nft import read, write
from warren.formats.nft.model import Chain, CtTimeout, Rule, Table, Timeout
from warren.hosts.fake.nft import Nftables
from warren.hosts.fake.words import Refusal

TABLE = """\
table inet t {
    set plain {
        type ipv4_addr
        elements = { 10.0.0.1,
                 10.0.0.2 }
    }
    set nets {
        type ipv4_addr . inet_service
        flags interval
    }
    map ways {
        type ifname : verdict
        elements = { "v-a" : jump way }
    }
    chain way {
    }
    chain base {
        type filter hook forward priority 0; policy accept;
        ip saddr @plain accept
    }
}
"""


def tables(name: str) -> list[Table]:
    """A host's tables before and after."""
    states = (lower(two_hosts())[name], lower(everything())[name])
    return [next(r.table for r in of_kind(state, Rules) if r.table.name == "warren") for state in states]


@pytest.fixture
def nft() -> Nftables:
    made = Nftables()
    made.load(TABLE)
    return made


def listed(nft: Nftables, name: str) -> Table | None:
    return read.table(nft.listing("inet", name), "inet", name)


@pytest.mark.parametrize("host", ["vps", "home"])
def test_tables_of_ours_are_read_back_and_changed(host: str) -> None:
    nft, (old, new) = Nftables(), tables(host)
    nft.load(write.replace(old))
    assert listed(nft, "warren") == old
    nft.load(write.changes(old, new) or "")
    assert listed(nft, "warren") == new
    nft.load(write.changes(new, old) or "")
    assert listed(nft, "warren") == old
    nft.load(write.remove(old))
    assert nft.listing("inet", "warren") == ""


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("delete element inet t plain { 10.9.9.9 }", "No such file or directory: element 10.9.9.9"),
        ("add element inet t none { 10.9.9.9 }", "No such file or directory: set none"),
        ("add element inet t nets { 10.0.0.0/8 . 5, 10.1.0.0/16 . 1-9 }", "conflicting intervals"),
        ('add element inet t ways { "v-a" : goto way }', "File exists"),
        ("delete set inet t plain", "busy"),
        ("delete chain inet t way", "busy"),
        ("delete chain inet t base", "busy: chain base"),
        ("add rule inet t base jump nowhere", "no such file: nowhere"),
        ("flush chain inet t nowhere", "No such file or directory: chain nowhere"),
        ("add set inet none x { type mark; }", "No such file or directory: table none"),
        ("table inet u {\nset x {\nflags interval\n}\n}", "a set without a type"),
        ("table inet u {\nmap x {\ntype mark\n}\n}", "a map of type mark"),
        ("table inet u {\nset x {\ntype mark\ngc-interval 5s\n}\n}", "unexpected gc-interval"),
    ],
)
def test_what_the_kernel_refuses_is_refused_and_nothing_has_happened(nft: Nftables, text: str, refusal: str) -> None:
    before = nft.listing("inet", "t")
    with pytest.raises(Refusal, match=refusal):
        nft.load(f"add element inet t plain {{ 10.0.0.3 }}\n{text}\n")
    assert nft.listing("inet", "t") == before


def test_parts_go_once_nothing_uses_them(nft: Nftables) -> None:
    nft.load('flush chain inet t base\ndelete element inet t ways { "v-a" }\ndelete chain inet t way\n')
    nft.load("delete set inet t plain\ndelete chain inet t base\ndelete map inet t ways\ndelete set inet t nets\n")
    assert listed(nft, "t") == Table("inet", "t")


def test_time_outs_come_go_and_are_kept_while_a_rule_gives_them(nft: Nftables) -> None:
    kept = Timeout("soon", "udp", (("unreplied", 5), ("replied", 9)))
    one = Table("inet", "t", chains=(Chain("c", (Rule((CtTimeout("soon"),)),)),), timeouts=(kept,))
    bare = Table("inet", "t", chains=(Chain("c"),))
    nft.load(write.replace(one))
    assert listed(nft, "t") == one
    with pytest.raises(Refusal, match="soon"):
        nft.load("delete ct timeout inet t soon\n")
    for old, new in ((one, bare), (bare, one)):
        nft.load(write.changes(old, new) or "")
        assert listed(nft, "t") == new
