"""dnssec: zones that prove what they say, and what they do not."""

from __future__ import annotations

import hashlib
from base64 import b64decode

from warren.formats.dnssec import Key, Times, anchor, delegation, signed, spoiled
from warren.formats.unbound import Record, absolute

TIMES = Times(1, 2)
RECORDS = [
    Record("z", "SOA", "a. b. 1 2 3 4 5"),
    Record("z", "NS", "ns.z."),
    Record("ns.z", "A", "192.0.2.2"),
    Record("ns.z", "A", "192.0.2.1"),
    Record("sub.z", "NS", "ns.sub.z."),
    Record("ns.sub.z", "A", "192.0.2.3"),
]


def said(records: list[Record]) -> list[Record]:
    """The zone `z` of these records, signed by what only remembers."""
    return list(signed("z", records, Key(b"\1" * 64, lambda text: hashlib.sha256(text).digest() * 2), TIMES))


def covered(found: list[Record]) -> set[tuple[str, str]]:
    """Which sets of records have a signature."""
    return {(one.name.rstrip("."), one.content.split()[0]) for one in found if one.kind == "RRSIG"}


def test_what_is_the_zones_own_is_signed_and_what_only_leads_on_is_not() -> None:
    assert covered(said(RECORDS)) == {
        ("z", "SOA"), ("z", "NS"), ("z", "DNSKEY"), ("z", "NSEC"), ("ns.z", "A"), ("ns.z", "NSEC"), ("sub.z", "NSEC"),
    }  # fmt: skip


def test_every_name_proves_what_lies_between_it_and_the_next() -> None:
    found = {absolute(one.name): one.content for one in said(RECORDS) if one.kind == "NSEC"}
    assert found == {
        "z.": "ns.z. NS SOA DNSKEY NSEC RRSIG",
        "ns.z.": "sub.z. A NSEC RRSIG",
        "sub.z.": "z. NS NSEC RRSIG",
    }


def test_the_order_of_records_does_not_matter() -> None:
    one, other = ({str(each) for each in said(records)} for records in (RECORDS, RECORDS[::-1]))
    assert one == other


def test_a_delegation_names_the_key_below() -> None:
    # The owner counts: the same key in another zone has another digest.
    key = Key(b"\1" * 64, lambda text: text)
    one, other = delegation("a.z", key), delegation("b.z", key)
    assert one.kind == "DS" and one.content.split()[:3] == [str(key.tag), "13", "2"] and one.content != other.content
    assert anchor(".", key).content == key.content and key.content.startswith("257 3 13 ")


def test_a_key_has_the_number_that_the_standard_gives_it() -> None:
    # RFC 6605, 6.1: the example of ECDSA over P-256.
    text = "GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA=="
    key = Key(b64decode(text), lambda text: text)
    assert key.tag == 55648
    assert delegation("example.net", key).content == (
        "55648 13 2 b4c8c1fe2e7477127b27115656ad6256f424625bf5c1e2770ce6d6e37df61d17"
    )


def test_a_spoiled_signature_is_another_of_the_same_length() -> None:
    one = next(each for each in said(RECORDS) if each.kind == "RRSIG")
    bad = spoiled(one)
    assert bad != one and len(bad.content) == len(one.content)
    assert bad.content.split()[:-1] == one.content.split()[:-1]
