"""The whole of verify on a ground in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.grounds import AROUND, Answers, Pretended
from tests.topologies import two_hosts
from warren.basis.address import Ports, Protocol
from warren.topology.model import Expectation, Port, Topology
from warren.verify import document, sentences, unwatch, verify, watch
from warren.verify.declared import declared

TWO = two_hosts()
PLACES = {p: f"/run/{p}" for p in ("internet", "internet2", "lan:home", "router:home", *TWO.hosts, *TWO.services)}


def obedient(topology: Topology) -> Answers:
    """Answers exactly what is declared."""
    table = {(PLACES[f.source], str(f.address), f.port, f.protocol.value): f for f in declared(topology, AROUND)}

    def answer(probe: dict[str, Any]) -> dict[str, Any] | None:
        flow = table.get((probe["netns"], probe["address"], probe["port"], probe["protocol"]))
        if flow is None or not flow.open:
            return None
        own = [a for a in flow.own if a.version == flow.address.version]
        return {"service": flow.answer, "port": flow.reached, "peer": str(own[0]) if own else "192.0.2.1"}

    return answer


def test_a_network_that_does_what_is_declared() -> None:
    report = verify(TWO, Pretended(PLACES, obedient(TWO)))
    assert report.holds, sentences(report)
    found = document(report)
    assert found["summary"]["failed"] == 0 and found["summary"]["flows"] == len(found["flows"]) > 400
    keys = [(f["from"], f["to"], f["port"], f["protocol"], f["family"]) for f in found["flows"]]
    assert len(keys) == len(set(keys))


def test_a_network_that_lets_one_packet_too_many_through() -> None:
    honest = obedient(TWO)

    def holed(probe: dict[str, Any]) -> dict[str, Any] | None:
        if (probe["netns"], probe["address"], probe["port"]) == (PLACES["game"], "10.86.1.3", 5432):
            return {"service": "db", "port": 5432, "peer": "10.86.1.4"}
        return honest(probe)

    report = verify(TWO, Pretended(PLACES, holed), scan=False)
    assert not report.holds
    assert sentences(report) == (
        "from game, port 5432/tcp of db at 10.86.1.3 is declared closed, but db answered and saw 10.86.1.4",
        "from game, port 5432/udp of db at 10.86.1.3 is declared closed, but db answered and saw 10.86.1.4",
    )


def test_what_expect_speaks_of_is_tried_but_does_not_swell_the_matrix() -> None:
    odd = Expectation(
        "db -> cloud:999/udp: closed", ("db",), (("cloud", Port("", Protocol.UDP, Ports(999, 999))),), False
    )
    ground = Pretended(PLACES, obedient(TWO))
    report = verify(replace(TWO, expect=(odd,)), ground, scan=False)
    assert report.expect[0].held
    assert any(p["port"] == 999 for p in ground.plans[0]["probes"])
    assert not any(r.key[2] == 999 for r in report.reaches)


def test_the_scan_can_be_left_out() -> None:
    assert verify(TWO, Pretended(PLACES, obedient(TWO)), scan=False).scan is None


def test_a_watch() -> None:
    ground = Pretended(PLACES, lambda _: None)
    found = unwatch(TWO, watch(TWO, ground))
    assert (found.tried, found.sent, found.leaked) == (20, 10, 0)
    assert [name for name, _ in ground.started] == ["capture.py", "sender.py"]
    assert [s["name"] for s in ground.started[1][1]["senders"]] == ["cloud", "db", "game"]
