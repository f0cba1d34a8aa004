"""Groups and expectations: words that stand for services.

In: a spec. Out: diagnostics. Never judges whether an expectation holds.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.basis.diagnostic import Diagnostic, error
from warren.spec.expecting import sides
from warren.spec.model import Spec
from warren.spec.reference import Directory, closest

# Places and ports on both sides of all lines together.
MOST_EXPECTED = 500_000


def groups(spec: Spec, directory: Directory) -> Iterator[Diagnostic]:
    """Everything that is wrong with groups and with the words of `expect`."""
    for name, members in spec.groups.items():
        for index, member in enumerate(members):
            if member not in spec.services and member not in spec.groups:
                what = "is a host, and a group holds services" if member in spec.hosts else "is no service or group"
                hint = closest(member, (*spec.services, *spec.groups))
                place = spec.place("groups", name, index)
                yield error("unknown-member", f"`{member}` in the group `{name}` {what}", place, hint)
        if not members:
            yield error("empty-group", f"the group `{name}` is empty", spec.place("groups", name, key=True))
    yield from _cycles(spec)
    yield from _expectations(spec, directory)


def _cycles(spec: Spec) -> Iterator[Diagnostic]:
    done: set[str] = set()
    for start in spec.groups:
        # `path` is in order and tells in one step whether a group is on it.
        path: dict[str, Iterator[str]] = {start: iter(spec.groups[start])} if start not in done else {}
        while path:
            name, words = next(reversed(path.items()))
            inner = next((word for word in words if word in spec.groups and word not in done), None)
            if inner is None:
                done.add(name)
                path.popitem()
            elif inner in path:
                circle = [*list(path)[list(path).index(inner) :], inner]
                shown = " -> ".join(circle if len(circle) < 8 else [*circle[:6], "...", inner])
                yield error("group-cycle", f"groups hold each other: {shown}", spec.place("groups", name, key=True))
            else:
                path[inner] = iter(spec.groups[inner])


def _expectations(spec: Spec, directory: Directory) -> Iterator[Diagnostic]:
    total = 0
    for index, line in enumerate(spec.expect):
        found = sides(directory, line)
        if isinstance(found, tuple):
            for problem in found:
                yield error(problem.code, problem.sentence, spec.place("expect", index), problem.hint)
            continue
        total += len(found.sources) + len(found.goals)
        if total > MOST_EXPECTED:
            summary = f"the lines up to here speak of more than {MOST_EXPECTED:,} places and ports"
            yield error("too-many", summary, spec.place("expect", index))
            return
