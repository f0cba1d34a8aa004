"""What people read of a report."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address

import click

from tests.grounds import AROUND
from tests.topologies import two_hosts
from warren.cli.views import verdict
from warren.probe.ask import Outcome
from warren.verify.datagrams import Untold
from warren.verify.declared import declared
from warren.verify.edge import Edge
from warren.verify.expect import Held
from warren.verify.flow import Flow
from warren.verify.leaks import Leak, Leaks
from warren.verify.report import Report
from warren.verify.verdict import Verdict, gather

TWO = two_hosts()
EDGE = Edge("vps", ip_address("203.0.113.10"), (22, 8080, 12346), (12345,), (22, 8080, 12346), (12345,), (51820,))
DRY = Leaks(1234, 1200, 0, 4000, 2000, 0, ())

GOOD = """
exposed    to    at   client over IPv4     client over IPv6
12345/udp  game  vps  kept (198.51.100.7)  kept (2001:db8:ffff::7)
12346/tcp  game  vps  kept (198.51.100.7)  kept (2001:db8:ffff::7)
8080/tcp   blog  vps  kept (198.51.100.7)  kept (2001:db8:ffff::7)

expected
held      internet -> game.play: open

scan of vps at 203.0.113.10: tcp 22 8080 12346, udp 12345: exactly what is declared; 51820/udp is WireGuard and silent
leaks: 0 packets of 1,234 on the uplinks (1,200 were WireGuard's), while services tried 4,000 and sent 2,000
"""


def obedient(flow: Flow) -> Verdict:
    own = [a for a in flow.own if a.version == flow.address.version]
    answer = Outcome(flow.answer, flow.reached, str(own[0]) if own else None, None, True)
    return Verdict(flow, answer if flow.open else Outcome(error="timeout"))


VERDICTS = [obedient(f) for f in declared(TWO, AROUND)]
REPORT = Report(gather(VERDICTS), (Held("internet -> game.play: open", True, ()),), (EDGE,), DRY)


def lines(report: Report, ascii_only: bool = False) -> list[str]:
    return [click.unstyle(line).rstrip() for line in verdict.lines(report, TWO, 100, ascii_only)]


def test_a_report_that_holds() -> None:
    shown = lines(REPORT)
    flows = len(REPORT.reaches)
    assert shown[shown.index("") :][3:-2] == GOOD.split("\n")[1:-1]
    assert shown[-1] == f"{flows:,} of {flows:,} flows as declared"


def test_the_ascii_face_is_ascii() -> None:
    assert all(line.isascii() for line in lines(REPORT, True))


def test_a_report_that_does_not_hold() -> None:
    hidden = [
        replace(v, outcome=replace(v.outcome, peer="10.86.0.1"))
        if v.flow.via == "vps" and v.flow.client and v.flow.source == "internet"
        else v
        for v in VERDICTS
    ]
    leak = Leak("1970-01-01T00:00:01.500+00:00", "home", "db", "192.168.2.10", "192.0.2.129", "tcp")
    report = Report(
        gather(hidden),
        (Held("game -> db.sql: open", True, ("from game port 5432 of db answers at no address",)),),
        (replace(EDGE, tcp=(22, 23, 24)),),
        replace(DRY, leaked=1, examples=(leak,), lost=2),
    )
    text = "\n".join(lines(report))
    assert "8080/tcp   blog  vps  hidden (10.86.0.1)" in text
    assert "not held  game -> db.sql: open" in text
    assert "not declared: 23-24, no answer: 8080 12346" in text
    assert "home: db, tcp from 192.168.2.10 to 192.0.2.129" in text
    assert "2 packets came too fast" in text
    assert "wrong: from internet, port 12345/udp of game at 203.0.113.10 is declared open, but game saw" in text
    assert text.endswith("1 expectation not held; 1 scanned address not as declared; 1 leaked packet")


def test_narrow_terminals_get_narrow_tables() -> None:
    held = Held("internet, lan:home, vps, cloud -> game.play, game.query, blog.web: open", True, ())
    report = replace(REPORT, expect=(held, replace(held, against=("from game port 5432 of db answers at no address",))))
    shown = [click.unstyle(line) for line in verdict.lines(report, TWO, 60)]
    first, last = (
        shown.index("exposed    to    at   client over IPv4"),
        next(i for i, s in enumerate(shown) if "scan" in s),
    )
    assert max(map(len, shown[first:last])) <= 60
    assert shown[first + 1 : first + 3] == [
        "12345/udp  game  vps  kept (198.51.100.7)",
        "    client over IPv6  kept (2001:db8:ffff::7)",
    ]
    assert shown[last - 5 : last - 1] == [
        "not held",
        "    internet, lan:home, vps, cloud -> game.play, game.query,",
        "    blog.web: open",
        "    from game port 5432 of db answers at no address",
    ]


def test_no_address_is_not_called_closed() -> None:
    old = TWO.hosts["vps"]
    hosts = {**TWO.hosts, "vps": replace(old, public=old.public[:1])}
    exposures = tuple(replace(e, addresses=e.addresses[:1]) for e in TWO.exposures)
    topology = replace(TWO, hosts=hosts, exposures=exposures)
    report = Report(gather(v for v in VERDICTS if v.flow.family == "ipv4"))
    text = "\n".join(click.unstyle(line) for line in verdict.lines(report, topology))
    assert "12345/udp  game  vps  kept (198.51.100.7)  no address" in text
    text = "\n".join(click.unstyle(line) for line in verdict.lines(report, TWO))
    assert "12345/udp  game  vps  kept (198.51.100.7)  closed" in text


def test_many_mistakes_are_counted() -> None:
    broken = [replace(v, outcome=Outcome(error="timeout")) for v in VERDICTS]
    shown = lines(Report(gather(broken)))
    assert any(line.startswith("and ") and line.endswith("more; --json lists them all") for line in shown)
    assert any("no answer" in line for line in shown)


def test_what_cannot_be_told_is_counted_with_its_reason_and_is_no_mistake() -> None:
    flow = VERDICTS[0].flow
    shown = lines(Report(gather(VERDICTS), untold=(Untold(flow, "no datagram came"), Untold(flow, "no datagram came"))))
    assert "not told: 2 flows, as no datagram came" in shown
    assert "not told  a -> b: open" in lines(Report(gather(VERDICTS), (Held("a -> b: open", True, (), told=False),)))
    assert shown[-1].endswith("flows as declared; 2 not told")


def test_doors_of_real_hosts_are_open_or_not_asked() -> None:
    real = [replace(v, flow=replace(v.flow, client=None, real=True)) for v in VERDICTS]
    shown = lines(Report(gather(v for v in real if v.flow.target != "blog")))
    assert next(line for line in shown if line.startswith("12346/tcp")).split()[3:] == ["open", "open"]
    assert "not asked" in next(line for line in shown if line.startswith("8080/tcp"))


def test_a_scan_from_elsewhere_says_from_where_how_much_and_what_it_cannot_tell() -> None:
    scan = (
        replace(EDGE, stated=(), place="home", asked=128, own=(25,)),
        replace(EDGE, stated=(), udp=(), expected_udp=(), asked=65535, untold=("udp",)),
        replace(EDGE, stated=(), tcp=(), udp=(), expected_tcp=(), expected_udp=(), untold=("tcp", "udp")),
    )
    one, two, three = (line for line in lines(replace(REPORT, scan=scan)) if line.startswith("scan"))
    assert "(from home, 128 ports): tcp" in one and one.endswith(
        "; 25 are the host's own, which the file does not guard"
    )
    assert two.endswith("203.0.113.10: tcp 22 8080 12346, udp not told: exactly what is declared")
    assert three.endswith("203.0.113.10: tcp not told, udp not told")
