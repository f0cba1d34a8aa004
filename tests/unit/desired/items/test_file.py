"""A file: written whole, taken away whole, its folder with it when that is empty."""

from __future__ import annotations

from warren.desired.items.file import File
from warren.desired.items.netns import Netns
from warren.desired.model import Rank
from warren.desired.steps import Write, script

HOSTS = File("/etc/netns/db/hosts", "127.0.0.1 localhost\n")


def test_it_is_written_whole() -> None:
    assert HOSTS.key == "file:/etc/netns/db/hosts"
    assert HOSTS.create() == (Write("/etc/netns/db/hosts", "127.0.0.1 localhost\n", 0o644),)


def test_a_change_writes_it_anew() -> None:
    assert HOSTS.change(File(HOSTS.path, "old\n")) == HOSTS.create()


def test_its_folder_goes_only_when_empty() -> None:
    assert "rm -f /etc/netns/db/hosts; rmdir /etc/netns/db 2>/dev/null || :" in script(HOSTS.remove())


def test_a_hostile_path_stays_one_word() -> None:
    taken = script(File("/etc/a b/$(reboot)", "").remove())
    assert "rm -f '/etc/a b/$(reboot)'; rmdir '/etc/a b' 2>/dev/null || :" in taken


def test_a_file_that_others_hold_keeps_its_inode() -> None:
    written = script(File("/etc/netns/db/hosts", "new\n", in_place=True).create())
    assert "cat /etc/netns/db/hosts.warren-new > /etc/netns/db/hosts" in written
    assert "mv" not in written


def test_who_may_read_it() -> None:
    assert "chgrp db " in script(File("/etc/x", "a\n", 0o640, "db").create())
    assert File("/etc/x", "a\n", 0o640, "db").differences(File("/etc/x", "a\n", 0o640)) == ("group root -> db",)


def test_units_of_users_come_after_their_users() -> None:
    assert File("/etc/containers/systemd/users/6000/a.container", "").rank is Rank.WORKLOAD


def test_what_differs_is_named() -> None:
    assert HOSTS.differences(File(HOSTS.path, "old\n")) == ("content",)
    assert HOSTS.differences(File(HOSTS.path, HOSTS.content, 0o600)) == ("mode 600 -> 644",)
    assert HOSTS.differences(File(HOSTS.path, "", 0o600)) == ("mode 600 -> 644", "content")
    assert HOSTS.differences(HOSTS) == ()
    assert HOSTS.differences(Netns("db")) == ("another kind of thing",)


def test_a_plan_does_not_print_its_content() -> None:
    assert HOSTS.describe() == "1 line"
    assert File("/a", "one\ntwo\n").describe() == "2 lines"
