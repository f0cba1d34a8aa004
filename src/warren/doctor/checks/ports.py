"""Ports of the file against what listens there already.

In: a patient. Out: findings. Never takes the socket of our own tunnel for somebody else's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from warren.basis.names import tunnel_name
from warren.doctor.model import Finding, Mend, Patient, block, error, ok, warning
from warren.topology.model import Exposure

NAME = re.compile(r'users:\(\("([^"]+)"')
LOOPBACK = ("127.", "[::1]", "::1")
# Who answers HTTPS for us.
OUR_PROXY = "caddy"


@dataclass(frozen=True, slots=True)
class Listener:
    """Who listens where; `program` is empty for the kernel's own sockets, as those of WireGuard."""

    protocol: str
    address: str
    port: int
    program: str

    @property
    def words(self) -> str:
        return f"`{self.program}`" if self.program else "something in the kernel"


def listeners(patient: Patient) -> Iterator[Listener]:
    """From `ss -Hlntup`: netid, state, two queues, local address and port, peer, users."""
    for line in patient.survey.lines("sockets"):
        words = line.split()
        if len(words) < 6 or words[0] not in ("tcp", "udp"):
            continue
        address, _, port = words[4].rpartition(":")
        program = NAME.search(line)
        if port.isdigit():
            yield Listener(words[0], address, int(port), program[1] if program else "")


def ports(patient: Patient) -> Iterator[Finding]:
    """The tunnel's port, exposed ports, HTTPS, and that of ssh."""
    there = [each for each in listeners(patient) if not each.address.startswith(LOOPBACK)]
    found = [*_tunnel(patient, there), *_exposed(patient, there), *_https(patient, there), *_ssh(patient)]
    yield from found
    if not found and patient.survey.lines("sockets"):
        yield ok("ports", "no port of the file is taken")


def _tunnel(patient: Patient, there: list[Listener]) -> Iterator[Finding]:
    if not any(tunnel.gateway == patient.name for tunnel in patient.topology.tunnels):
        return
    port, own = patient.host.tunnel_port, tunnel_name(patient.name)
    listening = dict(line.split()[:2] for line in patient.survey.lines("listening") if len(line.split()) == 2)
    if listening.get(own) == str(port):
        return
    for other, number in listening.items():
        if number == str(port):
            yield _taken(patient, f"WireGuard interface `{other}`")
            return
    for each in there:
        if each.protocol == "udp" and each.port == port and each.program != "wireguard-go":
            yield _taken(patient, each.words)
            return


def _taken(patient: Patient, who: str) -> Finding:
    summary = f"UDP {patient.host.tunnel_port}, where its tunnel is to listen, is taken by {who}"
    mend = Mend(f"write another port in the file: `tunnel: {{port: ...}}` of {patient.name}")
    return block("port-taken", summary, mend, patient.host.place)


def _exposed(patient: Patient, there: list[Listener]) -> Iterator[Finding]:
    """What is exposed is translated before a program of the host could get it."""
    for exposure in patient.topology.exposures:
        if exposure.at == patient.name:
            for each in there:
                if _meets(exposure, each):
                    summary = (
                        f"{each.protocol.upper()} {each.port} goes to `{exposure.service}`, away from {each.words}"
                    )
                    yield warning(
                        "port-shadowed", summary, Mend(f"stop {each.words}, or expose another port"), exposure.place
                    )


def _meets(exposure: Exposure, each: Listener) -> bool:
    same = exposure.protocol.value == each.protocol and exposure.ports.first <= each.port <= exposure.ports.last
    return same and each.program not in ("", "wireguard-go")


def _https(patient: Patient, there: list[Listener]) -> Iterator[Finding]:
    if not any(each.at == patient.name for each in patient.topology.https):
        return
    for each in there:
        if each.protocol == "tcp" and each.port in (80, 443) and each.program not in ("", OUR_PROXY):
            mend = Mend(f"stop {each.words}, or let it serve another port")
            yield error("https-taken", f"TCP {each.port}, needed for HTTPS, is taken by {each.words}", mend)


def _ssh(patient: Patient) -> Iterator[Finding]:
    """A guard that opens another door than the one where sshd stands shuts its operator out."""
    found = [line.split()[1] for line in patient.survey.lines("sshd") if line.startswith("port ")]
    guard = patient.host.guard
    if guard and found and str(guard.ssh_port) not in found:
        hint = Mend(f"write `firewall: {{ssh: {{port: {found[0]}}}}}` for {patient.name}, or the port into its `ssh:`")
        summary = (
            f"sshd listens at port {' and '.join(found)}, and the firewall is to let ssh in at port {guard.ssh_port}"
        )
        yield block("ssh-port", summary, hint, patient.host.place)
