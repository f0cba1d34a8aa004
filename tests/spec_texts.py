"""Short files for tests, and what is said about them."""

from __future__ import annotations

from warren.basis.diagnostic import Diagnostic, Refused
from warren.spec.check import check
from warren.spec.load import Document, load
from warren.spec.model import Spec
from warren.topology.ledger import Ledger
from warren.topology.model import Topology
from warren.topology.resolve import resolve

# Two hosts and two services; a test adds lines of services below it.
BASE = """\
version: 1
network: {name: test, dns: false}
hosts:
  vps: {public: 203.0.113.10}
  home: {lan: 192.168.2.0/24, programs: {mysql: 3306}}
services:
  blog: {host: vps, ports: {web: 80}}
  db: {host: home, ports: {sql: 5432}}
"""
# The line of the file where an addition to `BASE` begins.
ADDED = BASE.count("\n") + 1


def loaded(text: str) -> Spec:
    """The spec of a text, checked."""
    spec = load(Document("warren.yaml", text))
    check(spec)
    return spec


def resolved(text: str, ledger: Ledger | None = None) -> Topology:
    """The topology of a text, from nothing unless a ledger is given."""
    return resolve(loaded(text), ledger or Ledger())[0]


def found(text: str) -> tuple[Diagnostic, ...]:
    """Everything that is said about a text."""
    try:
        return check(load(Document("warren.yaml", text)))
    except Refused as refused:
        return refused.diagnostics


def said(text: str) -> list[str]:
    """The same, one line each: `LINE:COLUMN CODE SENTENCE`."""
    return [line(one) for one in found(text)]


def line(one: Diagnostic) -> str:
    """One diagnostic in one line."""
    where = f"{one.place.line}:{one.place.column}" if one.place else "-"
    return f"{where} {one.code} {one.summary}"


def codes(text: str) -> list[str]:
    """The codes of everything that is said about a text."""
    return [one.code for one in found(text)]
