"""The chart: every host, service, tunnel, door and permission, for tools that place them."""

from __future__ import annotations

import pytest

from tests.unit.pictures.networks import NETWORKS, bare, two_gateways, worlds
from warren.formats.graph import Stroke
from warren.pictures.chart import chart


def test_services_stand_in_the_frames_of_their_hosts() -> None:
    clusters = {node.id: node.cluster for node in chart(worlds()).nodes}
    assert clusters["blog"] == clusters["vps"] == "at vps"
    assert clusters["cloud"] == clusters["home"] == "at home"
    assert clusters["internet"] is None and clusters["lan home lan"] is None


def test_arrows() -> None:
    edges = {(edge.tail, edge.head): (edge.label, edge.stroke) for edge in chart(worlds()).edges}
    assert edges == {
        ("vps", "home"): ("WireGuard", Stroke.THICK),
        ("internet", "vps"): ("", Stroke.SOLID),
        ("vps", "blog"): ("www.example.org", Stroke.SOLID),
        ("vps", "game"): ("12345/udp (20/s)\n27015-27030/udp (from 192.0.2.0/24 and 1 more)", Stroke.SOLID),
        ("vps", "cloud"): ("8080 (client hidden)", Stroke.SOLID),
        ("lan home lan", "cloud"): ("8080", Stroke.SOLID),
        ("cloud", "db"): ("sql", Stroke.DASHED),
        ("cloud", "home"): ("mysql", Stroke.DASHED),
        ("blog", "cloud"): ("web", Stroke.DASHED),
    }


def test_ports_of_one_pair_share_an_arrow() -> None:
    labels = [edge.label for edge in chart(two_gateways()).edges if edge.stroke == Stroke.THICK]
    assert labels == ["WireGuard"] * 4


def test_without_a_gateway_there_is_no_internet() -> None:
    assert [node.id for node in chart(bare()).nodes] == ["home"]


@pytest.mark.parametrize("name", NETWORKS)
def test_every_service_is_a_node(name: str) -> None:
    topology = NETWORKS[name]()
    assert {*topology.services, *topology.hosts} <= {node.id for node in chart(topology).nodes}
