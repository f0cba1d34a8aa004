"""Passing on: where a gateway tells connections apart by their name and hands them on unread.

In: the sites of the file. Out: who passes what on to whom, and by which ports. Never a site that is read on the way.

A gateway whose names are decrypted in several places has HAProxy in its entry, and so has every entry that it passes
connections on to: there it takes them with the client's address, which Caddy then sees as that of its own peer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from warren.basis.ports import Ports, Protocol
from warren.topology import folders
from warren.topology.implied import entry_name
from warren.topology.ledger import HostEntry
from warren.topology.model import HttpsExposure, Port, Topology
from warren.topology.workload import PlainUnit

# Beside those of Caddy, which visitors from inside ask as ever.
NAMES, PLAIN = Ports(8443, 8443), Ports(8080, 8080)
PASSING_PORTS = (Port("names", Protocol.TCP, NAMES), Port("plain", Protocol.TCP, PLAIN))
PASSED_PORT = Port("passed", Protocol.TCP, NAMES)
PROGRAM = "/usr/sbin/haproxy"
FILE = "haproxy.cfg"


def passed_on(sites: Iterable[HttpsExposure], hosts: Mapping[str, HostEntry]) -> tuple[HttpsExposure, ...]:
    """The sites, each with who passes it on: nobody where all names of a gateway are decrypted in one place."""
    sites = tuple(sites)
    entries: dict[str, set[str]] = {}
    for one in sites:
        entries.setdefault(one.at, set()).add(one.entry)
    own = {at: entry_name(hosts, at, at) for at in entries}
    return tuple(
        replace(one, passer=own[one.at]) if len(entries[one.at]) > 1 and one.entry != own[one.at] else one
        for one in sites
    )


def passes(topology: Topology, entry: str) -> bool:
    """Whether an entry passes connections on."""
    return any(one.passer == entry for one in topology.https)


def passer_of(topology: Topology, entry: str) -> str | None:
    """The entry that passes connections on to this one."""
    return next((one.passer for one in topology.https if one.entry == entry and one.passer), None)


def is_reader(topology: Topology, entry: str) -> bool:
    """Whether an entry decrypts anything itself."""
    return any(one.entry == entry for one in topology.https)


def names_by_reader(topology: Topology, passer: str) -> dict[str, tuple[str, ...]]:
    """The names that a passing entry knows, under the entries that decrypt them; its own are among them."""
    found: dict[str, dict[str, None]] = {}
    for one in topology.https:
        if passer in (one.passer, one.entry):
            found.setdefault(one.entry, {})[one.name] = None
    return {entry: tuple(names) for entry, names in found.items()}


def unit_name(entry: str) -> str:
    """The name of HAProxy's unit in an entry."""
    return f"{entry}-names"


def passing_unit(entry: str) -> PlainUnit:
    """HAProxy with a master, which takes a change without a lost connection: its old workers end with theirs.

    A file that it refuses is not read at all (haproxy(1), -c; management guide, 4).
    """
    conf = f"{folders.told(unit_name(entry))}/{FILE}"
    reload = f"{PROGRAM} -q -c -f {conf} && kill -USR2 $MAINPID"
    return PlainUnit(
        unit=unit_name(entry),
        command=(PROGRAM, "-W", "-f", conf),
        raw=("KillMode=mixed", f"ExecReload=/bin/sh -c '{reload}'"),
    )
