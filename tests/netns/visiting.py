"""Visits of names, as from outside: by curl, with the lab's own authority.

In: a world and what curl is to do. Out: what it prints, or what the stand-in behind a site says. Never a certificate
that is not checked.
"""

from __future__ import annotations

import json
from typing import Any

from tests.netns.world import World

GATEWAY = "203.0.113.10"


def curl(made: World, words: str, place: str = "internet", address: str = GATEWAY) -> str:
    """What curl prints; certificates are checked against the lab's own authority."""
    authority = made.lab.path("ca.pem").read_text()
    # The folder is that of this machine, and places of several labs have the same numbers for their processes.
    script = f"ca=$(mktemp) && cat > $ca <<'END'\n{authority}END\n"
    script += f"curl -sS --max-time 8 --cacert $ca --connect-to ::{address}: {words} 2>&1; rm -f $ca"
    return made.run(place, script).stdout.decode()


def answer(made: World, url: str, more: str = "", address: str = GATEWAY) -> dict[str, Any]:
    """What the stand-in behind a site says."""
    found: dict[str, Any] = json.loads(curl(made, f"{more} https://{url}", address=address))
    return found
