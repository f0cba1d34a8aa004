"""Packets to a tunnel's port, counted where they arrive.

In: hosts and a topology. Out: findings by gateway. Never uses the tunnel itself: it need not be there yet, and its port
is tried whether it is or not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

from warren.doctor.model import Finding
from warren.doctor.reach import Counted, Trial, counted, counting, judge, sending, trials
from warren.hosts.base import Host, Result, Unreachable
from warren.topology.model import Topology

TIME_LIMIT = 40.0


def reach(
    hosts: Mapping[str, Host], topology: Topology, patients: Collection[str] | None = None
) -> dict[str, tuple[Finding, ...]]:
    """Every gateway from every host that dials it, all at once; only tunnels of `patients` where they are given."""
    held = tuple(each for each in trials(topology, hosts) if _concerns(each, patients))
    if not held:
        return {}
    by_gateway = _grouped(held, lambda trial: trial.tunnel.gateway)
    by_dialer = _grouped(held, lambda trial: trial.tunnel.dialer)
    with ThreadPoolExecutor(max_workers=len(by_gateway) + len(by_dialer)) as pool:
        ears = {name: pool.submit(_run, hosts[name], counting(given)) for name, given in by_gateway.items()}
        mouths = {name: pool.submit(_run, hosts[name], sending(given)) for name, given in by_dialer.items()}
        silent = [name for name, each in mouths.items() if each.result() is None]
        lacking = [name for name, each in mouths.items() if (said := each.result()) and b"lacking" in said.stdout]
        seen = _seen(ears, by_gateway)
    return judge({trial: None if trial.tunnel.dialer in silent else seen[trial] for trial in held}, lacking)


def _concerns(trial: Trial, patients: Collection[str] | None) -> bool:
    return patients is None or trial.tunnel.gateway in patients or trial.tunnel.dialer in patients


def _grouped(held: tuple[Trial, ...], key: Callable[[Trial], str]) -> dict[str, list[Trial]]:
    groups: dict[str, list[Trial]] = {}
    for trial in held:
        groups.setdefault(key(trial), []).append(trial)
    return groups


def _run(host: Host, script: str) -> Result | None:
    try:
        return host.run(script, timeout=TIME_LIMIT)
    except Unreachable:
        return None


def _seen(
    ears: Mapping[str, Future[Result | None]], by_gateway: Mapping[str, list[Trial]]
) -> dict[Trial, Counted | None]:
    """A gateway that could not count has seen nothing that it could tell of."""
    seen: dict[Trial, Counted | None] = {}
    for name, given in by_gateway.items():
        result = ears[name].result()
        failed = result is None or result.code != 0
        seen.update(dict.fromkeys(given) if failed or result is None else counted(result.stdout.decode(), given))
    return seen
