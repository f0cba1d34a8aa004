"""Whatever the size, a generated file is one that warren accepts, with the shape that it promises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.generate import generate
from warren.spec.check import check
from warren.spec.load import Document, load
from warren.topology.ledger import Ledger
from warren.topology.model import EgressKind, Topology
from warren.topology.resolve import resolve


def resolved(services: int, hosts: int | None = None) -> Topology:
    spec = load(Document("warren.yaml", generate(services, hosts)))
    assert check(spec) == ()
    return resolve(spec, Ledger())[0]


@given(st.integers(1, 120), st.none() | st.integers(1, 30))
def test_every_size_is_accepted(services: int, hosts: int | None) -> None:
    made = resolved(services, hosts)
    assert len(made.declared) == services
    assert len(made.hosts) == hosts or hosts is None


@pytest.fixture(scope="module")
def large() -> Topology:
    return resolved(500)


def test_it_looks_like_the_files_of_people(large: Topology) -> None:
    assert 2 < len(large.needed) / 500 < 4
    assert 60 < len(large.exposed) + len(large.https) <= 100
    assert {one.egress.kind for one in large.declared} == set(EgressKind)
    assert any(len(one.ports) > 1 for one in large.exposures)
    assert len(large.gateways) < len(large.hosts) / 2
    assert any(one.localhost for one in large.services.values())


def test_the_same_numbers_give_the_same_file() -> None:
    assert generate(77) == generate(77)
