"""What was allocated, so that nothing ever moves: the text of warren.lock.

In: the text beside the user's file, or none. Out: a frozen `Ledger`, and its text with sorted keys, so that
two branches of a repository merge. Never allocates: `passes/allocate` does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field

from warren.basis.diagnostic import Diagnostic, Place, Refused, error

VERSION = 1
BLOCK = 256
HINT = "take it from your version control; without it every address may change"


@dataclass(frozen=True, slots=True)
class HostEntry:
    """A host's number, its /24 blocks as indexes into the network's prefix, and its tunnel port."""

    number: int
    blocks: tuple[int, ...]
    tunnel_port: int


@dataclass(frozen=True, slots=True)
class ServiceEntry:
    """A service's user id, and its number on each host where it is or was."""

    uid: int
    numbers: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Ledger:
    """Everything given so far, to what is in the file and to what left it."""

    hosts: Mapping[str, HostEntry] = field(default_factory=dict)
    services: Mapping[str, ServiceEntry] = field(default_factory=dict)

    def text(self) -> str:
        """The ledger as it is stored."""
        hosts = {name: asdict(host) for name, host in self.hosts.items()}
        services = {name: {"uid": one.uid, "numbers": dict(one.numbers)} for name, one in self.services.items()}
        document = {"version": VERSION, "hosts": hosts, "services": services}
        return json.dumps(document, indent=1, sort_keys=True) + "\n"


def is_service_number(number: int) -> bool:
    """Whether a service may have it: 1 is the host's own, and the ends of a block look like broadcasts to some."""
    return number > 1 and number % BLOCK not in (0, BLOCK - 1)


def parse_ledger(text: str, file: str = "warren.lock") -> Ledger:
    """The ledger in a stored text; an empty text is an empty ledger."""
    if not text.strip():
        return Ledger()
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as found:
        line = getattr(found, "lineno", 1)
        merged = "<<<<<<<" in text
        summary = "the ledger holds both sides of a merge" if merged else "the ledger is not JSON"
        raise Refused([error("bad-ledger", summary, Place(file, line, 1), HINT)]) from None
    try:
        ledger = _ledger(document)
    except (ValueError, KeyError):
        raise Refused([error("bad-ledger", "the ledger was not written by warren", Place(file, 1, 1), HINT)]) from None
    if problems := list(_twice(ledger, file)):
        raise Refused(problems)
    return ledger


def _ledger(document: object) -> Ledger:
    top = _mapping(document)
    if top["version"] != VERSION:
        raise ValueError(top["version"])
    hosts = {name: _host(_mapping(one)) for name, one in _mapping(top["hosts"]).items()}
    services = {name: _service(_mapping(one)) for name, one in _mapping(top["services"]).items()}
    return Ledger(hosts, services)


def _host(one: dict[str, object]) -> HostEntry:
    return HostEntry(_number(one["number"]), _numbers(one["blocks"]), _number(one["tunnel_port"]))


def _service(one: dict[str, object]) -> ServiceEntry:
    return ServiceEntry(_number(one["uid"]), {host: _place(n) for host, n in _mapping(one["numbers"]).items()})


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 24:
        raise ValueError(value)
    return value


def _place(value: object) -> int:
    number = _number(value)
    if not is_service_number(number):
        raise ValueError(value)
    return number


def _numbers(value: object) -> tuple[int, ...]:
    if not isinstance(value, list) or not value:
        raise ValueError(value)
    return tuple(_number(one) for one in value)


def _mapping(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise ValueError(value)
    return value


def _twice(ledger: Ledger, file: str) -> Iterable[Diagnostic]:
    """What two names claim: two branches that were merged may each have given the same number."""
    claims = [(f"host number {one.number}", name) for name, one in ledger.hosts.items()]
    claims += [(f"block {block}", name) for name, one in ledger.hosts.items() for block in one.blocks]
    claims += [(f"user id {one.uid}", name) for name, one in ledger.services.items()]
    for name, one in ledger.services.items():
        claims += [(f"number {number} on {host}", name) for host, number in one.numbers.items()]
    holders: dict[str, str] = {}
    for what, name in claims:
        other = holders.setdefault(what, name)
        if other != name:
            hint = f"delete the entry of the one that is newer, `{name}` or `{other}`"
            yield error("ledger-conflict", f"`{other}` and `{name}` both have {what}", Place(file, 1, 1), hint)
