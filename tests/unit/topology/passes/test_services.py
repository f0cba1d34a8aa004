"""services: address, ports and way out."""

from __future__ import annotations

import pytest

from tests.spec_texts import BASE, resolved
from warren.basis.diagnostic import Refused
from warren.spec.load import Document, load
from warren.topology.ledger import Ledger
from warren.topology.model import Egress, EgressKind
from warren.topology.resolve import resolve


def test_a_service_has_its_number_in_both_families() -> None:
    topology = resolved(BASE.replace("dns: false}", "dns: false, ipv6: 'fd42:42:42::/48'}") + "  x: {host: home}\n")
    assert [str(one) for one in topology.services["x"].addresses] == ["10.86.1.3", "fd42:42:42:1::3"]
    assert topology.services["x"].uid == 6002


def test_egress_is_the_services_own_then_the_defaults_then_the_hosts() -> None:
    text = BASE.replace("lan: 192", "egress: vps, lan: 192") + "  x: {host: home, egress: lan}\n  y: {host: home}\n"
    gateway = Egress(EgressKind.GATEWAY, "vps")
    services = resolved(text).services
    assert (services["x"].egress, services["y"].egress) == (Egress(EgressKind.LAN), gateway)
    assert services["blog"].egress == Egress(EgressKind.DIRECT)
    services = resolved(text + "defaults: {service: {egress: none}, host: {egress: direct}}\n").services
    assert (services["x"].egress, services["y"].egress) == (Egress(EgressKind.LAN), Egress(EgressKind.NONE))


def test_hosts_have_defaults_as_well() -> None:
    topology = resolved(BASE + "defaults: {host: {egress: vps}}\n")
    assert topology.hosts["home"].egress == Egress(EgressKind.GATEWAY, "vps")
    assert topology.services["db"].egress == Egress(EgressKind.GATEWAY, "vps")
    assert topology.services["blog"].egress == Egress(EgressKind.DIRECT)


def test_how_many_connections_is_the_services_own_then_the_defaults() -> None:
    text = BASE + "  x: {host: home, connections: 20000}\n  y: {host: home, connections: none}\n  z: {host: home}\n"
    services = resolved(text).services
    assert [services[name].connections for name in "xyz"] == [20000, None, 4096]
    services = resolved(text + "defaults: {service: {connections: 500}}\n").services
    assert [services[name].connections for name in "xyz"] == [20000, None, 500]


def test_groups_are_resolved_to_services() -> None:
    assert resolved(BASE + "groups: {a: [b, blog], b: [db, blog]}\n").groups == {
        "a": ("db", "blog"),
        "b": ("db", "blog"),
    }


def test_an_unchecked_file_is_refused_with_a_sentence() -> None:
    spec = load(Document("warren.yaml", BASE + "  x: {host: nowhere}\n"))
    with pytest.raises(Refused, match="there is no host `nowhere`"):
        resolve(spec, Ledger())
