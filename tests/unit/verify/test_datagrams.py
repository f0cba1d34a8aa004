"""How far datagrams came, and what that says."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address

import pytest

from tests.spec_texts import BASE, resolved
from warren.basis.address import Protocol
from warren.formats.sockets import Listener
from warren.probe.ask import Outcome
from warren.probe.lookout import UNSENT
from warren.verify.datagrams import Sight, Untold, hidden, judged
from warren.verify.declared import INTERNET
from warren.verify.flow import INSIDE, Flow
from warren.verify.verdict import Verdict

TOPOLOGY = resolved(
    BASE
    + """\
  log: {host: vps, ports: {syslog: 514/udp}, expose: [{port: 514/udp, to: syslog}]}
  app: {host: home, needs: [log.syslog]}
"""
)
LOG = TOPOLOGY.services["log"]
OPEN = Flow("app", "log", LOG.addresses.v4, 514, Protocol.UDP, True, INSIDE, "log", 514, real=True)
SHUT = replace(OPEN, source="db", open=False)
OUTSIDE = replace(OPEN, source=INTERNET, address=ip_address("203.0.113.10"))
HEARS = Sight(TOPOLOGY, listening={"vps": {"log": (Listener("udp", "*", 514),)}})
DEAF = Sight(TOPOLOGY, listening={"vps": {"log": (Listener("udp", "127.0.0.1", 514),)}})
SILENT = Outcome(error="timeout")


def why(sight: Sight, flow: Flow, outcome: Outcome) -> str | None:
    """Why declared and found disagree."""
    found = judged(sight, flow, outcome)
    assert isinstance(found, Verdict)
    return found.why


@pytest.mark.parametrize(
    ("flow", "outcome", "said"),
    [
        (OPEN, Outcome(came=("home", "vps"), through=("vps",)), None),
        (OPEN, Outcome(came=("home",), through=("home",)), "it came out at home"),
        (OPEN, Outcome(came=("home", "vps"), own=("vps",)), "it came to vps itself"),
        (OPEN, Outcome(came=("home", "vps")), "it came to vps and was dropped there"),
        (OPEN, Outcome(came=("home",)), "it came to home and did not come to vps"),
        (OPEN, Outcome(error="prohibited", came=("home",)), "it was not allowed to leave"),
        (OPEN, SILENT, "it never left"),
        (SHUT, Outcome(came=("home", "vps"), through=("vps",)), "a datagram came through"),
        (SHUT, Outcome(came=("home",)), None),
        # A host without a guard takes what is sent to itself; a guard should not have let it in.
        (SHUT, Outcome(came=("home",), own=("home",)), None),
        (SHUT, Outcome(came=("vps",), own=("vps",)), "a datagram came through"),
        (replace(SHUT, target="home"), Outcome(came=("home",), own=("home",)), "a datagram came through"),
        (SHUT, Outcome(error="prohibited", came=("home",)), None),
        (OPEN, Outcome(error="absent"), "it could not be tried, because there is no such place to try it from"),
    ],
)
def test_where_a_datagram_ends_is_what_is_said(flow: Flow, outcome: Outcome, said: str | None) -> None:
    flow = replace(flow, source="app" if flow is OPEN else flow.source)
    assert why(HEARS, flow, outcome) == said


def test_a_door_behind_which_nobody_listens_is_not_open() -> None:
    arrived = Outcome(through=("vps",))
    assert why(DEAF, OPEN, arrived) == "nobody listens where it came through"
    assert why(DEAF, SHUT, arrived) == "a datagram came through"
    assert why(Sight(TOPOLOGY), OPEN, arrived) is None


def test_silence_from_outside_says_something_only_where_others_are_heard() -> None:
    assert judged(HEARS, OUTSIDE, SILENT) == Untold(OUTSIDE, "from internet no datagram to 203.0.113.10 came to vps")
    sight = replace(HEARS, heard=frozenset({(INTERNET, "vps", 4)}))
    assert why(sight, OUTSIDE, SILENT) == "it never came to vps"
    assert isinstance(judged(sight, replace(OUTSIDE, open=False), SILENT), Untold)
    assert isinstance(judged(HEARS, SHUT, SILENT), Untold)


def test_nothing_is_sent_to_where_nobody_would_take_it_away() -> None:
    blind = replace(HEARS, blind={"home": "its nft is old"})
    assert hidden(blind, OPEN) is None and hidden(HEARS, OUTSIDE) is None
    assert hidden(blind, OUTSIDE) == "home cannot be watched: its nft is old"
    assert hidden(blind, replace(OPEN, target="db")) is not None
    assert hidden(blind, replace(OPEN, target="db", protocol=Protocol.TCP)) is None
    assert isinstance(judged(blind, replace(OPEN, target="db"), SILENT), Untold)


def test_a_host_that_does_not_see_what_leaves_it_proves_nothing() -> None:
    blind = replace(HEARS, blind={"home": "its watch has ended"})
    assert judged(blind, OPEN, SILENT) == Untold(OPEN, "home cannot be watched: its watch has ended")


def test_what_was_not_sent_any_more_is_not_told() -> None:
    assert isinstance(judged(HEARS, OPEN, Outcome(error=UNSENT)), Untold)


def test_connections_speak_for_themselves() -> None:
    tcp = replace(OPEN, protocol=Protocol.TCP)
    assert judged(HEARS, tcp, Outcome(connected=True)) == Verdict(tcp, Outcome(connected=True))
