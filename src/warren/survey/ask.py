"""What hosts say of themselves, in one round trip each.

In: hosts. Out: surveys, or why there is none. Never changes a host: what must be tried is tried in a namespace that
ends with the trial.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

from warren.doctor.model import Survey
from warren.doctor.script import SECTIONS, script, sections
from warren.hosts.base import Host, Unreachable


def survey(hosts: Mapping[str, Host]) -> dict[str, Survey | str]:
    """All hosts at once; a sentence for each that does not answer."""
    with ThreadPoolExecutor(max_workers=max(1, len(hosts))) as pool:
        return dict(zip(hosts, pool.map(_survey, hosts.values()), strict=True))


def _survey(host: Host) -> Survey | str:
    try:
        return survey_host(host)
    except Unreachable as gone:
        return str(gone)


def survey_host(host: Host, wanted: Iterable[str] = SECTIONS) -> Survey:
    """One host; `wanted` are sections of `doctor.script`. Raises `Unreachable`."""
    began = time.time()
    result = host.run(script(wanted))
    ended = time.time()
    found = sections(result.stdout.decode(errors="replace"))
    if found is None:
        said = result.stderr.decode(errors="replace").strip().splitlines()
        raise Unreachable(f"{host.name} could not describe itself: {said[-1] if said else 'its answer was cut off'}")
    survey = Survey(found)
    return Survey(found, skew(survey.pairs("clock").get("now", ""), began, ended))


def skew(now: str, began: float, ended: float) -> float:
    """Seconds by which a clock that said `now` at some time between is certainly ahead of ours."""
    if not now.isdigit():
        return 0.0
    earliest, latest = int(now) - ended, int(now) + 1 - began
    return 0.0 if earliest <= 0 <= latest else earliest if earliest > 0 else latest
