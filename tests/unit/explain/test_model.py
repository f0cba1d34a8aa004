"""The first that is broken speaks for all."""

from __future__ import annotations

from warren.explain.model import Asked, Explanation, Hop, Kind, Verdict, first_of

HOP = Hop("home", "db", Kind.ROUTE, "goes on")
WORKS, BROKEN = Verdict("open", "fine"), Verdict("need-missing", "not needed")


def asked(family: int, verdict: Verdict) -> Asked:
    return Asked(family, "a", "b", 80, "tcp", verdict, (HOP,))


def test_the_first_that_fails_is_explained() -> None:
    found = Explanation("a", "b", (asked(4, WORKS), asked(6, BROKEN)))
    assert (found.verdict, found.main, found.hops) == (BROKEN, found.asked[1], (HOP,))


def test_where_all_works_the_first_is_explained() -> None:
    found = Explanation("a", "b", (asked(4, WORKS), asked(6, WORKS)))
    assert (found.verdict.works, found.main) == (True, found.asked[0])


def test_nothing_to_ask_is_said() -> None:
    assert (Explanation("a", "b", ()).verdict.code, Explanation("a", "b", ()).hops) == ("nothing-to-ask", ())


def test_the_first_verdict_that_there_is() -> None:
    assert (first_of([None, BROKEN, WORKS]), first_of([None])) == (BROKEN, None)
