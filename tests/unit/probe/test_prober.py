"""The prober's own words; packets are sent in tests/netns."""

from __future__ import annotations

import errno

from warren.probe.prober import parse, result, word


def test_errors_have_one_word() -> None:
    assert word(errno.ECONNREFUSED) == "refused"
    assert word(errno.ENETUNREACH) == word(errno.EHOSTUNREACH) == "unreachable"
    assert word(errno.EMFILE) == "emfile"
    assert word(99999) == "99999"


def test_an_answer_is_the_first_line_of_json() -> None:
    assert parse(b'{"service":"a"}\nrest') == {"service": "a"}
    assert parse(b"220 mail ready\n") is None
    assert parse(b"[1]\n") is None
    assert parse(b"\xff\xfe") is None
    assert parse(b"") is None


def test_a_result_names_its_probe() -> None:
    found = result({"id": 7}, "refused", 0.0)
    assert (found["id"], found["answer"], found["error"], found["connected"]) == (7, None, "refused", False)
