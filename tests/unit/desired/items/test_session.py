"""A user manager: it lingers, it runs, and it runs in the namespace that bears the name now."""

from __future__ import annotations

from warren.desired.items.session import Session, observed
from warren.desired.steps import script

CLOUD = Session("cloud", 6001, "cloud", "86")
NAMES = {6001: "cloud"}
SECTIONS = {
    "managers": "6001 608\n",
    "inodes": "4026533 /proc/608/ns/net\n4026533 /run/netns/cloud\n4026999 /run/netns/db\n",
    "linger": "cloud\nadmin\n",
    "started": "session/6001:86\n",
}


def test_it_is_read_back() -> None:
    assert list(observed(SECTIONS, NAMES)) == [CLOUD]


def test_one_in_another_namespace_is_found() -> None:
    elsewhere = {**SECTIONS, "inodes": SECTIONS["inodes"].replace("4026533 /proc", "4026999 /proc")}
    (seen,) = observed(elsewhere, NAMES)
    assert CLOUD.differences(seen) == ("is not in its namespace",)


def test_one_that_lingers_and_has_no_process_is_not_running() -> None:
    (seen,) = observed({**SECTIONS, "managers": "", "inodes": ""}, NAMES)
    assert not seen.joined


def test_nobody_else_s_is_looked_at() -> None:
    assert list(observed(SECTIONS, {})) == []


def test_it_is_started_anew_in_its_namespace() -> None:
    made = script(CLOUD.create())
    assert made.index(": > /var/lib/systemd/linger/cloud") < made.index("systemctl restart user@6001.service")


def test_it_ends_with_all_that_runs_in_it() -> None:
    assert "systemctl stop user@6001.service user-6001.slice" in script(CLOUD.remove())
