"""What labs of machines keep outside of themselves, and that it goes with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lab.topologies import two_hosts
from warren.lab import door
from warren.lab.draw import draw
from warren.lab.ground import survey
from warren.lab.machines import groups, rack


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(groups, "hierarchies", lambda *_: ())
    return tmp_path / "warren"


def fake_key(path: Path) -> str:
    path.write_text("private\n")
    return "public\n"


def test_only_root_boots_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert (rack.why_not() or "").startswith("only root")


def test_missing_tools_are_named_with_their_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("shutil.which", lambda tool: None)
    assert "apt install systemd-container mmdebstrap openssh-client" in (rack.why_not() or "")


def test_every_host_gets_a_disk_and_nothing_else_does(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rack, "key_pair", fake_key)
    tree = cache / "tree"
    for name in ("var", "home/admin/.ssh", "etc/ssh/sshd_config.d", "root/.ssh"):
        (tree / name).mkdir(parents=True)
    ground = survey(two_hosts())
    drawn = rack.furnish("worlds", cache, tree, draw(two_hosts(), ground), ground, {"vps": 22, "home": 2222})
    assert {tag: stand.disk for tag, stand in drawn.stands.items() if stand.disk} == {
        "host:vps": str(cache / "labs/worlds/vps"),
        "host:home": str(cache / "labs/worlds/home"),
    }
    resolv = cache / "labs/worlds/home/above/etc/resolv.conf"
    assert resolv.read_text().startswith("nameserver 192.0.2.53\n")
    # Built once: what the machine wrote stays.
    resolv.write_text("changed")
    rack.furnish("worlds", cache, tree, draw(two_hosts(), ground), ground, {"vps": 22, "home": 2222})
    assert resolv.read_text() == "changed"


def test_what_no_lab_uses_is_swept_away(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr(door, "names", lambda: ("alive",))
    for lab in ("alive", "dead"):
        (rack.folder(lab) / "vps").mkdir(parents=True)
    rack.sweep()
    assert rack.folder("alive").exists() and not rack.folder("dead").exists()


def test_machines_that_run_are_not_switched_on_again() -> None:
    class Running:
        pid = 7

    rack.switch_on([Running()])  # type: ignore[list-item]
