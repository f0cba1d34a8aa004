"""Real hosts as the ground of a verification: programs run on each host for the places that it holds.

In: carriers, and where each place is. Out: namespaces, surroundings and the prober's answers, as `probe.ground.Ground`
asks. Never installs anything: the prober comes as text, and where there is no python3 bash connects in its stead.
"""

from __future__ import annotations

import json
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from warren.hosts.base import Host, Unreachable
from warren.probe.ground import Address, Fault, Running, Segment, Surroundings

HERE = "internet"
LACKS = 97
AT_ONCE = 64
# Four processes a connection, where the prober needs none.
SLOWER = 4
PATIENCE = 5.0
# What bash says of a connection that is not made, in the words of the prober.
SAID = (
    ("refused", "refused"),
    ("reset", "reset"),
    ("no route", "unreachable"),
    ("unreachable", "unreachable"),
    ("cannot assign", "unreachable"),
    ("permission denied", "prohibited"),
    ("not permitted", "prohibited"),
)
ONE = (
    "case $6 in tcp) c=\"exec 3<>/dev/tcp/$3/$4\" ;; "
    "*) c=\"exec 3<>/dev/udp/$3/$4 && printf '$7' >&3 && sleep 0.25 && printf '$7' >&3 && exit 124\" ;; esac; "
    'said=$({ ${2:+ip netns exec $2} timeout $5 bash -c "$c"; } 2>&1 </dev/null); echo "$1 $? $(echo $said)"'
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """A `probe.ground.Ground`. `places` says for each place its host and its namespace there, empty for the host's own.

    The Internet is where this program runs, where `seen` has addresses for it: those with which it reaches gateways.
    Others in `seen` are hosts that are known to stand in the Internet with these. `near` runs programs outside, this
    machine itself where it is None.
    """

    hosts: Mapping[str, Host]
    places: Mapping[str, tuple[str, str]]
    seen: Mapping[str, tuple[Address, ...]] = field(default_factory=dict)
    near: Host | None = field(default=None)
    lans: Mapping[str, Segment] = field(default_factory=dict)
    neighbour_ports: tuple[int, ...] = ()

    def namespaces(self) -> Mapping[str, str]:
        """`HOST NAMESPACE`; both are empty for the place outside."""
        here = {HERE: " "} if self.seen.get(HERE) else {}
        return {**here, **{place: f"{host} {netns}" for place, (host, netns) in self.places.items()}}

    def surroundings(self) -> Surroundings:
        """Of a real LAN only those are known that are ours."""
        return Surroundings(seen=self.seen, lans=self.lans, neighbour_ports=self.neighbour_ports)

    def uplinks(self) -> Mapping[str, str]:
        """Routers of real homes are not ours to look into."""
        return {}

    def run_program(self, program: Path, stdin: bytes, timeout: float) -> bytes:
        """The probes of each host on that host, all hosts at once. Raises `Fault` and `Unreachable`."""
        plan = json.loads(stdin)
        parts: dict[str, list[dict[str, Any]]] = {}
        for probe in plan["probes"]:
            host, _, netns = probe["netns"].partition(" ")
            # What a real program makes of a line that it does not expect is its own affair: it connects, no more.
            # Datagrams are asked for only where hosts take them away in front of every program (see `lookout`).
            kept = probe["payload"] if probe["protocol"] == "udp" else ""
            parts.setdefault(host, []).append({**probe, "netns": netns, "payload": kept})
        with ThreadPoolExecutor(max_workers=max(1, len(parts))) as pool:
            found = pool.map(lambda host: self._part(host, program, parts[host], plan["window"], timeout), parts)
            return json.dumps({"results": [each for results in found for each in results]}).encode()

    def start_program(self, program: Path, first_line: bytes, stdout: BinaryIO | None = None) -> Running:
        """Nothing is watched on real hosts."""
        raise Fault(f"{program.name} runs in labs only")

    def _part(self, name: str, program: Path, probes: list[Any], window: int, timeout: float) -> list[Any]:
        host = self.hosts.get(name) or self.near
        plan = [{**each, "netns": f"/run/netns/{each['netns']}" if each["netns"] else ""} for each in probes]
        asked = json.dumps({"window": window, "probes": plan}).encode()
        if host is None:
            return _results(_run_here(program, asked, timeout), "this machine")
        # A namespace of root's own is entered by its first process.
        text = (
            f"command -v python3 >/dev/null || exit {LACKS}\nexec python3 -I -S -c {shlex.quote(program.read_text())}\n"
        )
        result = host.run(text, asked, timeout)
        if result.code != LACKS:
            if result.code:
                raise Fault(f"{name}: {_last(result.stderr)}")
            return _results(result.stdout, name)
        result = host.run(by_bash(probes), timeout=SLOWER * timeout)
        if result.code:
            raise Fault(f"{name} has neither python3 nor bash, by which packets could be sent: {_last(result.stderr)}")
        return list(read_bash(result.stdout.decode(errors="replace")))


def by_bash(probes: Iterable[Mapping[str, Any]]) -> str:
    """The same questions for a host without python3; of a datagram it is only known that it was sent, or why not."""
    rows = (" ".join(map(shlex.quote, _row(probe))) for probe in probes)
    listed = "\n".join(rows)
    return (
        f"export LC_ALL=C\ncommand -v bash >/dev/null && command -v xargs >/dev/null || exit {LACKS}\n"
        f"xargs -P {AT_ONCE} -n 7 sh -c {shlex.quote(ONE)} one <<'END'\n{listed}\nEND\nexit 0\n"
    )


def _row(probe: Mapping[str, Any]) -> tuple[str, ...]:
    octal = "".join(f"\\{byte:03o}" for byte in probe.get("payload", "").encode("latin-1"))
    name, port = str(probe["id"]), str(probe["port"])
    # Nothing is waited for once a datagram is sent: the time is for bash itself, on a host that has much to do.
    limit = f"{probe['timeout'] if probe['protocol'] == 'tcp' else max(PATIENCE, probe['timeout']):g}"
    return (name, probe["netns"], probe["address"], port, limit, probe["protocol"], octal)


def read_bash(text: str) -> Iterator[dict[str, Any]]:
    """`NUMBER CODE WORDS` a line, as the prober writes its results."""
    for line in text.splitlines():
        number, _, rest = line.partition(" ")
        code, _, words = rest.partition(" ")
        if number.isdigit() and code.isdigit():
            said = words.lower()
            error = None if code == "0" else next((word for part, word in SAID if part in said), "timeout")
            yield {"id": int(number), "answer": None, "error": error, "connected": code == "0", "ms": 0.0}


def ways_out(gateways: Iterable[Address]) -> tuple[Address, ...]:
    """The addresses by which this machine would reach others, one a family; no packet is sent."""
    found: dict[int, Address] = {}
    for address in gateways:
        family = socket.AF_INET if address.version == 4 else socket.AF_INET6
        with socket.socket(family, socket.SOCK_DGRAM) as asking:
            try:
                asking.connect((str(address), 9))
            except OSError:
                continue
            found.setdefault(address.version, type(address)(asking.getsockname()[0].partition("%")[0]))
    return tuple(found.values())


def _run_here(program: Path, stdin: bytes, timeout: float) -> bytes:
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", str(program)], input=stdin, capture_output=True, timeout=timeout, check=False
        )
    except subprocess.TimeoutExpired as late:
        raise Fault(f"{program.name} did not finish within {timeout:g} seconds") from late
    if done.returncode:
        raise Fault(f"{program.name} failed on this machine: {_last(done.stderr)}")
    return done.stdout


def _results(text: bytes, name: str) -> list[Any]:
    try:
        return list(json.loads(text)["results"])
    except (ValueError, KeyError, TypeError) as wrong:
        raise Unreachable(f"{name} did not say what came of the packets") from wrong


def _last(said: bytes) -> str:
    return (said.decode(errors="replace").strip() or "it gave no reason").splitlines()[-1]
