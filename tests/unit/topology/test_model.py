"""model: what the values of a topology say of themselves."""

from __future__ import annotations

import pytest

from tests.spec_texts import BASE, resolved
from warren.topology.model import Egress, EgressKind

TOPOLOGY = resolved(
    BASE.replace("services:", "  two: {public: 203.0.113.20}\nservices:")
    + "  x: {host: home, egress: vps, ports: {p: 9}, expose: [{port: 9, at: vps}, {port: 9, at: home}]}\n"
)


def test_hosts_services_and_gateways() -> None:
    assert [host.name for host in TOPOLOGY.gateways] == ["vps", "two"]
    assert [service.name for service in TOPOLOGY.services_of("home")] == ["db", "x"]
    assert TOPOLOGY.hosts["vps"].is_gateway and not TOPOLOGY.hosts["home"].is_gateway
    assert len(TOPOLOGY.hosts["home"].prefixes) == 2


def test_names_on_the_hosts() -> None:
    service = TOPOLOGY.services["x"]
    assert (service.netns, service.veth) == ("x", "v-x")
    assert {tunnel.interface for tunnel in TOPOLOGY.tunnels} == {"wrn-vps", "wrn-two"}


def test_an_egress_is_shown_as_it_is_written() -> None:
    assert str(Egress(EgressKind.GATEWAY, "vps")) == "vps"
    assert str(Egress(EgressKind.NONE)) == "none"


def test_exposures_are_at_gateways_or_on_lans() -> None:
    assert [exposure.is_lan for exposure in TOPOLOGY.exposures] == [False, True]


def test_a_pair_is_both_addresses() -> None:
    assert [address.version for address in TOPOLOGY.services["x"].addresses] == [4, 6]


def test_values_do_not_change() -> None:
    with pytest.raises(AttributeError):
        TOPOLOGY.name = "other"  # type: ignore[misc]
