"""Whether a plan would shut the door through which its operator came.

In: a topology and each host's `SSH_CONNECTION` (sshd(8): client address and port, server address and port). Out:
errors. Never guesses: a host that was not entered by ssh has no door to shut.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import ip_address

from warren.basis.address import Address, holds
from warren.basis.diagnostic import Diagnostic, error
from warren.topology.model import Guard, Host, Topology


def lockouts(topology: Topology, ways: Mapping[str, str]) -> tuple[Diagnostic, ...]:
    """An error for each host that would no longer let the operator in."""
    return tuple(found for name, way in ways.items() if name in topology.hosts for found in _judge(topology, name, way))


def _judge(topology: Topology, name: str, way: str) -> Iterator[Diagnostic]:
    words = way.split()
    if len(words) != 4:
        return
    host, client, port = topology.hosts[name], ip_address(words[0].split("%")[0]), int(words[3])
    if _is_led(topology, host, client, port):
        return
    if holds(topology.prefix4, client) or holds(topology.prefix6, client):
        way = "through the network itself, which carries ssh only where `via` says so"
        yield _shut(host, f"you came to it from {client}, {way}")
    elif host.guard and (reason := _refusal(host.guard, client, port)):
        yield _shut(host, reason)


def _is_led(topology: Topology, host: Host, client: Address, port: int) -> bool:
    """Whether this is the way through the network that the file names."""
    leads = topology.hosts.get(host.ssh_via or "") if host.ssh_inside else None
    return leads is not None and client in tuple(leads.addresses) and port == host.ssh_port


def _refusal(guard: Guard, client: Address, port: int) -> str | None:
    if port != guard.ssh_port:
        return f"you came to it by port {port}, and its firewall lets ssh in at port {guard.ssh_port}"
    if guard.ssh_from and not any(holds(prefix, client) for prefix in guard.ssh_from):
        return f"you came to it from {client}, which is not among the `from` of its ssh"
    return None


def _shut(host: Host, reason: str) -> Diagnostic:
    hint = f"write the port into `ssh:` or `firewall: {{ssh: ...}}` of {host.name}, or come another way"
    return error("lockout", f"this would lock you out of {host.name}: {reason}", host.place, hint)
