"""Users of services against the users that are there.

In: a patient. Out: findings. Never judges a user that an earlier apply made: its number is that of the file's ledger.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.doctor.model import Finding, Mend, Patient, block, ok, warning


def users(patient: Patient) -> Iterator[Finding]:
    """Names and numbers that somebody else has."""
    there = list(_there(patient))
    if not there:
        return
    numbers, names = dict(there), {number: name for name, number in reversed(there)}
    clashes = 0
    for service in patient.topology.services_of(patient.name):
        for summary in _clashes(service.name, service.uid, numbers, names):
            clashes += 1
            yield block("user-taken", summary, _mend(service.name), service.place)
    if not clashes:
        yield ok("users", "no user stands in the way of a service")


def _there(patient: Patient) -> Iterator[tuple[str, int]]:
    for line in patient.survey.lines("users"):
        name, _, rest = line.partition(":")
        number = rest.partition(":")[0]
        if number.isdigit():
            yield name, int(number)


def _clashes(name: str, uid: int, numbers: dict[str, int], names: dict[int, str]) -> Iterator[str]:
    """`uid` 0 is a service whose number is not given by us."""
    if not uid:
        return
    if name in numbers and numbers[name] != uid:
        yield f"a user `{name}` is there already with number {numbers[name]}, and the service of that name has {uid}"
    elif names.get(uid, name) != name:
        yield f"number {uid} of service `{name}` belongs to user `{names[uid]}` there"


def _mend(name: str) -> Mend:
    return Mend(f"rename the service `{name}` in the file, or remove the user that is in its way")


def subids(patient: Patient) -> Iterator[Finding]:
    """Ranges of subordinate ids of two users that share numbers: one could touch the other's files."""
    for kind in ("subuid", "subgid"):
        ranges = sorted(_ranges(patient, kind))
        for (first, count, one), (second, _, other) in zip(ranges, ranges[1:], strict=False):
            if one != other and second < first + count:
                summary = f"`{one}` and `{other}` share numbers from {second} on in /etc/{kind}"
                yield warning("subids-overlap", summary, Mend(f"give one of them another range in /etc/{kind}"))


def _ranges(patient: Patient, kind: str) -> Iterator[tuple[int, int, str]]:
    for line in patient.survey.lines("subids"):
        words = line.split(":")
        if len(words) == 4 and words[0] == kind and words[2].isdigit() and words[3].isdigit():
            yield int(words[2]), int(words[3]), words[1]
