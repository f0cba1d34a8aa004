"""The fault first, then the hops; and the names that programs rely on."""

from __future__ import annotations

import click

from tests.unit.explain.asking import explained
from warren.basis.diagnostic import Place
from warren.cli.views import explain as view


def plain(source: str, target: str, rules: bool = False) -> list[str]:
    return [click.unstyle(line) for line in view.lines(explained(source, target), 100, rules)]


def test_the_first_line_is_the_fault() -> None:
    lines = plain("game", "db")
    assert lines[0] == "game -> db:5432/tcp: game has no need of db.sql"
    assert lines[1].endswith("warren.yaml:57: write `needs: [db.sql]` under `game`")
    assert lines[3] == "the question: 10.86.1.4 -> 10.86.1.3:5432/tcp"
    assert lines[4].split() == ["game", "on", "home", "goes", "out", "by", "eth0", "to", "10.86.1.1", "warren.yaml:57"]
    assert lines[-1] == "also IPv6: game -> db:5432/tcp: game has no need of db.sql"


def test_both_directions_and_rules() -> None:
    lines = plain("cloud", "db", rules=True)
    assert "the answer: 10.86.1.3:5432/tcp -> 10.86.1.2" in lines
    assert "        10.86.1.3 dev v-db table 8600" in lines
    assert lines[-1] == "IPv6: cloud -> db:5432/tcp is open in the file"


def test_json_has_stable_names() -> None:
    found = view.document(explained("game", "db"))
    assert set(found) == {"from", "to", "verdict", "hops", "flows", "notes"}
    assert set(found["verdict"]) == {"code", "sentence", "remedy", "at", "file_line"}  # type: ignore[call-overload]
    hops = found["hops"]
    assert isinstance(hops, list)
    assert set(hops[0]) == {
        "host", "place", "direction", "kind", "words", "rule", "file_line", "disposition", "packets",
    }  # fmt: skip
    assert (hops[-1]["kind"], hops[-1]["disposition"]) == ("rule", "DENIED_BY")


def test_where() -> None:
    assert (view.where(Place("a.yaml", 3, 1)), view.where(None)) == ("a.yaml:3", "")
