"""resolve: the whole way from a spec to a topology."""

from __future__ import annotations

from pathlib import Path

import pytest

from warren.spec.load import Document, load
from warren.topology.ledger import Ledger, parse_ledger
from warren.topology.resolve import resolve

EXAMPLES = sorted((Path(__file__).parents[3] / "examples").glob("*/warren.yaml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: str(path.parent.name))
def test_every_example_resolves_and_keeps_its_addresses(path: Path) -> None:
    spec = load(Document(str(path), path.read_text()))
    topology, ledger = resolve(spec, Ledger())
    again, kept = resolve(spec, parse_ledger(ledger.text()))
    assert again == topology
    assert kept == ledger


def test_addresses_follow_the_order_of_the_file() -> None:
    text = """
version: 1
network: {name: small}
hosts: {vps: {public: 203.0.113.10}, home: {}}
services:
  blog: {host: vps, ports: {web: 80}}
  game: {host: home, ports: {play: 12345/udp}, needs: blog, expose: {port: 12345/udp}}
"""
    topology, _ = resolve(load(Document("warren.yaml", text)), Ledger())
    assert str(topology.services["blog"].addresses.v4) == "10.86.0.2"
    assert str(topology.services["game"].addresses.v4) == "10.86.1.2"
    assert [tunnel.dialer for tunnel in topology.tunnels] == ["home"]
    assert topology.ways == {("vps", "home"): "vps", ("home", "vps"): "vps"}
    assert [permission.need for permission in topology.needed] == ["blog"]
    assert [exposure.at for exposure in topology.exposures] == ["vps"]
