"""What brings the network back: before everything that needs it, and again when others took it away."""

from __future__ import annotations

from warren.desired.items.file import File
from warren.desired.items.netns import Netns
from warren.desired.items.unit import Unit
from warren.desired.model import HostState, of_kind
from warren.desired.parts.machine.boot import BOOT, boot


def held() -> HostState:
    return HostState.of(boot([Netns("db")]))


def test_it_runs_before_any_uplink() -> None:
    assert "Before=network-pre.target" in BOOT
    assert "DefaultDependencies=no" in BOOT


def test_a_restart_of_the_unit_cuts_no_tunnel() -> None:
    assert "KillMode=process" in BOOT


def test_the_script_is_root_s_and_makes_what_the_host_holds() -> None:
    (script,) = (file for file in of_kind(held(), File) if file.path == "/etc/warren/boot.sh")
    assert script.mode == 0o600
    assert "netns add db" in script.content


def test_it_looks_every_ten_seconds() -> None:
    (timer,) = (file for file in of_kind(held(), File) if file.path.endswith(".timer"))
    assert "OnUnitActiveSec=10\n" in timer.content
    assert {unit.name for unit in of_kind(held(), Unit)} == {"warren.service", "warren-heal.timer"}


def test_a_look_that_finds_nothing_writes_no_log() -> None:
    (service,) = (file for file in of_kind(held(), File) if file.path.endswith("heal.service"))
    assert "LogLevelMax=notice" in service.content


def test_made_twice_it_is_the_same() -> None:
    once = held()
    assert HostState.of(boot([Netns("db"), *(i for i in once if not isinstance(i, File))])).items == once.items
