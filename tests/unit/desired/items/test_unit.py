"""A system unit: on at boot, running, started anew when its files change."""

from __future__ import annotations

from warren.desired.items.file import File
from warren.desired.items.unit import Unit, observed, stamps_of
from warren.desired.model import Item
from warren.desired.steps import RELOAD, script

HEAL = Unit("warren-heal.timer", "86")
SHOWN = (
    "Id=warren-heal.timer\nLoadState=loaded\nActiveState=active\nUnitFileState=enabled\n\n"
    "Id=gone.socket\nLoadState=not-found\nActiveState=inactive\nUnitFileState=\n"
)
STARTED = "system/warren-heal.timer:86\n"


def test_files_are_read_once_before_they_are_used() -> None:
    files = [File(f"/etc/systemd/system/{name}", "[Unit]\n") for name in ("a.socket", "b.socket")]
    units = [Unit("a.socket", "1"), Unit("b.socket", "2")]
    items: list[Item] = [*files, *units]
    text = script(step for item in items for step in item.create())
    assert text.count(RELOAD) == 1
    assert text.index("mv -f /etc/systemd/system/b.socket") < text.index(RELOAD) < text.index("enable a.socket")


def test_files_that_go_are_forgotten_at_the_end() -> None:
    assert script(File("/etc/systemd/system/a.socket", "").remove()).endswith(f"{RELOAD}\n")


def test_one_made_of_kernel_state_is_not_started_anew() -> None:
    assert "systemctl start warren.service" in script(Unit("warren.service", "86", restart=False).create())


def test_it_is_read_back() -> None:
    assert list(observed({"units": SHOWN, "started": STARTED})) == [HEAL]


def test_what_runs_from_older_files_differs() -> None:
    (seen,) = observed({"units": SHOWN, "started": "system/warren-heal.timer:85\n"})
    assert HEAL.differences(seen) == ("its files changed",)


def test_what_was_stopped_by_hand_differs() -> None:
    (seen,) = observed({"units": SHOWN.replace("State=active", "State=inactive"), "started": STARTED})
    assert HEAL.differences(seen) == ("active False -> True",)


def test_stamps_by_name() -> None:
    assert stamps_of({"started": "user/6001/a:b.service:12\n"}) == {"user/6001/a:b.service": "12"}
