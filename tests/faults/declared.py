"""What the file does not allow: said from the file, with hosts that work."""

from __future__ import annotations

from tests.faults.bench import Fault

FAULTS = (
    Fault("need missing", "game db.sql", "need-missing", "game -> db:5432/tcp: game has no need of db.sql"),
    Fault(
        "exposure missing", "internet db.sql", "exposure-missing",
        "internet -> db:5432/tcp: db.sql is not exposed to internet",
    ),
    Fault(
        "no way out", "db internet", "egress-none", "db -> internet:443/tcp: db has no way out: its egress is `none`",
    ),
    Fault(
        "exposed to others", "internet2 game.query", "source-excluded",
        "internet2 -> game:12346/tcp: it is exposed to other sources only, and 192.0.2.77 is none of them",
    ),
    Fault(
        "guard of the host", "internet vps:3306", "guarded",
        "internet -> vps:3306/tcp: the firewall of vps lets nobody in at port 3306/tcp",
    ),
    Fault(
        "port undeclared", "cam cloud:8080", "port-undeclared",
        "cam -> cloud:8080/tcp: cam has no need of port 8080 of cloud",
    ),
    Fault(
        "not exposed on the LAN", "lan:home db", "exposure-missing",
        "lan:home -> db:5432/tcp: db.sql is not exposed to lan:home",
    ),
)  # fmt: skip
