"""A file: written whole, taken away whole, its folder with it when that is empty."""

from __future__ import annotations

from tests.unit.desired.reading import spoken
from warren.desired.items.file import File
from warren.desired.items.netns import Netns
from warren.desired.steps import Write

HOSTS = File("/etc/netns/db/hosts", "127.0.0.1 localhost\n")


def test_it_is_written_whole() -> None:
    assert HOSTS.key == "file:/etc/netns/db/hosts"
    assert HOSTS.create() == (Write("/etc/netns/db/hosts", "127.0.0.1 localhost\n", 0o644),)


def test_a_change_writes_it_anew() -> None:
    assert HOSTS.change(File(HOSTS.path, "old\n")) == HOSTS.create()


def test_its_folder_goes_only_when_empty() -> None:
    assert spoken(HOSTS.remove()) == ["rm -f /etc/netns/db/hosts; rmdir /etc/netns/db 2>/dev/null || :"]


def test_a_hostile_path_stays_one_word() -> None:
    assert spoken(File("/etc/a b/$(reboot)", "").remove()) == [
        "rm -f '/etc/a b/$(reboot)'; rmdir '/etc/a b' 2>/dev/null || :"
    ]


def test_what_differs_is_named() -> None:
    assert HOSTS.differences(File(HOSTS.path, "old\n")) == ("content",)
    assert HOSTS.differences(File(HOSTS.path, HOSTS.content, 0o600)) == ("mode 600 -> 644",)
    assert HOSTS.differences(File(HOSTS.path, "", 0o600)) == ("mode 600 -> 644", "content")
    assert HOSTS.differences(HOSTS) == ()
    assert HOSTS.differences(Netns("db")) == ("another kind of thing",)


def test_a_plan_does_not_print_its_content() -> None:
    assert HOSTS.describe() == "1 line"
    assert File("/a", "one\ntwo\n").describe() == "2 lines"
