"""Sockets that carry connections on: socket units, and the proxies that systemd starts behind them.

In: the unit files of a host, and which units run. Out: where each such socket listens, and where its proxy connects to.
Never asks what was meant, and takes no word for granted that it does not know.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TypeAlias

from warren.desired.items.file import File
from warren.desired.items.unit import FOLDER, Unit
from warren.desired.model import HostState, of_kind
from warren.formats import ini

# A family, an address and a TCP port; without an address every one of the place.
Door: TypeAlias = tuple[int, int | None, int]
PROXY = "systemd-socket-proxyd"
SOCKET, SERVICE = ".socket", ".service"
SPACES = "/run/netns/"
PLACE = "NetworkNamespacePath"
# What would make another socket of it.
STRANGE = frozenset(("Accept", "BindIPv6Only", "BindToDevice", "Transparent", "FreeBind", "ListenDatagram"))
# Words of the proxy that take the next one along (systemd-socket-proxyd(8)).
OPTIONS = ("-c", "--connections-max", "--exit-idle-time")


@dataclass(frozen=True, slots=True)
class Relay:
    """What connects to one of `doors` in `place` is connected to `target` by a program in `dials`.

    `unclear` is what cannot be read of it: where it leads is not known then.
    """

    host: str
    unit: str
    place: str
    doors: tuple[Door, ...]
    dials: str
    target: tuple[int, int, int] | None
    unclear: str | None = None


class _Unclear(Exception):
    """A word that means something nobody here knows."""


def relays(states: Mapping[str, HostState]) -> tuple[Relay, ...]:
    """The sockets of all hosts that listen."""
    return tuple(each for host, state in states.items() for each in _relays(host, state))


def _relays(host: str, state: HostState) -> Iterator[Relay]:
    files = {item.path.removeprefix(f"{FOLDER}/"): item.content for item in of_kind(state, File)}
    running = {item.name for item in of_kind(state, Unit) if item.active}
    for name, text in files.items():
        if name.endswith(SOCKET) and name in running:
            yield _relay(host, name, text, files)


def _relay(host: str, name: str, text: str, files: dict[str, str]) -> Relay:
    place, doors, dials = host, tuple[Door, ...](), host
    try:
        section = ini.read(text).section("Socket")
        place = dials = _space(section, host)
        doors = tuple(door for each in _last(section, "ListenStream") for door in _doors(each))
        if strange := STRANGE & {setting.key for setting in section.settings}:
            raise _Unclear(min(strange))
        behind = next(iter(section.of("Service")[-1:]), name.removesuffix(SOCKET) + SERVICE)
        if behind not in files:
            return Relay(host, name, place, doors, dials, None, f"{behind} is not there")
        dials, target = _proxy(host, ini.read(files[behind]).section("Service"))
        return Relay(host, name, place, doors, dials, target)
    except (_Unclear, ValueError) as unclear:
        return Relay(host, name, place, doors, dials, None, str(unclear))


def _proxy(host: str, section: ini.Section) -> tuple[str, tuple[int, int, int]]:
    started = _last(section, "ExecStart")
    words = ini.split(started[0]) if len(started) == 1 else ()
    if not words or not words[0].lstrip("@-:+!").endswith(f"/{PROXY}"):
        raise _Unclear(f"ExecStart is not one {PROXY}")
    return _space(section, host), _target(words[1:])


def _last(section: ini.Section, key: str) -> list[str]:
    """The values of a list; an empty one forgets those before it."""
    found: list[str] = []
    for value in section.of(key):
        found = [*found, value] if value else []
    return found


def _space(section: ini.Section, host: str) -> str:
    """The namespace in which a unit has its sockets: a service's, or the host's own."""
    path = next(iter(section.of(PLACE)[-1:]), "")
    if path and not path.startswith(SPACES):
        raise _Unclear(f"{PLACE}={path}")
    return path.removeprefix(SPACES) or host


def _doors(text: str) -> Iterator[Door]:
    """Where a stream socket listens; what is no port is nobody's way through the network."""
    if text.startswith(("/", "@", "vsock:")):
        return
    if text.isdigit():
        yield from ((version, None, int(text)) for version in (4, 6))
        return
    version, number, port = _address(text)
    # Everything in IPv6 is everything in IPv4 as well, unless the socket says otherwise.
    yield version, number or None, port
    if (version, number) == (6, 0):
        yield 4, None, port


def _address(text: str) -> tuple[int, int, int]:
    address, _, port = text.rpartition(":")
    try:
        found = ip_address(address.removeprefix("[").removesuffix("]"))
        return found.version, int(found), int(port)
    except ValueError:
        raise _Unclear(text) from None


def _target(words: tuple[str, ...]) -> tuple[int, int, int]:
    left = list(words)
    while left and left[0].startswith("-"):
        option, equals, _ = left.pop(0).partition("=")
        if option not in OPTIONS:
            raise _Unclear(option)
        if not equals:
            left = left[1:]
    if len(left) != 1:
        raise _Unclear(" ".join(left) or f"{PROXY} without a target")
    return _address(left[0])
