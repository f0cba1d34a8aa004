"""Whatever a file says, it is understood or refused with sentences at their places, in bounded time (T32, T33)."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.laws.mutants import DENSE, mutant
from warren.basis.diagnostic import Refused
from warren.formats.yaml12 import Mapping, Node, Scalar, Sequence, parse
from warren.spec.check import check
from warren.spec.load import Document, load
from warren.topology.ledger import Ledger
from warren.topology.model import Topology
from warren.topology.resolve import resolve

MUTANTS = int(os.environ.get("WARREN_MUTANTS", "10000"))
CHUNKS = 20
# So many of them in the fast tests, all of them in the slow ones.
QUICK = 3
NAME = "warren.yaml"
# Only the number of hosts against the size of the prefix is left for the allocation to find out.
FOUND_LATE = {"network-full"}
NOT_OURS = ("Input should", "pydantic", "validation error", "<class", "Traceback", "object at 0x", "Error:")

INJECTIONS = (
    '"; drop table inet warren; #',
    "a\nPostUp = reboot",
    "a\r\nb",
    "%n%s%i",
    "$(reboot)",
    "`reboot`",
    "-oProxyCommand=reboot",
    "--privileged",
    "../../etc/passwd",
    "a b",
    "a\tb",
    "{{ 7*7 }}",
    "${IFS}",
    "'; reboot; '",
    "|| reboot",
    "\u202eabc",
    "a\u2028b",
    "\\",
)
# What is text for people or for a program in a container, and goes nowhere before it has a writer of its own.
FREE_TEXT = {
    "acknowledge",
    "command",
    "description",
    "environment",
    "healthcheck",
    "labels",
    "quadlet",
    "volumes",
}


def outcome(text: str) -> Topology | None:
    """The topology of a text, or None where it is refused as it should be."""
    try:
        spec = load(Document(NAME, text))
        warnings = check(spec)
    except Refused as refused:
        check_sentences(refused, text)
        return None
    assert all(one.place and one.place.file == NAME for one in warnings)
    try:
        return resolve(spec, Ledger())[0]
    except Refused as refused:
        check_sentences(refused, text)
        assert {one.code for one in refused.diagnostics} <= FOUND_LATE
        return None


def check_sentences(refused: Refused, text: str) -> None:
    """Every refusal has sentences of ours, each in one line and at a place of the file."""
    assert refused.diagnostics
    # YAML has more line ends than Python's `count` knows.
    lines = len(text.splitlines()) + 1
    for one in refused.diagnostics:
        assert one.place is not None and one.place.file == NAME, one
        assert 1 <= one.place.line <= lines and one.place.column >= 1, one
        assert one.summary and len(one.summary) < 500 and "\n" not in one.summary, one
        assert not one.summary.endswith("."), one
        assert not any(word in f"{one.summary} {one.hint}" for word in NOT_OURS), one


@pytest.mark.parametrize(
    "chunk", [chunk if chunk < QUICK else pytest.param(chunk, marks=pytest.mark.slow) for chunk in range(CHUNKS)]
)
def test_a_mutant_is_understood_or_refused(chunk: int) -> None:
    for seed in range(chunk, MUTANTS, CHUNKS):
        text = mutant(seed)
        try:
            outcome(text)
        except Exception as found:
            raise AssertionError(f"the mutant of seed {seed} broke something: {found!r}"[:1000]) from found


def scalars(node: Node, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], bool]]:
    """The path of every text of a file, and whether it is a key."""
    match node:
        case Scalar():
            yield path, False
        case Sequence():
            for number, item in enumerate(node.items):
                yield from scalars(item, (*path, str(number)))
        case Mapping():
            for entry in node.entries:
                yield (*path, entry.key), True
                yield from scalars(entry.node, (*path, entry.key))


def replaced(node: Node, path: tuple[str, ...], is_key: bool, text: str) -> str:
    """The file as JSON, which is YAML, with one text replaced."""
    match node:
        case Scalar():
            return json.dumps(text if not path and not is_key else node.value)
        case Sequence():
            paths = [path[1:] if path[:1] == (str(number),) else NOWHERE for number in range(len(node.items))]
            items = [replaced(item, inner, is_key, text) for item, inner in zip(node.items, paths, strict=True)]
            return f"[{', '.join(items)}]"
    written = []
    for entry in node.entries:
        on_way = bool(path) and path[0] == entry.key
        key = text if on_way and is_key and len(path) == 1 else entry.key
        inner = path[1:] if on_way and not (is_key and len(path) == 1) else NOWHERE
        written.append(f"{json.dumps(key)}: {replaced(entry.node, inner, is_key, text)}")
    return "{" + ", ".join(written) + "}"


NOWHERE = ("", "nowhere")
TREE = parse(DENSE, NAME)


def test_the_file_that_is_changed_is_good() -> None:
    assert outcome(DENSE) is not None
    assert outcome(replaced(TREE, NOWHERE, False, "")) is not None


@pytest.mark.parametrize("injection", INJECTIONS)
def test_an_injected_text_goes_nowhere(injection: str) -> None:
    for path, is_key in scalars(TREE):
        topology = outcome(replaced(TREE, path, is_key, injection))
        if topology is not None:
            assert set(path) & FREE_TEXT, f"{injection!r} was accepted at {path}"
            assert repr(injection)[1:-1] not in repr(without_workloads(topology)), path


def without_workloads(topology: Topology) -> Topology:
    """The network alone: what runs in it takes any text to the letter, which `test_workload_injection` holds."""
    services = {name: replace(service, workload=None) for name, service in topology.services.items()}
    return replace(topology, services=services)


def test_a_huge_or_endless_file_is_refused() -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n"
    for number in range(12):
        name, inner = f"b{number}", f"b{number - 1}" if number else "a"
        bomb += f"{name}: &{name} [{', '.join([f'*{inner}'] * 9)}]\n"
    assert outcome(bomb) is None
    assert outcome("[" * 100_000) is None
    assert outcome("a: " * 10_000) is None
    assert outcome("version: 1\nx: " + "y" * 10_000_000 + "\n") is None
    assert outcome("".join(f"k{number}: {number}\n" for number in range(40_000))) is None
