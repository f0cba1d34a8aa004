"""Diagnostics: places in order, refusals that carry everything, hints."""

from __future__ import annotations

from warren.basis.diagnostic import Place, Refused, Severity, did_you_mean, error, warning


def test_a_place_prints_as_editors_read_it() -> None:
    assert str(Place("warren.yaml", 3, 7)) == "warren.yaml:3:7"


def test_places_sort_as_they_are_read() -> None:
    assert sorted([Place("a", 10, 1), Place("a", 2, 9), Place("a", 2, 3)]) == [
        Place("a", 2, 3),
        Place("a", 2, 9),
        Place("a", 10, 1),
    ]


def test_a_diagnostic_names_other_places() -> None:
    here, there = Place("a", 1, 1), Place("a", 9, 1)
    found = error("port-clash", "two services take port 80", here, "take another", there)
    assert (found.severity, found.place, found.hint, found.related) == (Severity.ERROR, here, "take another", (there,))


def test_a_refusal_carries_errors_and_warnings() -> None:
    both = [warning("public-database", "a database is exposed"), error("no-such-host", "there is no host `hme`")]
    refused = Refused(iter(both))
    assert refused.diagnostics == tuple(both)
    assert str(refused) == "a database is exposed; there is no host `hme`"


def test_a_hint_names_the_closest_word_alone() -> None:
    assert did_you_mean("hme", ["vps", "home"]) == "did you mean `home`?"
    assert did_you_mean("zebra", ["vps", "home"]) is None
