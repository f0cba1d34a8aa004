"""`warren lab reboot` as it is typed, without a machine."""

from __future__ import annotations

import json

from tests.unit.cli.calling import call
from tests.unit.cli.commands.lab.rooms import noted


def test_soft_and_hard() -> None:
    with noted() as lab:
        assert call("lab", "reboot", "home", "--name", "small").out == "home of lab `small` is up again\n"
        told = json.loads(call("lab", "reboot", "vps", "--hard", "--name", "small", "--json").out)
        assert (told["lab"], told["host"]) == ("small", "vps")
    assert lab.done == ["reboot home", "kill vps", "reboot vps"]
