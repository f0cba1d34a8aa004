"""The report and its JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from ipaddress import ip_address

from warren.basis.address import Protocol
from warren.probe.ask import Outcome
from warren.verify.edge import Edge
from warren.verify.expect import Held
from warren.verify.flow import INSIDE, Client, Flow
from warren.verify.leaks import Leak, Leaks
from warren.verify.report import Report, document, sentences
from warren.verify.verdict import Verdict, gather

FLOW = Flow("internet", "game", ip_address("203.0.113.10"), 12345, Protocol.UDP, True, "vps", "game", 12345)
KEPT = replace(FLOW, client=Client.KEPT, own=(ip_address("198.51.100.7"),))
GOOD = Verdict(KEPT, Outcome("game", 12345, "198.51.100.7"))
INNER = Verdict(
    replace(FLOW, address=ip_address("10.86.1.4"), open=False, via=INSIDE, main=False), Outcome(error="timeout")
)
EDGE = Edge("vps", FLOW.address, (22,), (12345,), (22,), (12345,), (51820,), (), 1.5)
DRY = Leaks(10, 10, 0, 20, 5, 0, ())


def test_the_document() -> None:
    report = Report(gather([GOOD, INNER]), (Held("internet -> game.play: open", True, ()),), (EDGE,), DRY)
    found = json.loads(json.dumps(document(report)))
    assert found["version"] == 1 and found["holds"] is True
    assert found["summary"] == {"flows": 1, "agreed": 1, "failed": 0, "untold": 0}
    (flow,) = found["flows"]
    assert flow == {
        "from": "internet",
        "to": "game",
        "port": 12345,
        "protocol": "udp",
        "family": "ipv4",
        "declared": "open",
        "probed": "open",
        "client_address": "kept",
        "agrees": True,
        "address": "203.0.113.10",
        "via": "vps",
        "saw": "198.51.100.7",
        "also": [
            {"address": "10.86.1.4", "via": "inside", "declared": "closed", "probed": "closed", "saw": None},
        ],
    }
    assert found["expect"] == [
        {"text": "internet -> game.play: open", "expected": "open", "held": True, "against": []},
    ]
    assert found["scan"]["equal"] is True
    assert found["scan"]["addresses"][0]["stated"] == [51820]
    assert found["leaks"]["leaked"] == 0


def test_what_was_not_asked_for_is_null() -> None:
    found = document(Report(gather([GOOD])))
    assert found["scan"] is None and found["leaks"] is None and found["holds"] is True


def test_a_mistake_is_a_sentence() -> None:
    report = Report(gather([Verdict(KEPT, Outcome("game", 12345, "10.86.0.1"))]))
    assert not report.holds
    (sentence,) = sentences(report)
    assert sentence == (
        "from internet, port 12345/udp of game at 203.0.113.10 is declared open, "
        "but game saw 10.86.0.1 instead of the client's own address"
    )
    assert document(report)["flows"][0]["why"] == [sentence]
    assert document(report)["summary"]["failed"] == 1


def test_each_witness_can_make_it_false() -> None:
    good = gather([GOOD])
    assert not Report(good, (Held("x", True, ("no",)),)).holds
    assert not Report(good, (), (replace(EDGE, tcp=(22, 23)),)).holds
    leak = Leak("now", "home", "db", "10.86.1.3", "192.0.2.129", "tcp")
    assert not Report(good, (), None, replace(DRY, leaked=1, examples=(leak,))).holds
    assert document(Report(good, (), None, replace(DRY, examples=(leak,))))["leaks"]["examples"][0]["service"] == "db"


def test_the_way_out_is_shown() -> None:
    out = replace(FLOW, source="cloud", target="server", answer="server", leaves="vps", own=(FLOW.address,))
    report = Report(gather([Verdict(out, Outcome("server", 12345, "203.0.113.10"))]))
    assert document(report)["flows"][0]["leaves_by"] == "vps"
