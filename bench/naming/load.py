"""Questions and requests in bursts, and what came of them.

In: a lab, the place of the client and whom it asks. Out: so many a second, and their times. Never a figure from a
burst of which too much was lost.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from statistics import quantiles

from bench import quiet
from bench.naming.cost import spent
from warren.lab.lab import Lab

# The client on one core, the server where it likes: between two that share one, the scheduler would be measured.
PINNED = "taskset --cpu-list 0 " if shutil.which("taskset") and (os.cpu_count() or 1) > 1 else ""


@dataclass(frozen=True, slots=True)
class Load:
    """What a burst found: so many a second, the milliseconds of the median and of the slowest hundredth, and the
    microseconds of a processor that the server took for each of so many.
    """

    rate: float
    median: float
    slow: float
    number: int
    cost: float = 0.0


Measure = Callable[[], Load]


def rounds(ways: Mapping[str, Measure], number: int) -> dict[str, list[Load]]:
    """Every way in every round, in turns."""
    found: dict[str, list[Load]] = {name: [] for name in ways}
    for count in range(number):
        for name in list(ways) if count % 2 == 0 else list(ways)[::-1]:
            quiet.wait()
            found[name].append(ways[name]())
    return found


def counted(lab: Lab, program: str, measure: Measure) -> Load:
    """What a measure finds, with what it cost a program, which is known by a word of its command line."""
    before = spent(lab, program)
    found = measure()
    return replace(found, cost=(spent(lab, program) - before) / found.number)


def asked(lab: Lab, place: str, server: str, names: Iterable[str], calm: int) -> Load:
    """As many questions as are answered, then a second of so many, whose times are taken: none waits for another."""
    listed = "".join(f"{name} A\n" for name in names)
    first = f"{PINNED}dnsperf -s {server} -d $f -l 1 -c 4"
    # New names are new only once: the calm ones are those at the end.
    text = f"f=$(mktemp); cat > $f; {first}; tail -n {2 * calm} $f > $f.end; mv $f.end $f; {first} -Q {calm} -v; rm $f"
    return questions(speak(lab, place, text, listed))


def questions(said: str) -> Load:
    """What dnsperf says of a full burst and a calm one."""
    rate, _ = (float(one) for one in re.findall(r"Queries per second:\s+([0-9.]+)", said))
    for sent, lost in zip(*(re.findall(rf"Queries {word}:\s+(\d+)", said) for word in ("sent", "lost")), strict=True):
        if int(lost) > int(sent) / 50:
            raise RuntimeError(f"too few answers: {said[-300:]}")
    times = [float(one) * 1000 for one in re.findall(r"^> \S+ \S+ A ([0-9.]+)$", said, re.MULTILINE)]
    return _load(rate, times, sum(map(int, re.findall(r"Queries completed:\s+(\d+)", said))))


def visited(lab: Lab, address: str, port: int, name: str, count: int, option: str) -> Load:
    """So many requests of 16 clients, one after the other for each."""
    to = f"--connect-to={address}:{port}"
    words = f"h2load {option} -n {count} -c 16 -m 1 {to} --log-file=$f https://{name}/"
    said = speak(lab, "internet", f"f=$(mktemp -u); {words}; echo; cut -f3 $f; rm -f $f")
    return requests(said, count)


def requests(said: str, count: int) -> Load:
    """What h2load says, and the last column of its log: the microseconds of each request."""
    found = re.search(r"finished in [^,]+, ([0-9.]+) req/s", said)
    if not found or f"{count} succeeded" not in said:
        raise RuntimeError(f"not all requests succeeded: {said[-300:]}")
    return _load(float(found[1]), [int(line) / 1000 for line in said.splitlines() if line.isdigit()], count)


def _load(rate: float, times: list[float], number: int) -> Load:
    if len(times) < 2 or not number:
        raise RuntimeError("no times were told")
    cuts = quantiles(times, n=100)
    return Load(rate, cuts[49], cuts[98], number)


def speak(lab: Lab, place: str, script: str, stdin: str = "") -> str:
    """What a script says at a place; one that fails is raised with its own words."""
    done = lab.run(place, "sh", "-c", script, stdin=stdin.encode(), timeout=120)
    if done.code:
        raise RuntimeError(f"{place}: {done.stderr.decode(errors='replace').strip() or done.code}")
    return done.stdout.decode(errors="replace")
