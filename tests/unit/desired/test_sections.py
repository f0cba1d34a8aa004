"""Sections of whole machines: one process for all of a kind, and nothing of anybody else's."""

from __future__ import annotations

import subprocess

from warren.desired.items.image import Image
from warren.desired.items.login import Login
from warren.desired.items.netns import Netns
from warren.desired.items.session import Session
from warren.desired.items.unit import Unit
from warren.desired.items.user import User
from warren.desired.model import HostState
from warren.desired.sections import items, lines

USER = User("db", 6001, (1879113728, 65536))
WANTED = HostState.of([USER, Session("db", 6001, "db", "86"), Unit("a.socket", "1"), Image("db", 6001, "postgres:17")])
SECTIONS = {
    "passwd": "db:x:6001:6001:warren:/var/lib/warren/services/db:/bin/bash\nann:x:1000:1000::/home/ann:/bin/sh\n",
    "subuid": "db:1879113728:65536\nann:100000:65536\n",
    "usernet": "usernet:x:994:db\n",
    "login": "/etc/pam.d/common-session\n/etc/pam.d/common-session-noninteractive\n",
}


def test_it_is_shell() -> None:
    head = "section() { :; }\nremembered() { :; }\n"
    subprocess.run(["sh", "-n"], input=(head + "\n".join(lines(WANTED))).encode(), check=True)


def test_units_are_asked_for_in_one_call() -> None:
    assert sum("systemctl show" in line for line in lines(WANTED)) == 1


def test_a_host_without_anything_of_the_kind_is_not_asked() -> None:
    assert next(iter(lines(HostState.of([Netns("db")])))) == "if [ -e /etc/warren/boot.sh ]; then"
    assert list(items({}, WANTED, frozenset())) == []


def test_only_users_of_ours_are_users() -> None:
    assert [item for item in items(SECTIONS, WANTED, frozenset()) if isinstance(item, User)] == [USER]
    assert not any(isinstance(item, User) for item in items(SECTIONS, HostState(), frozenset()))


def test_remembered_images_are_looked_for() -> None:
    store = "/var/lib/warren/services/db/.local/share/containers/storage/overlay-images/images.json"
    sections = {**SECTIONS, "images": f'{store}:"names":["docker.io/library/redis:7"]\n'}
    owned = frozenset({"user:db", "image:db/6001/docker.io/library/redis:7"})
    assert Image("db", 6001, "docker.io/library/redis:7") in list(items(sections, HostState(), owned))


def test_both_stacks_make_a_login() -> None:
    assert Login() in list(items(SECTIONS, WANTED, frozenset()))
    half = {**SECTIONS, "login": "/etc/pam.d/common-session\n"}
    assert Login(active=False) in list(items(half, WANTED, frozenset()))
