"""Starting a lab: what is refused before anything starts. The rest is in tests/netns/test_lab_build.py."""

from __future__ import annotations

import pytest

from tests.lab.topologies import two_hosts
from warren.basis.diagnostic import Refused
from warren.lab import allowed, build


def test_a_machine_that_refuses_is_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allowed, "why_not", lambda: "this machine has no namespaces")
    with pytest.raises(Refused, match="this machine has no namespaces"):
        build.build(two_hosts())
