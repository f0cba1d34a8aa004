"""A disk is the image below and the machine's own above it."""

from __future__ import annotations

from pathlib import Path

from warren.lab.machines import disk


def image(top: Path) -> Path:
    tree = top / "image"
    for folder in ("etc/ssh", "root/.ssh", "var/lib", "home/admin/.ssh"):
        (tree / folder).mkdir(parents=True)
    (tree / "root/.ssh").chmod(0o700)
    (tree / "var/lib/kept").write_text("as in the image")
    return tree


def test_a_disk_holds_what_is_the_machines_own(tmp_path: Path) -> None:
    tree, folder = image(tmp_path), tmp_path / "vps"
    texts = {
        "etc/hostname": (0o644, "vps\n"),
        "root/.ssh/authorized_keys": (0o600, "key\n"),
        "home/admin/.ssh/x": (0o600, ""),
    }
    disk.make(folder, tree, disk.Owned(texts))
    assert (folder / "above/etc/hostname").read_text() == "vps\n"
    assert (folder / "above/root/.ssh/authorized_keys").stat().st_mode & 0o777 == 0o600
    assert (folder / "above/root/.ssh").stat().st_mode & 0o777 == 0o700
    assert (folder / "home/admin/.ssh/x").exists() and (folder / "var/lib/kept").read_text() == "as in the image"
    assert not (tree / "etc/hostname").exists()


def test_a_fresh_disk_has_nothing_of_the_old_one(tmp_path: Path) -> None:
    tree, folder = image(tmp_path), tmp_path / "vps"
    for _ in range(2):
        disk.make(folder, tree, disk.Owned({}))
        assert not (folder / "above/etc").exists()
        (folder / "above/etc").mkdir()
    disk.discard(folder)
    disk.discard(folder)
    assert not folder.exists()
