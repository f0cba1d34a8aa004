"""Names: none has two meanings, and none is somebody else's.

In: a spec. Out: diagnostics. Never looks at the letters of a name: its type did.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.basis import names as basis
from warren.basis.diagnostic import Diagnostic, error
from warren.spec.model import Spec
from warren.spec.reference import Directory

KINDS = (("host", "hosts"), ("service", "services"), ("group", "groups"))


def names(spec: Spec, _: Directory) -> Iterator[Diagnostic]:
    """Everything that is wrong with names."""
    yield from _twice(spec)
    for name in spec.services:
        if sentence := basis.why_not_user(name):
            summary = f"a service is a user of its name, and {sentence}"
            yield error("system-user", summary, spec.place("services", name, key=True), f"call it `{name}-server`"[:40])
        if basis.is_networks_own(name):
            summary = f"`{name}` is what the network calls a service of its own"
            yield error("bad-name", summary, spec.place("services", name, key=True), f"call it `{name}-server`"[:40])
    for name in spec.groups:
        if name in basis.RESERVED:
            summary = f"`{name}` cannot name a group: the word has a meaning of its own"
            yield error("bad-name", summary, spec.place("groups", name, key=True))
    for name, host in spec.hosts.items():
        if "lan" in host.programs:
            place = spec.place("hosts", name, "programs", "lan", key=True)
            yield error("bad-name", f"a program cannot be called `lan`: `{name}.lan` is the host's LAN", place)


def _twice(spec: Spec) -> Iterator[Diagnostic]:
    first: dict[str, tuple[str, str]] = {}
    for kind, section in KINDS:
        for name in getattr(spec, section):
            if name not in first:
                first[name] = (kind, section)
                continue
            other, where = first[name]
            place, related = spec.place(section, name, key=True), spec.place(where, name, key=True)
            summary = f"`{name}` is a {other} and a {kind}; every name has one meaning"
            yield error("name-twice", summary, place, None, *filter(None, [related]))
