"""Users that stand in the way of services."""

from __future__ import annotations

from dataclasses import replace

from tests.topologies import two_hosts
from tests.unit.doctor.patients import HEALTHY, codes, patient, troubles
from warren.doctor.checks.users import subids, users
from warren.topology.model import Topology


def numbered() -> Topology:
    """Two hosts whose services have numbers."""
    plain = two_hosts()
    services = {name: replace(each, uid=8600 + at) for at, (name, each) in enumerate(plain.services.items())}
    return replace(plain, services=services)


def test_no_clash() -> None:
    assert codes(users(patient("home", numbered()))) == set()


def test_ours_from_an_earlier_apply() -> None:
    uid = numbered().services["db"].uid
    said = HEALTHY["users"] + f"db:{uid}:/var/lib/warren/db:/usr/sbin/nologin\n"
    assert codes(users(patient("home", numbered(), users=said))) == set()


def test_a_name_with_another_number() -> None:
    said = HEALTHY["users"] + "db:999:/var/lib/mysql:/bin/false\n"
    found = troubles(users(patient("home", numbered(), users=said)))["user-taken"]
    assert found.blocks
    assert found.summary == "a user `db` is there already with number 999, and the service of that name has 8602"


def test_a_number_of_another_name() -> None:
    said = HEALTHY["users"] + "anna:8602:/home/anna:/bin/bash\n"
    found = troubles(users(patient("home", numbered(), users=said)))["user-taken"]
    assert found.summary == "number 8602 of service `db` belongs to user `anna` there"


def test_a_service_without_a_number_is_not_judged() -> None:
    said = HEALTHY["users"] + "db:999:/var/lib/mysql:/bin/false\n"
    assert codes(users(patient("home", users=said))) == set()


def test_numbers_that_two_users_share() -> None:
    said = "subuid:anna:100000:65536\nsubuid:bert:120000:65536\nsubgid:anna:100000:65536\n"
    found = troubles(subids(patient(subids=said)))["subids-overlap"]
    assert found.summary == "`anna` and `bert` share numbers from 120000 on in /etc/subuid"
    assert codes(subids(patient())) == set()
