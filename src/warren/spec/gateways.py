"""Which gateways there are and who dials them, as far as the file alone says it.

In: a spec. Out: names. Never looks at addresses.
"""

from __future__ import annotations

from collections.abc import Mapping

from warren.spec.model import Spec


def gateway_names(spec: Spec) -> tuple[str, ...]:
    """The hosts with public addresses, in the order of the file."""
    return tuple(name for name, host in spec.hosts.items() if host.public)


def dials(spec: Spec, name: str) -> tuple[str, ...]:
    """The gateways that a host dials: those it names, else all, and never itself."""
    named = spec.hosts[name].gateways
    if named is None:
        return tuple(gateway for gateway in gateway_names(spec) if gateway != name)
    return tuple(one for one in dict.fromkeys(named) if one != name and one in spec.hosts and spec.hosts[one].public)


def is_joined(spec: Spec, one: str, other: str) -> bool:
    """Whether packets of the network can go from one host to the other."""
    return are_joined({name: frozenset(dials(spec, name)) for name in (one, other)}, one, other)


def are_joined(dialled: Mapping[str, frozenset[str]], one: str, other: str) -> bool:
    """The same where it is known already who dials whom."""
    ones, others = dialled[one], dialled[other]
    return one == other or one in others or other in ones or not ones.isdisjoint(others)
