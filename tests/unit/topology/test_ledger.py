"""ledger: what was given, as text and back."""

from __future__ import annotations

import json

import pytest

from warren.basis.diagnostic import Refused
from warren.topology.ledger import HostEntry, Ledger, ServiceEntry, is_service_number, parse_ledger

LEDGER = Ledger(
    {"vps": HostEntry(0, (0,), 51820), "home": HostEntry(1, (1, 7), 51820)},
    {"game": ServiceEntry(6001, {"home": 3, "vps": 2}), "blog": ServiceEntry(6000, {"vps": 3})},
)


def refusal(text: str) -> list[str]:
    """The sentences for a ledger that cannot be used."""
    with pytest.raises(Refused) as refused:
        parse_ledger(text)
    return [one.summary for one in refused.value.diagnostics]


def test_text_and_back() -> None:
    assert parse_ledger(LEDGER.text()) == LEDGER


def test_the_text_has_sorted_keys_whatever_the_order_was() -> None:
    turned = Ledger(dict(sorted(LEDGER.hosts.items())), dict(sorted(LEDGER.services.items())))
    assert turned.text() == LEDGER.text()


def test_no_text_is_an_empty_ledger() -> None:
    assert parse_ledger("") == parse_ledger(" \n") == Ledger()


def test_both_sides_of_a_merge_are_recognised() -> None:
    assert refusal('{\n<<<<<<< HEAD\n "a": 1') == ["the ledger holds both sides of a merge"]


@pytest.mark.parametrize("text", ["{", "nonsense", "\x00", "[" * 100_000])
def test_what_is_not_json(text: str) -> None:
    assert refusal(text) == ["the ledger is not JSON"]


@pytest.mark.parametrize(
    "document",
    [
        [],
        None,
        5,
        {},
        {"version": 2, "hosts": {}, "services": {}},
        {"version": 1, "hosts": [], "services": {}},
        {"version": 1, "hosts": {"a": {}}, "services": {}},
        {"version": 1, "hosts": {"a": {"number": -1, "blocks": [0], "tunnel_port": 1}}, "services": {}},
        {"version": 1, "hosts": {"a": {"number": 0, "blocks": [], "tunnel_port": 1}}, "services": {}},
        {"version": 1, "hosts": {"a": {"number": True, "blocks": [1], "tunnel_port": 1}}, "services": {}},
        {"version": 1, "hosts": {}, "services": {"a": {"uid": 6000, "numbers": {"h": 1}}}},
        {"version": 1, "hosts": {}, "services": {"a": {"uid": 6000, "numbers": {"h": 255}}}},
        {"version": 1, "hosts": {}, "services": {"a": {"uid": 6000, "numbers": {"h": 10**9}}}},
        {"version": 1, "hosts": {}, "services": {"a": {"uid": "6000", "numbers": {}}}},
    ],
)
def test_what_warren_did_not_write(document: object) -> None:
    assert refusal(json.dumps(document)) == ["the ledger was not written by warren"]


def test_two_owners_of_one_number_are_named() -> None:
    hosts = {"a": HostEntry(0, (0,), 1), "b": HostEntry(0, (0,), 1)}
    services = {"x": ServiceEntry(6000, {"a": 2}), "y": ServiceEntry(6000, {"a": 2, "b": 2})}
    assert refusal(Ledger(hosts, services).text()) == [
        "`a` and `b` both have host number 0",
        "`a` and `b` both have block 0",
        "`x` and `y` both have user id 6000",
        "`x` and `y` both have number 2 on a",
    ]


def test_numbers_of_services_leave_out_the_host_and_the_ends_of_blocks() -> None:
    assert [number for number in range(-1, 260) if not is_service_number(number)] == [-1, 0, 1, 255, 256]
