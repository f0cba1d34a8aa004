"""model: the user's words."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from tests.spec_texts import BASE, loaded
from warren.spec.load import Document, load
from warren.spec.model import Host, Network, Service, Spec


def test_shorthands_become_their_long_forms() -> None:
    host = Host.model_validate({"public": "203.0.113.10", "lan": "192.168.2.0/24", "firewall": False})
    assert len(host.public) == 1 and list(host.lan) == ["lan"]
    assert host.firewall is not None and not host.firewall.enabled
    short = Service.model_validate({"host": "h", "needs": "a.b", "expose": {"port": 80, "from": "198.51.100.0/24"}})
    long = Service.model_validate(
        {
            "host": "h",
            "needs": [{"to": ["a.b"]}],
            "expose": [{"port": "80/tcp", "from": {"cidr": ["198.51.100.0/24"]}}],
        }
    )
    assert short == long


def test_nothing_is_guessed() -> None:
    for wrong in (
        {"host": "h", "privileged": "true"},
        {"host": "h", "privileged": 1},
        {"host": 5},
        {"host": "h", "x": 1},
    ):
        with pytest.raises(ValidationError):
            Service.model_validate(wrong)


def test_a_spec_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        loaded(BASE).network.name = "other"


def test_the_network_has_prefixes_of_its_own() -> None:
    network = Network.model_validate({"name": "nine-worlds"})
    assert str(network.ipv4) == "10.86.0.0/16"
    assert str(network.ipv6).startswith("fd") and network.ipv6 == Network.model_validate({"name": "nine-worlds"}).ipv6


def test_values_know_their_places_shorthand_or_not() -> None:
    spec = loaded(BASE)
    assert str(spec.place("services", "db", "ports", "sql")) == "warren.yaml:8:33"
    assert str(spec.place("services", "db", "ports", "sql", key=True)) == "warren.yaml:8:28"
    assert str(spec.place("hosts", "home", "lan", "lan", 0)) == "warren.yaml:5:15"
    assert str(spec.place("services", "db", "egress")) == "warren.yaml:8:3"


def test_what_defaults_say_has_its_place_there() -> None:
    spec = load(Document("warren.yaml", BASE + "defaults: {service: {egress: none}}\n"))
    assert str(spec.place("services", "db", "egress")) == "warren.yaml:9:30"


def test_a_spec_without_a_file_has_no_places() -> None:
    assert Spec.model_validate({"version": 1, "network": {"name": "n"}, "hosts": {"a": {}}}).place("hosts", "a") is None


def test_it_can_be_shown_as_json() -> None:
    text = loaded(BASE + "  x: {host: home, needs: [db.sql, {to: home.lan, except: 192.168.2.1}]}\n").model_dump_json(
        by_alias=True, exclude_unset=True
    )
    assert '"x":{"needs":[{"to":["db.sql"]},{"to":["home.lan"],"except":["192.168.2.1/32"]}],"host":"home"}' in text
    assert load(Document("warren.yaml", text)) is not None
