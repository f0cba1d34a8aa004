"""What the file lacks is said in its own words."""

from __future__ import annotations

import pytest

from tests.unit.explain.asking import explained, line_of


@pytest.mark.parametrize(
    ("source", "target", "sentence", "remedy", "line"),
    [
        ("game", "db", "game -> db:5432/tcp: game has no need of db.sql",
         "write `needs: [db.sql]` under `game`", "  game:"),
        ("vps", "db", "vps -> db:5432/tcp: nothing in the file lets the host vps reach db",
         "hosts reach services through what is exposed", None),
        ("blog", "cloud:999", "blog -> cloud:999/tcp: blog has no need of port 999 of cloud",
         "`cloud` declares no port 999/tcp: name it under its `ports`, then need it", "  cloud:"),
        ("db", "internet", "db -> internet:443/tcp: db has no way out: its egress is `none`",
         "write `egress: direct`, a gateway's name, or a need of the address under `db`", "  db:"),
        ("cloud", "lan:home:80", "cloud -> lan:home:80/tcp: cloud has no need of home.lan",
         "write `needs: [home.lan]` under `cloud`", "  cloud:"),
        ("internet", "db.sql", "internet -> db:5432/tcp: db.sql is not exposed to internet",
         "write `expose: [{port: 5432, to: sql}]` under `db`", "  db:"),
        ("internet", "db:80", "internet -> db:80/tcp: port 80 is not exposed to internet",
         "`db` declares no port 80/tcp: name it under `ports`, then expose it", "  db:"),
        ("lan:home", "game.play", "lan:home -> game:12345/udp is open in the file", None, "port: 12345/udp"),
        ("lan:home", "db", "lan:home -> db:5432/tcp: db.sql is not exposed to lan:home",
         "write `expose: [{port: 5432, to: sql, at: home}]` under `db`", "  db:"),
        ("internet", "vps:3306", "internet -> vps:3306/tcp: the firewall of vps lets nobody in at port 3306/tcp",
         "add the port to `firewall: {allow: ...}` of `vps`", "  vps:"),
        ("cloud", "db", "cloud -> db:5432/tcp is open in the file", None, "- db.sql"),
    ],
)  # fmt: skip
def test_sentences(source: str, target: str, sentence: str, remedy: str | None, line: str | None) -> None:
    found = explained(source, target).verdict
    assert (found.sentence, found.remedy) == (sentence, remedy)
    assert (found.file_line.line if found.file_line else None) == (line_of(line) if line else None)
