"""The programs that the network runs for itself, in a plain lab: the real ones, with the very files of a host.

In: a topology, and carriers of scripts to its hosts. Out: running programs; sentences about those that do not run.
Never starts what runs already in the same namespace: one whose files changed is told to read them again.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

from warren.hosts.base import Host
from warren.topology import folders
from warren.topology.model import Role, Service, Topology
from warren.topology.workload import PlainUnit

RELOAD, BEFORE = "ExecReload=", "ExecStartPre="
START_LIMIT = 30.0

# What the host's systemd would do: its folder, its namespace, its process, and whether its files are new.
WORDS = """\
set -u
own() { echo "/run/lab/$1"; }
number() { stat -Lc %i "$1" 2>/dev/null; }
running() { p=$(cat "$(own "$1")/pid" 2>/dev/null) && [ "$(number "/proc/$p/ns/net")" = "$(number "/run/netns/$2")" ]; }
printed() { cat "/etc/warren/$1"/* 2>/dev/null | sha256sum; }
note() { printed "$1" > "$(own "$1")/files"; }
known() { [ "$(printed "$1")" = "$(cat "$(own "$1")/files" 2>/dev/null)" ]; }
# The kernel's list has ports in hexadecimal and 0A for what listens (proc(5), /proc/net/tcp).
listens() { grep -qs ":$2 [0-9A-F:]* 0A " "/proc/$1/net/tcp" "/proc/$1/net/tcp6"; }
up() { i=0; while [ $i -lt 100 ] && kill -0 "$1" 2>/dev/null && ! listens "$1" "$2"; do sleep 0.05; i=$((i+1)); done; }
# What was said of an error, or else the last word.
why() { { grep -i '"level":"error"\\|^error' "$(own "$1")/log" || cat "$(own "$1")/log"; } | tail -n 1; }
gone() { p=$(cat "$(own "$1")/pid" 2>/dev/null) && kill "$p" 2>/dev/null; :; }
"""


def run(hosts: Mapping[str, Host], topology: Topology) -> tuple[str, ...]:
    """Have every program of the network run as its files say now; returns what went wrong.

    Gateways first, as on real hosts: what asks for a certificate is asked back through them.
    """
    texts = {name: script(own(topology, name)) for name in hosts if own(topology, name)}
    gateways = [name for name in texts if topology.hosts[name].is_gateway]
    return tuple(
        line
        for wave in (gateways, [name for name in texts if name not in gateways])
        for line in _at_once(hosts, {name: texts[name] for name in wave})
    )


def _at_once(hosts: Mapping[str, Host], texts: Mapping[str, str]) -> Iterator[str]:
    with ThreadPoolExecutor(max_workers=max(1, len(texts))) as pool:
        for lines in pool.map(lambda name: _run(hosts[name], texts[name]), texts):
            yield from lines


def own(topology: Topology, host: str) -> tuple[Service, ...]:
    """The services of a host that nobody declared."""
    return tuple(each for each in topology.services_of(host) if each.role is not Role.DECLARED)


def script(services: Iterable[Service]) -> str:
    """Starts, or tells to read again, each of them."""
    return WORDS + "\n".join(line for each in services for line in _lines(each)) + "\n"


def _lines(service: Service) -> Iterator[str]:
    name = shlex.quote(service.name)
    yield f"[ -e /run/netns/{name} ] || {{ echo {name}: its namespace is missing; exit 0; }}"
    yield f"mkdir -p {folders.running(service.name, service.uid)} {folders.kept(service.name)}"
    for unit in service.workload.plain if service.workload else ():
        yield from _program(service, unit)


def _program(service: Service, unit: PlainUnit) -> Iterator[str]:
    name, inside = shlex.quote(unit.unit), f"ip netns exec {shlex.quote(service.netns)}"
    reload = next((line.removeprefix(RELOAD) for line in unit.raw if line.startswith(RELOAD)), "false")
    told = f"MAINPID=$(cat /run/lab/{name}/pid) {inside} {reload}"
    yield f"mkdir -p /run/lab/{name}"
    yield f"if running {name} {shlex.quote(service.netns)}; then"
    yield f"  known {name} || {told} >>/run/lab/{name}/log 2>&1 || echo {name} refused its new files"
    yield "else"
    command = f"{_environment(unit.environment)}setsid {inside} {shlex.join(unit.command)}"
    for line in unit.raw:
        if line.startswith(BEFORE):
            yield f"  {inside} {line.removeprefix(BEFORE)} >>/run/lab/{name}/log 2>&1 || :"
    yield f"  gone {name}; {command} >>/run/lab/{name}/log 2>&1 &"
    yield f"  echo $! > /run/lab/{name}/pid; up $! {service.ports[0].ports.first:04X}"
    yield "fi"
    yield f"note {name}"
    yield f"kill -0 $(cat /run/lab/{name}/pid) 2>/dev/null || echo {name} ended: $(why {name})"


def _environment(pairs: Iterable[tuple[str, str]]) -> str:
    return "".join(f"{key}={shlex.quote(value)} " for key, value in pairs)


def _run(host: Host, text: str) -> list[str]:
    result = host.run(text, timeout=START_LIMIT)
    return [line for line in result.stdout.decode(errors="replace").splitlines() if line]
