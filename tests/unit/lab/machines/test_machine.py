"""A machine that is switched off says so; the rest is in tests/machines."""

from __future__ import annotations

import os

import pytest

from warren.basis.diagnostic import Refused
from warren.hosts.base import Unreachable
from warren.lab.machines.machine import Machine

# This process boots nothing, so the machine that it plugs in is off.
OFF = Machine("worlds", "vps", os.getpid())


def test_off_is_unreachable() -> None:
    assert OFF.pid is None
    with pytest.raises(Unreachable, match="vps is switched off"):
        OFF.run("true")


def test_what_is_off_cannot_freeze_and_need_not_be_killed() -> None:
    OFF.kill()
    with pytest.raises(Refused, match="switched off"):
        OFF.freeze()
