"""reference: what a word refers to."""

from __future__ import annotations

import pytest

from tests.spec_texts import BASE
from warren.spec.load import Document, load
from warren.spec.reference import (
    Directory,
    LanOf,
    Outside,
    Problem,
    Program,
    ServicePort,
    as_prefix,
    closest,
)

TEXT = BASE + "  mute: {host: home}\ngroups: {all: [inner, mute], inner: [blog, db], none-of-it: [mute]}\n"
DIRECTORY = Directory(load(Document("warren.yaml", TEXT)))
WEB, SQL = ServicePort("blog", "web"), ServicePort("db", "sql")


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("db", (SQL,)),
        ("db.sql", (SQL,)),
        ("all", (WEB, SQL)),
        ("inner.web", (WEB,)),
        ("*", (WEB, SQL)),
        ("*.sql", (SQL,)),
        ("home.mysql", (Program("home", "mysql"),)),
        ("home.lan", (LanOf("home", None),)),
        ("home.lan.lan", (LanOf("home", "lan"),)),
    ],
)
def test_words(word: str, found: tuple[object, ...]) -> None:
    assert DIRECTORY.find(word) == found


def test_prefixes_are_written_as_such() -> None:
    for word in ("198.51.100.0/24", "198.51.100.7", "2001:db8::/32", "::1"):
        found = DIRECTORY.find(word)
        assert isinstance(found, tuple) and isinstance(found[0], Outside)
        assert as_prefix(word) == found[0].prefix
    assert as_prefix("db.sql") is None and as_prefix("1.2.3.4.5") is None


def test_the_seeker_is_never_a_part_of_the_answer() -> None:
    assert DIRECTORY.find("db.sql", "db") == ()
    assert DIRECTORY.find("inner", "db") == (WEB,)
    assert DIRECTORY.find("*", "db") == (WEB,)


@pytest.mark.parametrize(
    ("word", "code", "hint"),
    [
        ("bd", "unknown-name", "there is `blog`, `db`, `mute`, `all`, `inner`, `none-of-it`, `vps`, `home`"),
        ("blgo.web", "unknown-name", "did you mean `blog`?"),
        ("db.sqll", "unknown-port", "did you mean `sql`?"),
        ("db.web", "unknown-port", "it has `sql`"),
        ("mute", "no-ports", "give it some: `ports: {web: 80}`"),
        ("none-of-it", "no-ports", None),
        ("*.nothing", "unknown-port", None),
        ("all.webb", "unknown-port", "did you mean `web`?"),
        ("home", "host-alone", "name a program of it, `home.mysql`"),
        ("vps", "host-alone", "declare a program: `vps: {programs: {mysql: 3306}}`"),
        ("home.mysqld", "unknown-program", "did you mean `mysql`?"),
        ("home.lan.x", "unknown-lan", "it has `lan`"),
        ("vps.lan", "no-lan", "say where it stands: `vps: {lan: 192.168.2.0/24}`"),
        ("10.0.0.1/8", "bad-prefix", None),
        ("10.0.0", "bad-prefix", None),
        ("a:b", "bad-prefix", None),
        ("", "unknown-name", None),
    ],
)
def test_problems(word: str, code: str, hint: str | None) -> None:
    found = DIRECTORY.find(word)
    assert isinstance(found, Problem)
    assert found.code == code
    assert hint is None or found.hint == hint


def test_near_names_are_found_quickly_among_many() -> None:
    names = [f"service-{number}" for number in range(10_000)]
    assert closest("service-77x", names) is not None
    assert closest("nothing-like-it", names) is None
