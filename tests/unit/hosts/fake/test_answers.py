"""An observed machine in memory answers as a real one would: it is read back as what was applied."""

from __future__ import annotations

import pytest

from tests.memory import applied, fresh
from tests.topologies import everything
from warren import observe, pipeline
from warren.desired.model import HostState
from warren.hosts.fake.answers import answer
from warren.hosts.fake.machine import Machine
from warren.hosts.fake.words import Refusal


def test_what_was_applied_is_observed() -> None:
    hosts = applied(everything(), fresh(everything()))
    planned = pipeline.plan(everything(), hosts)
    for name, seen in planned.observed.items():
        assert seen.state.items == planned.desired[name].items
        assert seen.public_key == hosts[name].machine.public_key


def test_a_fresh_machine_holds_nothing_of_ours() -> None:
    seen = observe.decode(answer(observe.script(HostState()), Machine.fresh("home")), HostState())
    assert (len(seen.state), seen.public_key, seen.owned) == (0, None, frozenset())


@pytest.mark.parametrize("line", ["section secrets; cat /etc/shadow", "cat /etc/shadow", "section sysctl; cat x"])
def test_other_questions_are_refused(line: str) -> None:
    with pytest.raises(Refusal, match="of observe"):
        answer(f"export LC_ALL=C\n{line}\n", Machine.fresh("home"))
