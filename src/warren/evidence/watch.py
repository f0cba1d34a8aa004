"""Watching packets of one connection as they pass through the chains of hosts.

In: hosts and which packets. Out: the lines of nft's trace by host. What is added to a host is one table of our own,
which the kernel itself takes away when the process that owns it ends, however it ends. Never stops a packet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address

from warren.evidence.ask import Filter
from warren.formats.nft_trace import TraceLine, lines
from warren.hosts.base import Host, Unreachable

TABLE = "warren_trace"
FOLDER = "/run/warren"
HOOKS = ("prerouting", "input", "forward", "output", "postrouting")
# Before connection tracking and every filter, and behind all of them.
FIRST, LAST = -400, 400
# So many packets a second are watched: who watches a busy service must not slow it down.
RATE = 200
OUTER_RATE = 40
OUTER = f"limit rate {OUTER_RATE}/second burst {OUTER_RATE} packets"
# WireGuard's messages by their first byte: those of a handshake must be seen beside any amount of data.
HANDSHAKE, DATA = "@th,64,8 != 4", "@th,64,8 4"
# Ports of the host itself that nothing uses: discard, and the next one.
CANARY, LAST_CANARY = 9, 10
LIMIT = 30.0
READY_LIMIT = 3.0


@dataclass(slots=True)
class Watching:
    """Hosts that are being watched; `lines` are there once it has ended, `silent` are hosts that cannot be watched."""

    lines: dict[str, tuple[TraceLine, ...]] = field(default_factory=dict)
    silent: dict[str, str] = field(default_factory=dict)


@contextmanager
def watching(hosts: Mapping[str, Host], packets: Filter, token: str, limit: float = LIMIT) -> Iterator[Watching]:
    """Watch while the body runs; `token` tells this watch from others on the same host."""
    found = Watching()
    script = watch_script(packets, token, limit)
    with ThreadPoolExecutor(max_workers=max(1, 2 * len(hosts))) as pool:
        started = {name: pool.submit(run_watch, host, script, limit) for name, host in hosts.items()}
        try:
            each(pool, hosts, ready_script(token))
            yield found
        finally:
            each(pool, hosts, stop_script(token))
            for name, running in started.items():
                _collect(found, name, running)


def run_watch(host: Host, script: str, limit: float) -> tuple[str, str]:
    """A watch on one host, to its end: what it printed, and what went wrong."""
    result = host.run(script, timeout=limit + 10)
    return result.stdout.decode(errors="replace"), result.stderr.decode(errors="replace")


def each(pool: ThreadPoolExecutor, hosts: Mapping[str, Host], script: str) -> None:
    """A script on every host at once."""
    for running in [pool.submit(_try, host, script) for host in hosts.values()]:
        running.result()


def _try(host: Host, script: str) -> None:
    try:
        host.run(script, timeout=10)
    except Unreachable:
        return  # its watch says so


def _collect(found: Watching, name: str, running: Future[tuple[str, str]]) -> None:
    try:
        said, trouble = running.result()
    except Unreachable as gone:
        found.silent[name] = str(gone)
        return
    seen = tuple(lines(said))
    if any(line.header and line.header.dport == CANARY for line in seen):
        found.lines[name] = seen
    else:  # a watch that does not see our own packet says nothing about others
        found.silent[name] = (trouble.strip() or "nft shows no trace").splitlines()[-1]


def watch_script(packets: Filter, token: str, limit: float, patience: float | None = None) -> str:
    """Trace until the stop file goes, nobody has touched it for `patience` seconds, or the time is over."""
    stop = f"{FOLDER}/trace-{token}"
    commands = "\n".join(table_lines(packets, token))
    return f"""\
export LC_ALL=C
mkdir -p {FOLDER} && : > {stop}
trap 'rm -f {stop} {stop}.nft {stop}.out; nft delete table inet {TABLE}_{token} 2>/dev/null' EXIT HUP INT TERM PIPE
asked() {{ [ $(($(date +%s) - $(stat -c %Y {stop} 2>/dev/null || echo 0))) -le {patience or limit:.0f} ]; }}
cat > {stop}.nft <<'TRACE'
{commands}
monitor trace
TRACE
timeout -s KILL {limit:g} nft -i < {stop}.nft > {stop}.out &
while [ -e {stop} ] && asked && kill -0 $! 2>/dev/null; do sleep 0.05; done
kill $! 2>/dev/null
wait $! 2>/dev/null
cat {stop}.out
exit 0
"""


def table_lines(packets: Filter, token: str) -> Iterator[str]:
    """Our table: the first chains choose what to watch, the last ones show what came through."""
    table = f"inet {TABLE}_{token}"
    # A kernel before 5.12 does not know owners: there the table is ours to take away (see the trap).
    yield f"add table {table} {{ flags owner; }}"
    yield f"add table {table}"
    for hook in HOOKS:
        yield f"add chain {table} last_{hook} {{ type filter hook {hook} priority {LAST}; policy accept; }}"
    for hook in ("prerouting", "output"):
        yield f"add chain {table} first_{hook} {{ type filter hook {hook} priority {FIRST}; policy accept; }}"
        yield from (f"add rule {table} first_{hook} {rule}" for rule in rules(packets))
    canaries = f"{{ {CANARY}, {LAST_CANARY} }}"
    yield f"add rule {table} first_output ip daddr 127.0.0.1 udp dport {canaries} meta nftrace set 1"


def rules(packets: Filter) -> Iterator[str]:
    """Both directions of both families."""
    ports = f"{{ {', '.join(map(str, packets.ports))} }}"
    watched = f"limit rate {RATE}/second burst {RATE} packets meta nftrace set 1"
    for version, header in ((4, "ip"), (6, "ip6")):
        known = [address for address in packets.addresses if ip_address(address).version == version]
        addresses = f"{{ {', '.join(known)} }}"
        for port, address in (("dport", "daddr"), ("sport", "saddr")) if known else ():
            yield f"{packets.protocol} {port} {ports} {header} {address} {addresses} {watched}"
    for number in packets.tunnels:
        for port in ("dport", "sport"):
            yield from (f"udp {port} {number} {kind} {OUTER} meta nftrace set 1" for kind in (HANDSHAKE, DATA))


def ready_script(token: str) -> str:
    """Wait until a packet of our own was seen: only then nothing is missed."""
    return _until_seen(token, CANARY)


def stop_script(token: str) -> str:
    """Let the watch end, once the last packet of our own was seen: what came before it was written before it."""
    return f"{_until_seen(token, LAST_CANARY)}; rm -f {FOLDER}/trace-{token}"


def _until_seen(token: str, port: int) -> str:
    """Knock at a port of the host itself until the trace says so; that takes milliseconds."""
    seen = f"grep -q 'udp dport {port} ' {FOLDER}/trace-{token}.out 2>/dev/null"
    knock = f"bash -c 'echo > /dev/udp/127.0.0.1/{port}' 2>/dev/null"
    return f"i=0; until {seen} || [ $i -ge {int(READY_LIMIT / 0.02)} ]; do {knock}; sleep 0.02; i=$((i+1)); done"
