"""A service's user: made with its number, never renumbered, removed without what it kept."""

from __future__ import annotations

from warren.desired.items.user import User, observed
from warren.desired.model import Rank
from warren.desired.steps import script

CLOUD = User("cloud", 6001, (1879113728, 65536))
PASSWD = "root:x:0:0:root:/root:/bin/bash\ncloud:x:6001:6001:warren:/var/lib/warren/services/cloud:/bin/bash\n"


def test_it_comes_before_every_file_that_it_may_read() -> None:
    assert CLOUD.rank is Rank.USER < Rank.FILE


def test_it_is_made_with_its_numbers_and_a_home_of_its_own() -> None:
    made = script(CLOUD.create())
    assert "useradd --uid 6001 --gid 6001 --groups usernet" in made
    assert "chown 6001:6001 /var/lib/warren/services/cloud && chmod 0700" in made
    assert "echo cloud:1879113728:65536 >> /etc/subuid" in made


def test_a_number_that_somebody_has_stops_it() -> None:
    assert "! getent passwd 6001" in script(CLOUD.create())


def test_a_number_never_changes_under_files() -> None:
    changed = script(User("cloud", 6002, CLOUD.subids).change(CLOUD))
    assert "the user cloud is there with another id" in changed
    assert "usermod" not in changed


def test_a_home_stays() -> None:
    gone = script(CLOUD.remove())
    assert "userdel --force cloud" in gone
    assert "/var/lib/warren" not in gone


def test_it_is_read_back() -> None:
    sections = {"passwd": PASSWD, "subuid": "cloud:1879113728:65536\n", "usernet": "usernet:x:994:cloud,db\n"}
    assert CLOUD in list(observed(sections))


def test_one_that_left_the_group_is_not_the_same() -> None:
    sections = {"passwd": PASSWD, "subuid": "cloud:1879113728:65536\n", "usernet": "usernet:x:994:\n"}
    (seen,) = (user for user in observed(sections) if user.name == "cloud")
    assert CLOUD.differences(seen) == ("networked False -> True",)
    assert "usermod --append --groups usernet cloud" in script(CLOUD.change(seen))
