"""Recipes for Kubernetes' network policies, stated in our file's words: both mean the same table."""

from __future__ import annotations

from functools import cache
from ipaddress import ip_address

import pytest

from tests.cases.txtar import write
from tests.networks import outside_of, states_of
from tests.policies.cluster import FOLDER, RECIPES, Pod, Recipe, meant, recipe, table
from warren.prove.header import NUMBERS, opening
from warren.prove.matrix import Proof, prove
from warren.spec.check import check
from warren.spec.load import Document, load
from warren.topology.ledger import Ledger
from warren.topology.model import Topology
from warren.topology.resolve import resolve
from warren.verify.foresee import foresee


@cache
def topology_of(name: str) -> Topology:
    """The network of a recipe."""
    spec = load(Document("warren.yaml", recipe(name).file))
    check(spec)
    return resolve(spec, Ledger())[0]


def proved(given: Recipe, topology: Topology) -> dict[tuple[str, str], bool]:
    """The table that packets make of the file."""
    proof = prove(states_of(topology), outside_of(topology))
    found: dict[tuple[str, str], bool] = {}
    for row in given.rows():
        for goal, port in given.goals():
            if row != goal and (row.name or goal.name):
                works = {answer for answer in _asked(proof, topology, row, goal, port) if answer is not None}
                assert len(works) == 1, f"{row.name} -> {goal.name}: the families differ"
                found[row.name or row.address, f"{goal.name or goal.address}:{port}"] = works.pop()
    return found


def _asked(proof: Proof, topology: Topology, row: Pod, goal: Pod, port: str) -> list[bool | None]:
    return [_asks(proof, topology, version, row, goal, port) for version in (4, 6)]


def _asks(proof: Proof, topology: Topology, version: int, row: Pod, goal: Pod, port: str) -> bool | None:
    """One packet; whoever comes from outside, and who is outside, has IPv4 alone."""
    if version == 6 and not (row.name and goal.name):
        return None
    number, _, protocol = port.partition("/")
    source = _address(topology, row, version)
    target = _address(topology, goal, version) if row.name else int(topology.hosts["node"].public[0])
    packet = opening(version, source, target, NUMBERS[protocol], 40001, int(number))
    return proof.interpreter.trace(row.name or "node", packet, None if row.name else "eth0").works


def _address(topology: Topology, pod: Pod, version: int) -> int:
    if not pod.name:
        return int(ip_address(pod.address))
    pair = topology.services[pod.name].addresses
    return int(pair.v4 if version == 4 else pair.v6)


@pytest.mark.parametrize("name", RECIPES)
def test_the_policies_mean_the_table(name: str, accept: bool) -> None:
    given = recipe(name)
    said = table(given, meant(given))
    if accept:
        (FOLDER / f"{name}.txtar").write_text(write(given.archive.with_section("table", said)))
    assert said == recipe(name).archive.sections["table"]


@pytest.mark.parametrize("name", RECIPES)
def test_the_file_means_the_table(name: str) -> None:
    given, topology = recipe(name), topology_of(name)
    assert table(given, proved(given, topology)) == given.archive.sections["table"]
    assert foresee(topology).against == ()


def test_there_are_enough_recipes() -> None:
    assert len(RECIPES) >= 20
