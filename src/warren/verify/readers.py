"""Who can read what comes by HTTPS: the host on which a name is decrypted.

In: what hosts hold and what they should hold. Out: a sentence for each name that is decrypted where it was not. Never
read from what was declared alone: the files of the entries say it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from warren.desired.items.file import File
from warren.desired.model import HostState, of_kind
from warren.topology import folders
from warren.topology.model import Topology

CADDYFILE = re.compile(rf"{re.escape(folders.FOLDER)}/[^/]+/Caddyfile")
# As `formats/caddy` begins a site.
SITE = re.compile(r"^https://(\S+) \{$", re.MULTILINE)


def readers(before: Mapping[str, HostState], after: Mapping[str, HostState], topology: Topology) -> tuple[str, ...]:
    """Each name once, with the host that can read along, and the gateway that cannot."""
    held = set(_read(before))
    return tuple(_sentence(name, host, topology) for name, host in sorted(set(_read(after)) - held))


def _read(states: Mapping[str, HostState]) -> Iterator[tuple[str, str]]:
    for host, state in states.items():
        for file in of_kind(state, File):
            if CADDYFILE.fullmatch(file.path):
                yield from ((name, host) for name in SITE.findall(file.content))


def _sentence(name: str, host: str, topology: Topology) -> str:
    at = {one.at for one in topology.https if one.name == name and topology.services[one.entry].host == host}
    if others := sorted(at - {host}):
        passes = "passes" if len(others) == 1 else "pass"
        return f"https://{name}: read on {host} only; {', '.join(others)} {passes} it on"
    return f"https://{name}: read on {host}"
