"""What marks our datagrams, the rules that write them down, and what is read of them."""

from __future__ import annotations

import re
import subprocess

import pytest

from warren.probe.arrivals import (
    Seen,
    listening,
    listening_script,
    payload,
    read_script,
    ready_script,
    rules,
    seen,
    stop_script,
    token_of,
    watch_script,
)

TOKEN = token_of(bytes(range(16)))
# nft 1.0.6 and 1.1.3 print the same.
PRINTED = """\
%%came
table inet warren_arrivals_8081828384858687 {
    set came {
        typeof @th,128,32
        size 1048576
        flags dynamic
        elements = { 0x80808081, 0x80808082,
            0x808082ac, 0xffffffff }
    }
}
%%through
table inet warren_arrivals_8081828384858687 {
    set through {
        typeof @th,128,32
    }
}
%%own
table inet warren_arrivals_8081828384858687 {
    set own {
        typeof @th,128,32
        elements = { 0x80808081 }
    }
}
"""


def test_a_datagram_has_no_byte_that_would_end_a_line_or_a_text() -> None:
    assert TOKEN == bytes(range(0x80, 0x88))
    for number in (1, 10, 13, 127, 128, 300, (1 << 28) - 1):
        sent = payload(TOKEN, number)
        assert len(sent) == 12 and min(sent) >= 0x80


def test_what_came_is_read_back_as_the_numbers_that_were_sent() -> None:
    assert seen(PRINTED) == Seen(frozenset({1, 2, 300, (1 << 28) - 1}), frozenset(), frozenset({1}))
    assert seen("") == Seen()


def test_every_way_into_a_program_ends_at_our_last_rule() -> None:
    listed = list(rules(TOKEN, ("v-db", "v-web")))
    dropping = [line for line in listed if line.endswith("drop")]
    assert [re.sub(r".* (stays|enters) .*", r"\1", line) for line in dropping] == ["stays", "enters"]
    assert all("@th,64,64 0x8081828384858687" in line for line in listed if line.startswith("add rule"))
    assert any('{ "v-db", "v-web" }' in line for line in listed)
    assert not any("add element" in line for line in rules(TOKEN, ()))


@pytest.mark.parametrize(
    "script",
    [
        watch_script(TOKEN, ("v-db",)),
        ready_script(TOKEN),
        read_script(TOKEN),
        stop_script(TOKEN),
        listening_script(["db"]),
    ],
)
def test_scripts_are_shell(script: str) -> None:
    subprocess.run(["sh", "-n"], input=script.encode(), check=True)


def test_who_listens_is_read_by_namespace() -> None:
    line = "udp UNCONN 0 0 0.0.0.0:514 0.0.0.0:*\n"
    found = listening(f"%%\n{line}%%log\n{line}{line}%%db\n")
    assert {name: len(held) for name, held in found.items()} == {"": 1, "log": 2, "db": 0}
    assert found[""][0].port == 514
