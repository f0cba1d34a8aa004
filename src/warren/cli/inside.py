"""How a command gets to where a service runs, and what the journal of its host keeps of it.

In: a service. Out: short scripts for root's shell on its host. Never runs anything, and asks nobody to know of users
and namespaces.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence

from warren.basis.diagnostic import Refused, did_you_mean, error
from warren.desired.account import as_user
from warren.topology.model import Service, Topology

SHELL = "command -v bash >/dev/null && exec bash; exec sh"
ABSENT = 1
# Newer ones colour the terminal and give it another title.
PLAINLY = "SYSTEMD_TINT_BACKGROUND=0 SYSTEMD_ADJUST_TERMINAL_TITLE=0 "
# Podman tells the journal the number of each container that it starts.
NUMBER = r"/^[^ ]* [^ ]*: [0-9a-f]\{64\}$/d"
# As Docker writes it; the journal has more ways, which are its own.
AGO = re.compile(r"\d+[smhd]")


def known(topology: Topology, name: str) -> Service:
    """A service of the file. Raises `Refused`."""
    if name in topology.services:
        return topology.services[name]
    hint = did_you_mean(name, topology.services) or f"services are {', '.join(list(topology.services)[:8])}"
    raise Refused([error("unknown-service", f"there is no service `{name}`", None, hint)])


def unit(service: Service, container: str) -> str:
    """The name under which a container runs. Raises `Refused`."""
    there = {each.name: each.unit for each in (service.workload.containers if service.workload else ())}
    if container in there:
        return there[container]
    hint = did_you_mean(container, there) or (f"there are {', '.join(there)}" if there else "there are none")
    raise Refused([error("unknown-container", f"`{service.name}` has no container `{container}`", service.place, hint)])


def units(service: Service, container: str | None = None) -> tuple[str, ...]:
    """Everything that runs in a service, or one container of it."""
    if container:
        return (unit(service, container),)
    return tuple(service.workload.units) if service.workload else (service.name,)


def entering(service: Service, words: Sequence[str], terminal: str | None = None) -> str:
    """A command as the service's user, with its view of the network and its files.

    `terminal` is what the caller's is called, where there is one.
    """
    session = f"user@{service.uid}.service"
    kind = f"{PLAINLY}TERM={shlex.quote(terminal)} " if terminal else ""
    command = as_user(service.name, service.uid, f"{kind}{shlex.join(words)}")
    absent = shlex.quote(f"error: {service.name} does not stand on {service.host} yet; `warren apply` builds it")
    return "\n".join(
        (
            f"[ -e /run/netns/{service.netns} ] || {{ echo {absent} >&2; exit {ABSENT}; }}",
            f"pid=$(systemctl show --property MainPID --value {session} 2>/dev/null)",
            'case $pid in "" | 0 | *[!0-9]*)',
            f"  set -- ip netns exec {service.netns} ;;",
            '*) set -- nsenter --target "$pid" --mount --net -- ;; esac',
            f'exec "$@" sh -c {shlex.quote(command)}',
        )
    )


def into(service: Service, container: str, words: Sequence[str], terminal: str | None = None) -> str:
    """A command in a container.

    The user's own manager starts it, so that it is among the service's processes and not among ours.
    """
    inner = ["podman", "exec", "--interactive", *(["--tty"] if terminal else []), unit(service, container), *words]
    outer = ["systemd-run", "--user", "--quiet", "--collect", "--wait", "--pty" if terminal else "--pipe", "--", *inner]
    return entering(service, outer, terminal)


def journal(service: Service, chosen: Sequence[str], options: Sequence[str], sieve: bool = False) -> str:
    """What units of a service said, and what its manager said of them; with `sieve` without what tells nobody anything.

    Line by line, as what is followed has no end.
    """
    absent = shlex.quote(f"error: {service.host} keeps no journal")
    matches = shlex.join(_matches(service.uid, chosen))
    journalctl = "journalctl --no-pager --quiet"
    at_once = shlex.join(each for each in options if each != "--follow")
    # A pipe would hide that the journal did not understand its words.
    sound = f"{journalctl} {at_once} --lines=0 >/dev/null || exit {ABSENT}\n" if sieve else ""
    rest = f" | sed -u {shlex.quote(NUMBER)}" if sieve else ""
    return "\n".join(
        (
            f"command -v journalctl >/dev/null || {{ echo {absent} >&2; exit {ABSENT}; }}",
            f"{sound}{journalctl} {shlex.join(options)} {matches}{rest}",
        )
    )


def _matches(uid: int, chosen: Sequence[str]) -> Iterator[str]:
    """Containers; the programs of units, Podman's complaints among them; and what became of the units.

    Podman's events, which also stand under a unit, are left out: the units' own messages say the same.
    """
    yield from (f"_UID={uid}", *(f"CONTAINER_NAME={each}" for each in chosen), "+")
    yield from (f"_UID={uid}", "_TRANSPORT=stdout", *(f"_SYSTEMD_USER_UNIT={each}.service" for each in chosen), "+")
    yield from (f"_UID={uid}", *(f"USER_UNIT={each}.service" for each in chosen))


def since(text: str) -> str:
    """A moment for journalctl: `10m` is ten minutes ago, all else is its own."""
    return f"-{text}" if AGO.fullmatch(text) else text
