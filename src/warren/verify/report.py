"""What was declared, what was probed, and whether they are one.

In: verdicts, judged expectations, scans, leaks, names, visits. Out: a report and its JSON. Never prints and never
leaves a mistake out.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from warren.verify.datagrams import Untold
from warren.verify.edge import Edge
from warren.verify.expect import Held
from warren.verify.flow import Client
from warren.verify.leaks import Leak, Leaks
from warren.verify.names import Answer
from warren.verify.verdict import Reach, Verdict
from warren.verify.visits import Visited

VERSION = 1


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a run of verify found out; `scan` and `leaks` are None where they were not asked for.

    `untold` are flows that were tried and of which nothing can be said: they are neither agreed nor failed.
    """

    reaches: tuple[Reach, ...]
    expect: tuple[Held, ...] = ()
    scan: tuple[Edge, ...] | None = None
    leaks: Leaks | None = None
    names: tuple[Answer, ...] | None = None
    visits: tuple[Visited, ...] | None = None
    untold: tuple[Untold, ...] = ()

    @property
    def told(self) -> tuple[Answer | Visited, ...]:
        """What programs of the network said: resolvers and entries."""
        return (*(self.names or ()), *(self.visits or ()))

    @property
    def failed(self) -> tuple[Reach, ...]:
        return tuple(r for r in self.reaches if not r.agrees)

    @property
    def holds(self) -> bool:
        """Every declared statement is true."""
        scanned = all(e.equal for e in self.scan or ())
        dry = self.leaks is None or self.leaks.leaked == 0
        told = not any(one.why for one in self.told)
        return not self.failed and all(h.held for h in self.expect) and scanned and dry and told


def document(report: Report) -> dict[str, Any]:
    """The report as JSON values."""
    flows, failed = len(report.reaches), len(report.failed)
    return {
        "version": VERSION,
        "holds": report.holds,
        "summary": {"flows": flows, "agreed": flows - failed, "failed": failed, "untold": len(report.untold)},
        "flows": [_reach(r) for r in report.reaches],
        "untold": [{"why": why, "flows": number} for why, number in reasons(report)],
        "expect": [_held(h) for h in report.expect],
        "scan": None if report.scan is None else _scan(report.scan),
        "leaks": None if report.leaks is None else _leaks(report.leaks),
        "names": None if report.names is None else _names(report.names),
        "https": None if report.visits is None else [_visit(one) for one in report.visits],
    }


def reasons(report: Report) -> tuple[tuple[str, int], ...]:
    """Why nothing can be told, and of how many flows."""
    return tuple(Counter(one.why for one in report.untold).items())


def sentences(report: Report) -> tuple[str, ...]:
    """Each disagreement in a sentence."""
    said = (one.sentence for one in report.told if one.why)
    return (*(_sentence(v) for r in report.reaches for v in r.mistakes), *said)


def _sentence(verdict: Verdict) -> str:
    flow = verdict.flow
    port = f"port {flow.port}/{flow.protocol} of {flow.target} at {flow.address}"
    return f"from {flow.source}, {port} is declared {_word(flow.open)}, but {verdict.why}"


def _reach(reach: Reach) -> dict[str, Any]:
    source, target, port, protocol, family = reach.key
    speaker = reach.speaker
    shown: dict[str, Any] = {
        "from": source,
        "to": target,
        "port": port,
        "protocol": protocol,
        "family": family,
        "declared": _word(reach.declared_open),
        "probed": _word(reach.probed_open),
        "client_address": _client(reach.client),
        "agrees": reach.agrees,
        "address": str(speaker.flow.address),
        "via": speaker.flow.via,
        "saw": speaker.outcome.peer,
    }
    if speaker.flow.leaves is not None:
        shown["leaves_by"] = speaker.flow.leaves
    if not reach.agrees:
        shown["why"] = [_sentence(v) for v in reach.mistakes]
    if others := [v for v in (*reach.tried, *reach.beside) if v is not speaker]:
        shown["also"] = [_other(v) for v in others]
    return shown


def _other(verdict: Verdict) -> dict[str, Any]:
    return {
        "address": str(verdict.flow.address),
        "via": verdict.flow.via,
        "declared": _word(verdict.flow.open),
        "probed": _word(verdict.open),
        "saw": verdict.outcome.peer,
    }


def _held(held: Held) -> dict[str, Any]:
    word = _word(held.open)
    is_held = held.held if held.told else None
    return {"text": held.text, "expected": word, "held": is_held, "against": list(held.against)}


def _scan(edges: tuple[Edge, ...]) -> dict[str, Any]:
    return {"equal": all(e.equal for e in edges), "addresses": [_edge(e) for e in edges]}


def _edge(edge: Edge) -> dict[str, Any]:
    return {
        "host": edge.host,
        "address": str(edge.address),
        "tcp": list(edge.tcp),
        "udp": list(edge.udp),
        "expected_tcp": list(edge.expected_tcp),
        "expected_udp": list(edge.expected_udp),
        "stated": list(edge.stated),
        "from": edge.place,
        "asked": edge.asked,
        "own": list(edge.own),
        "untold": list(edge.untold),
        "equal": edge.equal,
        "seconds": edge.seconds,
    }


def _leaks(leaks: Leaks) -> dict[str, Any]:
    return {
        "packets": leaks.packets,
        "leaked": leaks.leaked,
        "sent": leaks.sent,
        "tried": leaks.tried,
        "wireguard": leaks.wireguard,
        "lost": leaks.lost,
        "examples": [_example(e) for e in leaks.examples],
    }


def _example(example: Leak) -> dict[str, Any]:
    return {
        "time": example.time,
        "uplink": example.uplink,
        "service": example.service,
        "from": example.source,
        "to": example.target,
        "protocol": example.protocol,
    }


def _names(answers: tuple[Answer, ...]) -> dict[str, Any]:
    wrong = [one for one in answers if one.why]
    return {"asked": len(answers), "wrong": [one.sentence for one in wrong]}


def _visit(one: Visited) -> dict[str, Any]:
    return {
        "name": one.visit.name,
        "path": one.visit.path,
        "from": one.visit.place,
        "address": str(one.visit.address),
        "status": one.status,
        "service": one.service,
        "client": one.client,
        "wrong": one.why,
    }


def _client(client: Client | None) -> str | None:
    return client.value if client is not None else None


def _word(is_open: bool) -> str:
    return "open" if is_open else "closed"
