"""How an operator comes to the machines of a lab: by real ssh, from a place of the lab's own network.

In: a topology, its chart, the processes that hold its places. Out: a configuration for OpenSSH. Never uses the caller's
own keys, agent or configuration.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from warren.hosts.ssh import SshHost, Target
from warren.lab import inside
from warren.lab.chart import Chart
from warren.lab.draw import place_tag
from warren.spec.notation import SSH
from warren.topology.model import Host, Topology

KEY = "ssh_key"
CONFIG, KNOWN, LOGINS = "ssh_config", "known_hosts", "logins.json"
ROOT, ORDINARY, PORT = "root", "admin", 22


@dataclass(frozen=True, slots=True)
class Login:
    """Who logs in where; `place` is where the operator sits, as long as no other host leads there."""

    user: str
    address: str
    port: int
    place: str
    via: str | None = None


def logins(topology: Topology, chart: Chart) -> dict[str, Login]:
    """A login for each host, as the file wishes it."""
    return {host.name: _login(host, topology, chart) for host in topology.hosts.values()}


def _login(host: Host, topology: Topology, chart: Chart) -> Login:
    """From outside to a gateway; to a host at home from its LAN, or by way of the host that the file names."""
    wish = SSH.match(host.ssh or "")
    user = ((wish and wish["user"]) or f"{ROOT}@").rstrip("@")
    seats = [seat for site in chart.ground.sites for seat in site.seats if seat.host == host.name]
    own = [str(address) for address in host.public] or [str(seats[0].addresses[0].ip)]
    place = "internet" if host.public else seats[0].neighbour
    named = wish and (wish["six"] or wish["bare"] or wish["host"])
    if host.ssh_via:
        own = [str(host.addresses.v4), *own]
    known = {*own, *(str(interface.ip) for seat in seats for interface in seat.addresses), *map(str, host.addresses)}
    address = named if named in known else own[0]
    # A machine knows root and one ordinary user who may become root.
    return Login(ROOT if user == ROOT else ORDINARY, str(address), port(host), place, host.ssh_via)


def port(host: Host) -> int:
    """Where the host's ssh listens."""
    wish = SSH.match(host.ssh or "")
    return int(wish["port"]) if wish and wish["port"] else PORT


def write(files: Path, found: Mapping[str, Login], anchors: Mapping[str, int]) -> None:
    """Keep all that ssh needs among the lab's files."""
    (files / CONFIG).write_text(config(files, found, anchors))
    (files / KNOWN).write_text("".join(f"{name} {(files / host_key(name)).read_text()}" for name in found))
    (files / LOGINS).write_text(json.dumps({name: asdict(login) for name, login in found.items()}))


def host_key(host: str) -> str:
    """The file of a machine's public key."""
    return f"ssh_host_{host}.pub"


def config(files: Path, found: Mapping[str, Login], anchors: Mapping[str, int]) -> str:
    """A configuration of OpenSSH in which every machine has its own name."""
    return "".join(_section(files, name, login, anchors) for name, login in found.items())


def _section(files: Path, name: str, login: Login, anchors: Mapping[str, int]) -> str:
    namespace = f"/proc/{anchors[place_tag(login.place)]}/ns/net"
    way = shlex.join([*inside.command("machines.reach", namespace), "%h", "%p"])
    return f"""\
Host {name}
    HostName {login.address}
    HostKeyAlias {name}
    Port {login.port}
    User {login.user}
    IdentityFile {files / KEY}
    IdentitiesOnly yes
    IdentityAgent none
    UserKnownHostsFile {files / KNOWN}
    GlobalKnownHostsFile none
    ProxyCommand {way}
    ProxyUseFdpass yes
"""


def carrier(files: Path, name: str) -> SshHost:
    """The machine as any host that is reached by ssh."""
    return SshHost(_target(files, name, json.loads((files / LOGINS).read_text())))


def _target(files: Path, name: str, known: Mapping[str, Mapping[str, str | None]]) -> Target:
    via = known[name]["via"]
    return Target(name, f"{known[name]['user']}@{name}", _target(files, via, known) if via else None, files / CONFIG)
