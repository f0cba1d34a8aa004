"""neighbours: what tables of others do, for sure or perhaps."""

from __future__ import annotations

from warren.verify.neighbours import told

TABLES = {"home": ("ip filter",)}
DOUBTS = {"table ip filter on home": ("xt recent",)}
CUT, OTHER = "cloud can no longer reach db:5432/tcp", "cloud can no longer reach the Internet by vps"


def test_what_is_sure_names_the_tables() -> None:
    (found,) = told((CUT,), (CUT,), TABLES, {})
    assert (found.code, found.summary) == ("in-the-way", CUT)
    assert found.hint == "nftables tables that are not ours: ip filter on home; warren never changes them"


def test_what_depends_on_a_word_says_may_and_the_word() -> None:
    sure, perhaps, word = told((CUT, OTHER), (CUT,), TABLES, DOUBTS)
    assert sure.summary == CUT
    assert perhaps.summary == "cloud may no longer reach the Internet by vps"
    assert perhaps.hint == "that depends on what warren does not know: `xt recent` in table ip filter on home"
    assert word.summary == "table ip filter on home has a word that warren does not know: `xt recent`"
    assert (word.code, word.hint) == ("not-understood", None)


def test_a_word_on_which_nothing_depends_is_said_as_well() -> None:
    (word,) = told((), (), TABLES, DOUBTS)
    assert word.hint == "nothing of this network depends on it"


def test_what_is_cut_in_the_best_case_is_cut() -> None:
    sure, perhaps, _ = told((CUT,), (f"{CUT} (IPv4 only)",), TABLES, DOUBTS)
    assert sure.summary == f"{CUT} (IPv4 only)"
    assert perhaps.summary == "cloud may no longer reach db:5432/tcp"


def test_what_is_opened_in_the_worst_case_is_open() -> None:
    opened = "cloud can now reach the Internet by vps"
    sure, perhaps, _ = told((opened,), (opened, "Internet can now reach blog:80/tcp at vps"), TABLES, DOUBTS)
    assert sure.summary == opened and perhaps.summary == "Internet may now reach blog:80/tcp at vps"
