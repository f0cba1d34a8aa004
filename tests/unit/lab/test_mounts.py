"""A lab host's folders: links to the machine's files, and what is the host's own."""

from __future__ import annotations

import os
from pathlib import Path

from warren.lab import mounts


def test_entries_are_linked_but_not_owned_ones(tmp_path: Path) -> None:
    machine, own = tmp_path / "machine", tmp_path / "own"
    (machine / "systemd" / "system").mkdir(parents=True)
    (machine / "fstab").write_text("x")
    mounts.link_children(f"{machine}/", f"{own}/", {"systemd"}, "")
    mounts.link_children(f"{machine}/systemd", f"{own}/systemd", {"systemd/system"}, "systemd")
    assert os.readlink(own / "fstab") == str(machine / "fstab")
    assert list((own / "systemd").iterdir()) == []


def test_a_folder_that_the_machine_lacks_is_empty(tmp_path: Path) -> None:
    mounts.link_children(str(tmp_path / "absent"), str(tmp_path / "own"), (), "")
    assert list((tmp_path / "own").iterdir()) == []


def test_writing_replaces_a_link_and_not_its_target(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("the machine's")
    link.symlink_to(target)
    mounts.write(str(link), "the host's")
    assert (target.read_text(), link.read_text()) == ("the machine's", "the host's")


def test_nobody_has_a_password(tmp_path: Path) -> None:
    passwd = tmp_path / "passwd"
    passwd.write_text("root:x:0:0:root:/root:/bin/sh\nanna:x:1000:1000::/home/anna:/bin/sh\n")
    assert mounts.locked_passwords(str(passwd)) == "root:*:19000:0:99999:7:::\nanna:*:19000:0:99999:7:::\n"
