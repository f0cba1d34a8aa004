"""Diagnostics: values that can be compared, collected and printed."""

from __future__ import annotations

import pytest

from warren.basis.diagnostic import Diagnostic, Place, Refused, Severity, did_you_mean, error, warning

HERE = Place("warren.yaml", 3, 7)
THERE = Place("warren.yaml", 1, 2)


def test_a_place_is_printed_as_editors_read_it() -> None:
    assert str(HERE) == "warren.yaml:3:7"


def test_places_are_ordered_as_they_stand() -> None:
    assert sorted([HERE, Place("warren.yaml", 10, 1), THERE]) == [THERE, HERE, Place("warren.yaml", 10, 1)]


def test_an_error_carries_its_place_hint_and_related_places() -> None:
    found = error("duplicate", "the key is written twice", HERE, "delete one", THERE)
    assert found == Diagnostic(Severity.ERROR, "duplicate", "the key is written twice", HERE, "delete one", (THERE,))


def test_a_warning_differs_in_severity_alone() -> None:
    found = warning("open", "a database is exposed")
    assert (found.severity, found.code, found.place, found.hint, found.related) == ("warning", "open", None, None, ())


def test_refused_keeps_every_diagnostic_in_order() -> None:
    first, second = error("a", "one is wrong"), warning("b", "two is odd")
    with pytest.raises(Refused, match="^one is wrong; two is odd$") as refused:
        raise Refused(found for found in (first, second))
    assert refused.value.diagnostics == (first, second)


def test_did_you_mean_names_the_closest_word() -> None:
    assert did_you_mean("imagee", ["image", "command"]) == "did you mean `image`?"
    assert did_you_mean("xyz", ["image", "command"]) is None
    assert did_you_mean("a", []) is None


def test_did_you_mean_does_not_depend_on_the_order_of_words() -> None:
    assert did_you_mean("por", {"port", "pore"}) == did_you_mean("por", ["pore", "port"])
