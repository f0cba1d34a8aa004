"""records: a table, and the same for programs."""

from __future__ import annotations

import click

from warren.cli.views.records import document, lines
from warren.topology.records import DnsRecord

ONE = DnsRecord("a.example", "AAAA", "2001:db8::1")


def test_a_table() -> None:
    assert [click.unstyle(line).split() for line in lines([ONE], "so it is")] == [
        ["NAME", "AT", "THE", "REGISTRAR", "TYPE", "CONTENT"],
        ["a.example", "AAAA", "2001:db8::1"],
        ["So", "it", "is."],
    ]
    assert lines([], None) == []


def test_for_programs() -> None:
    listed = [{"name": "a.example", "type": "AAAA", "content": "2001:db8::1"}]
    assert document([ONE], "so", None) == {"records": listed, "caa": "so", "records_differ": None}
    assert document([], None, ["x"]) == {"records": [], "caa": None, "records_differ": ["x"]}
