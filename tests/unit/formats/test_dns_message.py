"""dns_message: questions as bytes, answers as other servers write them."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warren.formats.dns_message import Answer, Malformed, answer, question

CAA = 257
# `example.org` with one record behind a CNAME, names by pointers, as servers compress them (RFC 1035, 4.1.4).
NAME = b"\7example\3org\0"
ASKED = NAME + struct.pack("!HH", CAA, 1)


def message(flags: int, *records: tuple[int, bytes], number: int = 7) -> bytes:
    """An answer of a server."""
    head = struct.pack("!6H", number, flags, 1, len(records), 0, 0)
    body = (b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 300, len(content)) + content for kind, content in records)
    return head + ASKED + b"".join(body)


def test_a_question_says_its_kind_and_that_it_wants_all() -> None:
    assert question(7, "Example.org", CAA) == (
        b"\0\7\1\0\0\1\0\0\0\0\0\1" + NAME + b"\1\1\0\1" + b"\0\0\x29\4\xd0\0\0\0\0\0\0"
    )


def test_an_answer_has_the_records_that_were_asked_for() -> None:
    said = message(0x8180, (5, b"\3www\xc0\x0c"), (CAA, b"\0\5issueletsencrypt.org"))
    assert answer(said, 7, CAA) == Answer(0, False, (b"\0\5issueletsencrypt.org",))
    assert answer(message(0x8183), 7, CAA) == Answer(3, False, ())
    assert answer(message(0x8380), 7, CAA).truncated


@pytest.mark.parametrize("said", [b"", message(0x8180, number=8), message(0x0100), message(0x8180, (CAA, b"xx"))[:-1]])
def test_what_is_no_answer(said: bytes) -> None:
    with pytest.raises(Malformed):
        answer(said, 7, CAA)


@given(st.binary(max_size=200))
def test_no_bytes_are_too_much(said: bytes) -> None:
    try:
        answer(b"\0\7\x81\x80" + said, 7, CAA)
    except Malformed:
        pass
