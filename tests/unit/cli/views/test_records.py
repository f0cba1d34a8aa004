"""records: a table, and the same for programs."""

from __future__ import annotations

import click

from warren.cli.views.records import document, lines
from warren.topology.records import DnsRecord

ONE = DnsRecord("a.example", "AAAA", "2001:db8::1")


def test_a_table() -> None:
    assert [click.unstyle(line).split() for line in lines([ONE])] == [
        ["NAME", "AT", "THE", "REGISTRAR", "TYPE", "CONTENT"],
        ["a.example", "AAAA", "2001:db8::1"],
    ]
    assert lines([]) == []


def test_for_programs() -> None:
    listed = [{"name": "a.example", "type": "AAAA", "content": "2001:db8::1"}]
    assert document([ONE], None) == {"records": listed, "records_differ": None}
    assert document([], ["x"]) == {"records": [], "records_differ": ["x"]}
