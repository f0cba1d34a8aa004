"""statements: lines of `expect`, judged by the proof."""

from __future__ import annotations

import pytest

from warren.spec.check import check
from warren.spec.load import Document, load
from warren.topology.ledger import Ledger
from warren.topology.resolve import resolve
from warren.verify.foresee import foresee

FILE = """\
version: 1
network: {name: said, domain: example.org}
hosts:
  vps: {ssh: root@203.0.113.10, public: [203.0.113.10, "2001:db8:10::10"]}
  home: {lan: {flat: 192.168.2.0/24, things: 192.168.3.0/24}, egress: vps, programs: {mysql: 3306}}
groups: {webs: [blog, cloud]}
services:
  blog: {host: vps, image: i, ports: {web: 80}, expose: [{port: 8080, to: web}]}
  cloud: {host: home, image: i, ports: {web: 80}, needs: [db.sql, home.mysql]}
  db: {host: home, image: i, ports: {sql: 5432, metrics: 9100}, egress: none}
  game:
    host: home
    image: i
    ports: {play: 12345/udp, query: 12346}
    expose:
      - {port: 12345/udp, to: play, from: 198.51.100.0/24}
      - {port: 12346, to: query, at: home, from: 192.168.2.0/24}
expect:
  - %s
"""


def against(line: str) -> list[str]:
    text = FILE % line
    spec = load(Document("warren.yaml", text))
    check(spec)
    topology, _ = resolve(spec, Ledger())
    return [each.summary for each in foresee(topology).against]


@pytest.mark.parametrize(
    "line",
    [
        "cloud -> db.sql, home.mysql: open",
        "cloud -> db.metrics: closed",
        "anyone but cloud -> db.sql: closed",
        '"!cloud -> db.sql": closed',
        "anyone -> db.metrics: closed",
        '"* -> db.metrics": closed',
        "webs but cloud -> db: closed",
        "cloud -> * but db, blog: closed",
        "blog -> *.sql: closed",
        "internet -> blog.web: open",
        "internet -> *: open",
        "internet, internet2 -> db, cloud: closed",
        "internet -> game.play: open",
        "internet2 -> game.play: closed",
        "internet2 -> blog.web: open",
        "lan:home -> game.query: open",
        "lan:home/things -> game.query: closed",
        "lan:home -> blog.web: open",
        "home -> db.sql: open",
        "vps -> db.sql: closed",
        "game, internet -> home:22/tcp: closed",
        "internet -> vps:22/tcp: open",
    ],
)
def test_lines_that_hold(line: str) -> None:
    wrong = against(line)
    assert wrong == ([] if line != "internet -> *: open" else wrong[:1])


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("blog -> db.sql: open", "from blog tcp 10.86.0.2:40001 -> 10.86.1.3:5432 does not get through"),
        ("cloud -> db.sql: closed", "from cloud tcp 10.86.1.2:40001 -> 10.86.1.3:5432 gets through"),
        ("anyone -> db.sql: closed", "from cloud tcp"),
        ("webs -> home.mysql: open", "from blog tcp"),
        ("internet -> blog.web: closed", "-> 203.0.113.10:8080 gets through"),
        ("internet -> db.sql: open", "nothing that comes from internet arrives at port 5432/tcp of db"),
        ("internet2 -> game.play: open", "nothing that comes from internet2 arrives at port 12345/udp of game"),
        ("lan:home -> game.query: closed", "-> 192.168.2.10:12346 gets through"),
        ("lan:home/things -> game.query: open", "nothing that comes from lan:home/things arrives"),
        ("home -> db.sql: closed", "from home tcp"),
    ],
)
def test_lines_that_do_not(line: str, sentence: str) -> None:
    (found,) = against(line)
    assert found.startswith(f"`{line}` does not hold: ") and sentence in found
