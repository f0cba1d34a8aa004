"""visits: what a visitor must find at each name."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.grounds import AROUND, Pretended
from tests.spec_texts import resolved
from warren.verify.visits import NOBODY, Visited, visit, visits

HASH = "$2a$14$4lEXRUNczW.4ZYIJZAJnSeR4iS7XS8RlxFrYYGxL3CUPCgTvpMTVu"
FILE = """\
version: 1
network: {name: n}
hosts: {vps: {public: [203.0.113.10, "2001:db8:10::10"]}}
services:
  a:
    host: vps
    ports: {web: 80}
    expose:
      - {https: a.example.org}
      - {https: a.example.org, path: /inner, from: 192.0.2.0/24}
      - {https: a.example.org, path: /secret, auth: {basic: {alice: HASH}}}
""".replace("HASH", HASH)
TOPOLOGY = resolved(FILE)
AROUND_WITH = replace(AROUND, authority="PEM")
FIRST = next(iter(visits(TOPOLOGY, AROUND_WITH)))
RIGHT = Visited(FIRST, 200, None, "a", 80, "198.51.100.7")


class Web(Pretended):
    """A ground where every name answers the same."""

    def __init__(self, answer: dict[str, Any], authority: str = "PEM") -> None:
        super().__init__({"internet": "/internet"}, lambda _: None, replace(AROUND, authority=authority))
        self.answer = answer

    def run_program(self, program: Path, stdin: bytes, timeout: float) -> bytes:
        """The same for all."""
        wanted = json.loads(stdin)["visits"]
        nothing = {"status": None, "body": "", "error": "closed"}
        found = [{"id": one["id"], **(nothing if one["name"] == NOBODY else self.answer)} for one in wanted]
        return json.dumps({"visits": found}).encode()


def test_every_site_at_every_public_address_and_a_name_that_nobody_has() -> None:
    asked = [(one.name, one.path, one.address.version, one.welcome) for one in visits(TOPOLOGY, AROUND_WITH)]
    paths = (("/", True), ("/inner", False), ("/secret", True))
    assert asked == [
        *(("a.example.org", path, version, welcome) for path, welcome in paths for version in (4, 6)),
        (NOBODY, "/", 4, False),
        (NOBODY, "/", 6, False),
    ]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({}, None),
        ({"status": None, "error": "certificate: expired"}, "certificate: expired"),
        ({"service": "b"}, "b answered instead of a"),
        ({"service": None, "status": 404}, "status 404 answered instead of a"),
        ({"port": 81}, "port 81 of a answered instead of 80"),
        ({"client": "6.6.6.6"}, "a was told that the client is 6.6.6.6"),
    ],
)
def test_what_can_be_wrong(change: dict[str, Any], why: str | None) -> None:
    assert replace(RIGHT, **change).why == why


def test_who_is_not_welcome_hears_nothing_and_who_must_log_in_is_asked() -> None:
    by_path = {one.path: one for one in visits(TOPOLOGY, AROUND_WITH) if one.address.version == 4 and one.site}
    assert replace(RIGHT, visit=by_path["/inner"]).why == "it was answered with 200"
    assert replace(RIGHT, visit=by_path["/inner"], status=None).why is None
    assert replace(RIGHT, visit=by_path["/secret"], status=401).why is None
    assert replace(RIGHT, visit=by_path["/secret"]).why == "nobody was asked for a password, the status is 200"


def test_a_whole_round() -> None:
    body = json.dumps({"service": "a", "port": 80, "client": "198.51.100.7"})
    found = visit(TOPOLOGY, Web({"status": 200, "body": body, "error": None})) or ()
    assert len(found) == 8 and found[0] == RIGHT
    assert [one.sentence for one in found if one.why][0] == (
        "from internet, https://a.example.org/inner at 203.0.113.10 should work, but it was answered with 200"
    )


def test_nothing_is_visited_where_certificates_cannot_be_checked() -> None:
    assert visit(TOPOLOGY, Web({}, authority="")) is None
    assert visit(resolved("version: 1\nnetwork: {name: n}\nhosts: {h: {}}\n"), Web({})) is None
