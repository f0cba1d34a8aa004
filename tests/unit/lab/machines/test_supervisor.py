"""The plug of a machine; that it boots one is shown in tests/machines."""

from __future__ import annotations

from pathlib import Path

import pytest

from warren.lab.machines import supervisor


@pytest.mark.parametrize(("name", "is_cable"), [("eth0", True), ("eth12", True), ("wg-vps", False), ("veth0", False)])
def test_only_cables_move_to_the_next_boot(name: str, is_cable: bool) -> None:
    assert bool(supervisor.CABLE.fullmatch(name)) is is_cable


def test_a_machine_that_was_given_no_lines_is_left_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(supervisor, "_ip", lambda lines, _: ran.append(lines))
    monkeypatch.setattr(supervisor, "lines_file", lambda tag: str(tmp_path / tag))
    supervisor.plug_in("host:vps")
    (tmp_path / "host:vps").write_text("link set dev eth0 up\n")
    supervisor.plug_in("host:vps")
    assert ran == [["link set dev eth0 up"]]


def test_the_link_leads_to_the_first_process_of_this_boot(tmp_path: Path) -> None:
    link = tmp_path / "vps.init"
    for target in ("/proc/7", "/proc/7", "/proc/9"):
        supervisor.note(str(link), target)
        assert str(link.readlink()) == target
