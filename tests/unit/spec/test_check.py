"""check: all sentences about a file, in its order."""

from __future__ import annotations

import pytest

from tests.spec_texts import BASE, found, loaded
from warren.basis.diagnostic import Refused, Severity
from warren.spec.check import MOST, check
from warren.spec.load import Document, load


def test_a_good_file_has_nothing_said_about_it() -> None:
    assert check(loaded(BASE)) == ()


def test_warnings_are_returned_and_stop_nothing() -> None:
    spec = load(Document("warren.yaml", BASE + "  x: {host: vps, image: a}\n"))
    assert [one.severity for one in check(spec)] == [Severity.WARNING]


def test_an_error_brings_the_warnings_with_it_in_the_order_of_the_file() -> None:
    with pytest.raises(Refused) as refused:
        check(load(Document("warren.yaml", BASE + "  x: {host: vps, image: a}\n  y: {host: vsp, needs: nobody}\n")))
    assert [one.code for one in refused.value.diagnostics] == ["image-not-pinned", "unknown-host"]


def test_a_hopeless_file_has_an_end() -> None:
    services = "".join(f"  s{number}: {{host: h{number}, image: a}}\n" for number in range(500))
    assert len(found(BASE + services)) == 2 * MOST


def test_a_file_with_too_many_hosts_is_refused_at_once() -> None:
    hosts = "".join(f"  h{number}: {{}}\n" for number in range(1001))
    [one] = found("version: 1\nnetwork: {name: n}\nhosts:\n" + hosts)
    assert (one.code, one.summary) == ("too-many", "1001 hosts are more than 1000")
