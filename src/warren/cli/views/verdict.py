"""What verify found, for people.

In: a report and its topology. Out: the matrix, the client addresses that services saw, expectations, scan, leaks,
mistakes in sentences, and the verdict last. Never leaves a mistake uncounted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

from warren.basis.address import Protocol
from warren.cli.views import matrix
from warren.cli.views.text import count, fitting, printable
from warren.topology.model import Exposure, Topology
from warren.verify.declared import INTERNET
from warren.verify.edge import EVERY, Edge
from warren.verify.expect import Held
from warren.verify.leaks import Leaks
from warren.verify.report import Report, reasons, sentences
from warren.verify.verdict import Verdict
from warren.verify.visits import Visited

MISTAKES = 20


def lines(report: Report, topology: Topology, columns: int = 100, ascii_only: bool = False) -> list[str]:
    """Everything, with an empty line between the parts."""
    parts = (
        matrix.lines(report, topology, columns, ascii_only),
        _exposed(report, topology, columns),
        _expectations(report, columns),
        [*_scans(report.scan or ()), *_names(report), *(_leaks(report.leaks) if report.leaks else ())],
        list(_untold(report)),
        list(_mistakes(report)),
        [_verdict(report)],
    )
    shown = [line for part in parts if part for line in (*part, "")][:-1]
    return [_plain(line) for line in shown] if ascii_only else shown


def _exposed(report: Report, topology: Topology, columns: int) -> list[str]:
    """For each port and each name the client that its service saw or was told of, by the family of who asked."""
    rows = [*_ports_of(report, topology), *_sites(report)]
    return fitting(("exposed", "to", "at", "client over IPv4", "client over IPv6"), rows, columns)


def _ports_of(report: Report, topology: Topology) -> Iterator[tuple[str, ...]]:
    verdicts = [v for r in report.reaches for v in r.tried]
    # Real programs do not say whom they saw, and some doors are not asked from here at all.
    unasked = "not asked" if verdicts and all(v.flow.real for v in verdicts) else "closed"
    for exposure in sorted(topology.exposed, key=lambda each: each.is_lan):
        yield _exposure(exposure, topology, verdicts, unasked)


def _sites(report: Report) -> Iterator[tuple[str, ...]]:
    sites = dict.fromkeys(each.visit.site for each in report.visits or () if each.visit.site)
    for site in sites:
        mine = [each for each in report.visits or () if each.visit.site == site]
        seen = ([each for each in mine if each.visit.address.version == version] for version in (4, 6))
        path = "" if site.path == "/" else site.path
        yield (f"https://{site.name}{path}", site.service, site.at, *map(_visited, seen))


def _visited(visits: list[Visited]) -> str:
    if not visits:
        return "no address"
    shown = next((each for each in visits if each.why), visits[0])
    if shown.why:
        return click.style("wrong", fg="red", bold=True)
    if shown.client:
        return f"kept ({printable(shown.client)})"
    return f"status {shown.status}" if shown.status else "closed"


def _names(report: Report) -> Iterator[str]:
    if report.names is not None:
        wrong = sum(1 for each in report.names if each.why)
        said = click.style(f"{wrong:,} wrong", fg="red", bold=True) if wrong else "all as declared"
        yield f"names: {count(len(report.names), 'question')} of services to their resolvers, {said}"


def _exposure(exposure: Exposure, topology: Topology, verdicts: Iterable[Verdict], unasked: str) -> tuple[str, ...]:
    mine = [v for v in verdicts if _belongs(v, exposure)]
    prefixes = (prefix for lan in topology.hosts[exposure.at].lans for prefix in lan.prefixes)
    families = {each.version for each in exposure.addresses or prefixes}
    closed = (unasked if version in families else "no address" for version in (4, 6))
    seen = (
        _seen([v for v in mine if v.flow.family == f"ipv{version}"], word)
        for version, word in zip((4, 6), closed, strict=True)
    )
    limit = f"{exposure.ports}/{exposure.protocol}"
    return (limit, exposure.service, exposure.at, *seen)


def _belongs(verdict: Verdict, exposure: Exposure) -> bool:
    flow = verdict.flow
    if (flow.via, flow.target, flow.protocol) != (exposure.at, exposure.service, exposure.protocol):
        return False
    is_shown = flow.client is not None or (flow.real and flow.open and flow.source == INTERNET)
    return is_shown and flow.port in exposure.ports


def _seen(verdicts: list[Verdict], unasked: str) -> str:
    """The first answer speaks, unless another one is wrong."""
    if not verdicts:
        return unasked
    shown = next((v for v in verdicts if not v.agrees), verdicts[0])
    if shown.flow.real and shown.open:
        return "open"
    if shown.client is None:
        return click.style("no answer", fg="red", bold=True)
    return f"{shown.client.value} ({printable(shown.outcome.peer or '')})"


def _expectations(report: Report, columns: int) -> list[str]:
    rows = []
    for held in report.expect:
        word = click.style("held", fg="green") if held.held else click.style("not held", fg="red", bold=True)
        word = word if held.told else click.style("not told", fg="yellow")
        rows.append((word, _stated(held), "; ".join(held.against[:2])))
    return fitting(("expected", "", ""), rows, columns)


def _stated(held: Held) -> str:
    word = "open" if held.open else "closed"
    return printable(held.text if held.text.endswith(word) else f"{held.text}: {word}")


def _scans(edges: Iterable[Edge]) -> Iterator[str]:
    for edge in edges:
        where = (
            f"scan of {edge.host} at {edge.address}{_from(edge)}: tcp {_shown(edge, 'tcp')}, udp {_shown(edge, 'udp')}"
        )
        rest = "".join(f"; {words}" for words in _beside(edge))
        if edge.equal:
            yield f"{where}{': exactly what is declared' if len(edge.untold) < len(Protocol) else ''}{rest}"
            continue
        too_many = f"not declared: {_ports(edge.strange)}" if edge.strange else ""
        too_few = f"no answer: {_ports(edge.missing)}" if edge.missing else ""
        wrong = ", ".join(part for part in (too_many, too_few) if part)
        yield f"{where}: {click.style(wrong, fg='red', bold=True)}{rest}"


def _from(edge: Edge) -> str:
    """Whoever asked, and how much, where it is not the whole Internet for everything."""
    words = [*([f"from {edge.place}"] if edge.place != INTERNET else [])]
    words += [f"{edge.asked} ports"] if edge.asked < EVERY - 1 else []
    return f" ({', '.join(words)})" if words else ""


def _shown(edge: Edge, protocol: str) -> str:
    if protocol in edge.untold:
        return click.style("not told", fg="yellow")
    return _ports(edge.tcp if protocol == "tcp" else edge.udp)


def _beside(edge: Edge) -> Iterator[str]:
    if edge.stated:
        yield f"{_ports(edge.stated)}/udp is WireGuard and silent"
    if edge.own:
        yield f"{_ports(edge.own)} are the host's own, which the file does not guard"


def _ports(ports: tuple[int, ...]) -> str:
    """Ports in a line, with neighbours drawn together."""
    runs: list[list[int]] = []
    for port in ports:
        if runs and port == runs[-1][1] + 1:
            runs[-1][1] = port
        else:
            runs.append([port, port])
    return " ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs) or "none"


def _leaks(leaks: Leaks) -> Iterator[str]:
    leaked = count(leaks.leaked, "packet")
    if leaks.leaked:
        leaked = click.style(leaked, fg="red", bold=True)
    rest = f"of {leaks.packets:,} on the uplinks ({leaks.wireguard:,} were WireGuard's), while services tried"
    yield f"leaks: {leaked} {rest} {leaks.tried:,} and sent {leaks.sent:,}"
    for leak in leaks.examples:
        who = leak.service or "an inner address"
        yield f"  {leak.time} {leak.uplink}: {who}, {leak.protocol} from {leak.source} to {leak.target}"
    if leaks.lost:
        yield f"  {count(leaks.lost, 'packet')} came too fast to be looked at"


def _mistakes(report: Report) -> Iterator[str]:
    found = sentences(report)
    for sentence in found[:MISTAKES]:
        yield f"{click.style('wrong:', fg='red', bold=True)} {printable(sentence)}"
    if len(found) > MISTAKES:
        yield f"and {len(found) - MISTAKES:,} more; --json lists them all"


def _untold(report: Report) -> Iterator[str]:
    """What was tried and says nothing, neither for nor against the file."""
    for why, number in reasons(report):
        yield f"{click.style('not told:', fg='yellow')} {count(number, 'flow')}, as {printable(why)}"


def _verdict(report: Report) -> str:
    flows, failed = len(report.reaches), len(report.failed)
    told = [sum(1 for each in found or () if each.why) for found in (report.names, report.visits)]
    line = f"{flows - failed:,} of {flows:,} flows as declared"
    broken = [
        count(sum(not h.held for h in report.expect), "expectation") + " not held",
        count(sum(not e.equal for e in report.scan or ()), "scanned address", "scanned addresses") + " not as declared",
        count(report.leaks.leaked if report.leaks else 0, "leaked packet"),
        count(told[0], "wrong answer") + " for names",
        count(told[1], "wrong visit") + " over HTTPS",
    ]
    broken += [f"{len(report.untold):,} not told"] if report.untold else []
    rest = [each for each in broken if not each.startswith("0 ")]
    return click.style("; ".join([line, *rest]), fg="green" if report.holds else "red", bold=True)


def _plain(line: str) -> str:
    return line.encode("ascii", "replace").decode()
