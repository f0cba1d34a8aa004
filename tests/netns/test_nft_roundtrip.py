"""The kernel's copy of a table equals the table that was written, and changes lead from one to another."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.netns.nft_tables import tables
from warren.formats.nft import diff, read, write
from warren.formats.nft.model import (
    Accept,
    Chain,
    Concat,
    Continue,
    Drop,
    Element,
    Goto,
    Hook,
    Jump,
    Key,
    Meta,
    Payload,
    Prefix,
    Rule,
    Set,
    SetUpdate,
    Span,
    Table,
    Unknown,
    Verdict,
)

pytestmark = pytest.mark.netns
LAW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


class Kernel:
    """A network namespace with a shell in it that runs nft; one process for many tables."""

    def __init__(self, place: Path) -> None:
        become_root = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
        self.place = place
        self.shell = subprocess.Popen(
            ["unshare", *become_root, "--net", "sh"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(self, command: str) -> None:
        assert self.shell.stdin is not None and self.shell.stdout is not None
        self.shell.stdin.write(f"{command} 2>'{self.place}/errors'; echo $?\n")
        self.shell.stdin.flush()
        code = self.shell.stdout.readline().strip()
        assert code == "0", (self.place / "errors").read_text()

    def load(self, text: str) -> None:
        (self.place / "text").write_text(text)
        self.run(f"nft -f '{self.place}/text'")

    def table(self, name: str = "warren") -> Table | None:
        return read.table(self.listing(), "inet", name)

    def listing(self) -> str:
        self.run(f"nft -j list ruleset >'{self.place}/json'")
        return (self.place / "json").read_text()

    def close(self) -> None:
        assert self.shell.stdin is not None and self.shell.stdout is not None
        self.shell.stdin.close()
        self.shell.wait(10)
        self.shell.stdout.close()


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    started = Kernel(tmp_path_factory.mktemp("nft"))
    yield started
    started.close()


def explain(found: Table | None, wanted: Table) -> str:
    """What differs, line by line: a table is too much to look at."""
    if found is None:
        return "no table"
    change = diff.tables(found, wanted)
    lines = [str(change)]
    for name in change.changed_chains:
        before, after = found.chain(name), wanted.chain(name)
        assert before and after
        lines += [f"{a}\n  is not\n{b}" for a, b in zip(before.rules, after.rules, strict=False) if a != b]
    return "\n".join(lines)


@LAW
@given(tables(st.booleans()))
def test_what_is_written_is_read(kernel: Kernel, table: Table) -> None:
    kernel.load(write.replace(table))
    found = kernel.table()
    assert found == table, explain(found, table)
    assert write.changes(found, table) is None


@LAW
@given(tables(), tables())
def test_changes_lead_to_the_new_table(kernel: Kernel, old: Table, new: Table) -> None:
    kernel.load(write.replace(old))
    text = write.changes(old, new)
    assert text is None or "delete table" not in text
    if text is not None:
        kernel.load(text)
    found = kernel.table()
    assert found == new, explain(found, new)


def same_keys(verdict: Verdict, port: int, comment: str | None) -> Table:
    """Every kind of set and map, always with the same keys."""
    interval = frozenset(("interval",))
    address, prefix, many = Prefix.of("10.0.0.1"), Prefix.of("10.0.0.0/8"), Span(5, 9)
    to: Key = (Prefix.of("10.9.0.1"), port)

    def only(key: Key, data: Key | Verdict | None = None) -> frozenset[Element]:
        return frozenset((Element(key, data, comment),))

    types = ("inet_proto", "inet_service")
    sets = (
        Set("plain", ("ipv4_addr",), elements=only((address,))),
        Set("counted", ("ipv4_addr",), counter=True, elements=only((address,))),
        Set("nets", ("ipv4_addr",), flags=interval, elements=only((prefix,))),
        Set("spans", ("ipv4_addr", "inet_service"), flags=interval, elements=only((prefix, many))),
    )
    maps = (
        Set("names", ("ifname",), ("verdict",), elements=only(("eth0",), verdict)),
        Set("ports", ("inet_service",), ("verdict",), flags=interval, elements=only((many,), verdict)),
        Set("pairs", types, ("verdict",), flags=interval, elements=only(("tcp", many), verdict)),
        Set("to_one", ("ipv4_addr",), ("ipv4_addr", "inet_service"), elements=only((address,), to)),
        Set("to_many", ("ipv4_addr",), ("ipv4_addr", "inet_service"), flags=interval, elements=only((prefix,), to)),
    )
    return Table("inet", "warren", sets, maps, (Chain("c"), Chain("d")))


def test_another_verdict_or_comment_for_the_same_key(kernel: Kernel) -> None:
    verdicts: tuple[Verdict, ...] = (Accept(), Drop(), Jump("c"), Goto("c"), Jump("d"), Continue())
    steps = [
        same_keys(verdict, port, comment) for comment in (None, "one", "two") for port, verdict in enumerate(verdicts)
    ]
    kernel.load(write.replace(steps[0]))
    for old, new in zip(steps, steps[1:], strict=False):
        text = write.changes(old, new)
        assert text is not None and "delete table" not in text
        kernel.load(text)
        assert kernel.table() == new


def test_foreign_rules_are_seen_and_put_right(kernel: Kernel) -> None:
    hook = Hook("filter", "forward", 0)
    table = Table("inet", "warren", (), (), (Chain("forward", (Rule((Drop(),)),), hook), Chain("c")))
    kernel.load(write.replace(table))
    kernel.load("add rule inet warren c quota over 5 mbytes meta nftrace set 1\nadd chain inet warren theirs\n")
    found = kernel.table()
    assert found is not None and found != table
    changed = found.chain("c")
    assert changed and all(isinstance(each, Unknown) for each in changed.rules[0].statements)
    kernel.load(write.changes(found, table) or "")
    assert kernel.table() == table


def test_what_rules_have_counted_outlives_a_change(kernel: Kernel) -> None:
    key = Concat((Payload("ip", "saddr"), Meta("oifname")))
    out = Chain("out", (Rule((SetUpdate("update", "count", key),)),), Hook("filter", "output", 0))
    old = Table("inet", "warren", (Set("count", ("ipv4_addr", "ifname"), counter=True),), (), (out,))
    new = Table("inet", "warren", (*old.sets, Set("more", ("mark",))), (), (out,))
    kernel.load(write.replace(old))
    kernel.run("ip link set lo up; ping -c 1 -W 1 127.0.0.1 >/dev/null || :")
    kernel.load('add element inet warren count { 127.0.0.2 . "lo" }')
    before = read.counters(kernel.listing(), "inet", "warren")["count"]
    kernel.load(write.changes(old, new) or "")
    assert (Prefix.of("127.0.0.2"), "lo") in before
    assert read.counters(kernel.listing(), "inet", "warren")["count"] == before
    assert kernel.table() == new
