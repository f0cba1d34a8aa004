"""dnswire: names and records as bytes, in the order in which they are signed."""

from __future__ import annotations

import pytest

from warren.formats.dnswire import KINDS, canonical, content_wire, kinds_wire, labels, name_wire, record_wire
from warren.formats.unbound import Record


def test_a_name_is_its_labels_in_lower_case() -> None:
    assert labels("WWW.Example.org.") == ("www", "example", "org") and labels(".") == ()
    assert name_wire("A.bc.") == b"\x01a\x02bc\x00" and name_wire(".") == b"\x00"


def test_names_are_sorted_from_the_right() -> None:
    # The example of RFC 4034, 6.1, as far as it is of letters.
    names = ["example", "a.example", "yljkjljk.a.example", "Z.a.example", "zABC.a.EXAMPLE", "z.example", "*.z.example"]
    assert sorted(reversed(names), key=canonical) == names


@pytest.mark.parametrize(
    ("kind", "content", "wire"),
    [
        ("A", "192.0.2.1", "c0000201"),
        ("AAAA", "2001:db8::1", "20010db8000000000000000000000001"),
        ("NS", "a.", "016100"),
        ("SOA", "a. b. 1 2 3 4 5", "01610001620000000001" + "00000002000000030000000400000005"),
        ("MX", "10 a.", "000a016100"),
        ("TXT", '"ab"', "026162"),
        ("CAA", '0 issue "ca.example"', "00056973737565" + b"ca.example".hex()),
        ("DS", "258 13 2 ABcd", "01020d02abcd"),
        ("DNSKEY", "257 3 13 AQI=", "0101030d0102"),
        # The map of bits of RFC 4034, 4.3, without its kind that nobody knows.
        ("NSEC", "host.example.com. A MX RRSIG NSEC", "04686f7374076578616d706c6503636f6d00" + "0006400100000003"),
    ],
)
def test_what_a_record_says(kind: str, content: str, wire: str) -> None:
    assert content_wire(kind, content).hex() == wire


def test_a_record_is_its_owner_kind_class_life_and_length() -> None:
    assert (
        record_wire(Record("a", "A", "192.0.2.1", 60)).hex() == "016100" + "0001" + "0001" + "0000003c" + "0004c0000201"
    )


def test_kinds_beyond_the_first_block_have_their_own() -> None:
    assert KINDS["CAA"] == 257
    assert kinds_wire({"A", "CAA"}).hex() == "000140" + "010140"
