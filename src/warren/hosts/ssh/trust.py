"""Whether a host is trusted, with what its owner needs to decide.

In: a target. Out: the key that it shows; where that is not the one that is known, a sentence with its fingerprint and
the command that trusts it. Never trusts by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from warren.hosts.base import Unreachable
from warren.hosts.ssh import keys
from warren.hosts.ssh.session import Lost
from warren.hosts.ssh.target import Target
from warren.hosts.ssh.words import Trouble, trouble


@dataclass(frozen=True, slots=True)
class Shown:
    """The key that a host shows now, and those that it was trusted by before."""

    key: keys.HostKey
    before: tuple[keys.HostKey, ...]

    @property
    def is_known(self) -> bool:
        """Whether there is nothing to decide."""
        return self.before == (self.key,)


def look(target: Target) -> Shown:
    """What a host shows, with what was trusted. Raises `Unreachable`."""
    informed = keys.informed(target)
    key, said = keys.ask(informed)
    if key is None:
        raise explained(informed, trouble(informed, Lost(said, late=not said), keys.LOOK_SECONDS))
    pinned = keys.pinned(target.pins) if target.pins else []
    return Shown(key, tuple(each for each in pinned if each.place == key.place))


def explained(target: Target, found: Trouble) -> Unreachable:
    """The sentence of a trouble; where it is about a host key, with the key that is shown now."""
    if (place := found.unknown if found.unknown is not None else found.changed) is None:
        return found.unreachable
    culprit = whose(target, place)
    key = keys.offered(culprit)
    return changed(culprit, key) if found.changed is not None else unknown(culprit, key)


def unknown(target: Target, key: keys.HostKey | None) -> Unreachable:
    """A first contact."""
    shown = f": it shows {key.kind} {key.fingerprint}" if key else ""
    return Unreachable(
        f"the key of {target.name} is not known yet{shown}; `warren trust {target.name}` remembers it",
        "compare it first with what its console or its provider says",
    )


def changed(target: Target, key: keys.HostKey | None) -> Unreachable:
    """Another key than the one that was trusted."""
    shown = f": it shows {key.kind} {key.fingerprint} now" if key else ""
    return Unreachable(
        f"{target.name} does not show the key that it is known by{shown}; somebody may stand between you and it",
        f"if it was installed anew, and its console says the same: `warren trust {target.name}`",
    )


def whose(target: Target, place: str) -> Target:
    """The host on the way to the target that ssh calls by this place; the target itself where none is."""
    return next((each for each in chain(target) if place and place in places(each)), target)


def chain(target: Target) -> Iterator[Target]:
    """The target and the hosts that lead there."""
    yield target
    if target.via:
        yield from chain(target.via)


def places(target: Target) -> set[str]:
    """By what names ssh may know a target's key."""
    try:
        said = keys.settings(target)
    except Unreachable:
        return set()
    hosts = {said.get("hostkeyalias", ""), said.get("hostname", "")} - {""}
    return hosts | {f"[{host}]:{said.get('port', '22')}" for host in hosts}
