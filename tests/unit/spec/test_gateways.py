"""gateways: which there are, and who dials them."""

from __future__ import annotations

from warren.spec.gateways import are_joined, dials, gateway_names, is_joined
from warren.spec.load import Document, load

SPEC = load(
    Document(
        "warren.yaml",
        "version: 1\nnetwork: {name: n}\nhosts:\n"
        "  one: {public: 203.0.113.10}\n  two: {public: 203.0.113.20, gateways: []}\n"
        "  home: {}\n  cabin: {gateways: [two, two, home, nowhere]}\n  shed: {gateways: []}\n",
    )
)


def test_gateways_are_public() -> None:
    assert gateway_names(SPEC) == ("one", "two")


def test_all_are_dialled_unless_some_are_named_and_never_what_is_none() -> None:
    assert {name: dials(SPEC, name) for name in SPEC.hosts} == {
        "one": ("two",),
        "two": (),
        "home": ("one", "two"),
        "cabin": ("two",),
        "shed": (),
    }


def test_hosts_are_joined_by_one_of_them_or_by_a_third() -> None:
    assert is_joined(SPEC, "one", "two") and is_joined(SPEC, "two", "one")
    assert is_joined(SPEC, "home", "cabin")
    assert is_joined(SPEC, "shed", "shed")
    assert not is_joined(SPEC, "shed", "home")


def test_who_dials_whom_may_be_known_already() -> None:
    dialled = {"a": frozenset({"g"}), "b": frozenset({"g"}), "c": frozenset[str]()}
    assert are_joined(dialled, "a", "b") and not are_joined(dialled, "a", "c")
