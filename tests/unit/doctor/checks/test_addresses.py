"""Addresses of the file and of the interfaces."""

from __future__ import annotations

from dataclasses import replace

from tests.topologies import two_hosts
from tests.unit.doctor.patients import addresses, codes, patient, troubles
from warren.doctor.checks.addresses import addresses as check
from warren.doctor.checks.addresses import documents, uplinks
from warren.doctor.model import Level

PUBLIC = ["203.0.113.10/24", "2001:db8:10::10/64"]


def test_everything_in_its_place() -> None:
    assert codes(check(patient("vps"))) == set()
    assert codes(check(patient("home"))) == set()


def test_several_documents_after_each_other() -> None:
    assert documents('[{"a": [1]}]\n[{"b": [2]}]\n') == [{"a": [1]}, {"b": [2]}]
    assert documents("Cannot open") == []
    assert uplinks(patient()) == ["eth0"]


def test_an_address_that_the_provider_translates() -> None:
    given = patient(addresses=addresses(eth0=["10.0.0.5/24", "2001:db8:10::10/64"]))
    found = troubles(check(given))["not-its-address"]
    assert found.blocks
    assert "203.0.113.10 is on none of its interfaces: the provider seems to translate it to 10.0.0.5" in found.summary


def test_an_address_of_somebody_else() -> None:
    found = troubles(check(patient(addresses=addresses(eth0=["203.0.113.10/24"]))))["not-its-address"]
    assert found.summary.endswith(
        "2001:db8:10::10 is on none of its interfaces: it is somebody else's, or not set up yet"
    )
    assert found.mend is not None
    assert found.mend.command == "ip addr add 2001:db8:10::10/128 dev eth0"


def test_a_gateway_that_exposes_nothing_may_be_translated() -> None:
    bare = replace(two_hosts(), exposures=())
    found = troubles(check(patient(topology=bare, addresses=addresses(eth0=["10.0.0.5/24"]))))["not-its-address"]
    assert found.level is Level.WARNING


def test_a_prefix_that_is_taken() -> None:
    given = patient(addresses=addresses(eth0=PUBLIC, tun0=["10.86.7.1/24"], **{"v-blog": ["10.86.0.1/32"]}))
    found = troubles(check(given))["prefix-taken"]
    assert found.blocks
    assert found.summary == "the network's 10.86.0.0/16 collides with 10.86.7.0/24 at its interface `tun0`"


def test_a_lan_that_is_not_there() -> None:
    found = troubles(check(patient("home", addresses=addresses(eth0=["192.168.7.20/24"]))))["lan-not-there"]
    assert found.level is Level.WARNING


def test_a_lan_that_docker_has_taken() -> None:
    given = patient("home", addresses=addresses(eth0=["192.168.2.20/24"], docker0=["192.168.0.1/20"]))
    assert troubles(check(given))["lan-taken"].level is Level.ERROR


def test_what_docker_will_take_next() -> None:
    pools = '{"default-address-pools": [{"base": "10.80.0.0/12", "size": 24}]}'
    assert "docker-pool" in codes(check(patient(pools=pools)))
    assert codes(check(patient(pools='{"default-address-pools": [{"base": "172.30.0.0/16", "size": 24}]}'))) == set()
    assert codes(check(patient(pools="{,}"))) == {"docker-file"}
