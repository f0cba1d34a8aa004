"""The safe repairs, carried out.

In: hosts and findings. Out: what was done where, and what did not work. Never a mend without a script: those are the
owner's to decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from warren.doctor.model import Finding, Level
from warren.hosts.base import Host, Unreachable

# Packages come over slow lines.
TIME_LIMIT = 600.0
WORTH = (Level.NOTE, Level.WARNING, Level.ERROR)


@dataclass(frozen=True, slots=True)
class Mended:
    """One repair; `trouble` is what the host said where it did not work."""

    host: str
    code: str
    command: str
    trouble: str | None = None


def mend(hosts: Mapping[str, Host], findings: Mapping[str, Iterable[Finding]]) -> tuple[Mended, ...]:
    """Every safe repair, one after the other on each host, all hosts at once."""
    with ThreadPoolExecutor(max_workers=max(1, len(findings))) as pool:
        done = pool.map(lambda name: _mend_host(hosts[name], findings[name]), findings)
        return tuple(each for host in done for each in host)


def _mend_host(host: Host, findings: Iterable[Finding]) -> list[Mended]:
    """The same repair is done once, whoever asks for it."""
    scripts: dict[str, Finding] = {}
    for each in findings:
        if each.level in WORTH and each.mend and each.mend.script:
            scripts.setdefault(each.mend.script, each)
    return [_carry_out(host, finding, script) for script, finding in scripts.items()]


def _carry_out(host: Host, finding: Finding, script: str) -> Mended:
    assert finding.mend is not None
    done = Mended(host.name, finding.code, finding.mend.command)
    try:
        result = host.run(script, timeout=TIME_LIMIT)
    except Unreachable as gone:
        return Mended(done.host, done.code, done.command, str(gone))
    if not result.code:
        return done
    said = (result.stderr or result.stdout).decode(errors="replace").strip().splitlines()
    return Mended(done.host, done.code, done.command, said[-1] if said else f"exit code {result.code}")
