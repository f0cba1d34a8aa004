"""Following a live connection: the lines of traces as they come.

In: hosts, which packets, for how long. Out: lines by host, some at a time. What is added to a host ends with its
reader: one that does not come back within seconds is taken for gone. Never sends a packet of the connection.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from warren.evidence.ask import Filter
from warren.evidence.watch import FOLDER, each, ready_script, run_watch, stop_script, watch_script
from warren.formats.nft_trace import TraceLine, lines
from warren.hosts.base import Host, Unreachable

PAUSE = 0.25
# A reader comes back every PAUSE; one that has not for so long does not come back.
PATIENCE = 3.0


@dataclass(slots=True)
class Reader:
    """How far the trace of one host was read."""

    host: Host
    offset: int = 0
    rest: bytes = field(default=b"")

    def read(self, token: str) -> tuple[TraceLine, ...]:
        """What is new; a line that is not whole yet waits for its end."""
        try:
            said = self.host.run(read_script(token, self.offset), timeout=10).stdout
        except Unreachable:
            return ()
        self.offset += len(said)
        whole, newline, self.rest = (self.rest + said).rpartition(b"\n")
        return tuple(lines((whole + newline).decode(errors="replace")))


def read_script(token: str, offset: int) -> str:
    """Print what came after so many bytes, and say that somebody still reads."""
    stop = f"{FOLDER}/trace-{token}"
    return f"[ -e {stop} ] || exit 0; touch {stop}; tail -c +{offset + 1} {stop}.out 2>/dev/null || :\n"


def follow(
    hosts: Mapping[str, Host],
    packets: Filter,
    token: str,
    seconds: float,
    begin: Callable[[], object] = lambda: None,
) -> Iterator[tuple[str, tuple[TraceLine, ...]]]:
    """The lines of every host as they come, until the time is over or nobody takes them any more.

    `begin` is called once every host is watched, beside the reading.
    """
    readers = {name: Reader(host) for name, host in hosts.items()}
    limit = seconds + 2 * PATIENCE
    script = watch_script(packets, token, limit, PATIENCE)
    with ThreadPoolExecutor(max_workers=2 * len(hosts) + 1) as pool:
        for host in hosts.values():
            pool.submit(run_watch, host, script, limit)
        try:
            each(pool, hosts, ready_script(token))
            pool.submit(begin)
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                time.sleep(PAUSE)
                found = [(name, pool.submit(reader.read, token)) for name, reader in readers.items()]
                yield from ((name, running.result()) for name, running in found)
        finally:
            each(pool, hosts, stop_script(token))
