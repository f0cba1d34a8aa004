"""A state that was written is read back equal, and nothing but states is read."""

from __future__ import annotations

import json
import pkgutil

import pytest
from hypothesis import Phase, given, settings

from tests.strategies import topologies
from tests.topologies import everything
from warren.desired import items
from warren.desired.items.image import Image
from warren.desired.items.running import Running
from warren.desired.items.secret import Secret
from warren.desired.lower import lower
from warren.desired.model import HostState, Platform
from warren.desired.record import ITEMS, Unreadable, state, text
from warren.topology.model import Topology

KEYS = {"vps": "A" * 43 + "=", "home": "B" * 43 + "="}
# These hold no class of items.
NONE = {"owned"}


@pytest.mark.parametrize("platform", list(Platform))
def test_a_whole_host_is_read_back_equal(platform: Platform) -> None:
    for wanted in lower(everything(), KEYS, platform).values():
        assert state(text(wanted)) == wanted


@settings(max_examples=8, phases=set(Phase) - {Phase.shrink, Phase.explain})
@given(topologies())
def test_any_network_is_read_back_equal(topology: Topology) -> None:
    for wanted in lower(topology).values():
        assert state(text(wanted)) == wanted


def test_equal_states_have_equal_texts() -> None:
    wanted = lower(everything())["home"]
    backwards = HostState(dict(reversed(list(wanted.items.items()))))
    assert text(backwards) == text(wanted)


def test_what_runs_is_read_back_too() -> None:
    held = HostState.of(
        [
            Image("db", 2001, "docker.io/library/postgres:17"),
            Running("db", 2001, "db.service", "d1"),
            Secret("db", 2001, "s", "d2"),
        ]
    )
    assert state(text(held)) == held


def test_every_kind_of_item_can_be_recorded() -> None:
    names = {module.name for module in pkgutil.iter_modules(items.__path__)}
    assert names - NONE == {module.__name__.rpartition(".")[2] for module in ITEMS}


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("", "cannot be read"),
        ("[]", "cannot be read"),
        ('{"format": 2, "items": []}', "has the format 2, and this warren reads 1"),
        ('{"format": 1}', "cannot be read"),
        ('{"format": 1, "items": [7]}', "int, which is no item"),
        ('{"format": 1, "items": [{"is": "Popen", "args": "reboot"}]}', "Popen, which this warren does not know"),
        ('{"format": 1, "items": [{"is": "Netns", "nome": "db"}]}', "cannot be read"),
    ],
)
def test_anything_else_is_refused(written: str, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        state(written)


def test_a_record_is_one_document_of_a_format() -> None:
    assert json.loads(text(HostState()))["format"] == 1
