"""Programs that keep rules, routes or interfaces of their own, and how each lets ours live.

In: what a host said of its units. Out: who is active, whose a chain is, and the words that open it. Never writes into a
file that its owner would write anew: what a program is told, it is told by its own command.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from warren.doctor.model import Mend, Patient, Survey
from warren.doctor.rules.model import Chain

INTERFACES = ("wrn-+", "v-+")
ACTIVE = ("active", "activating", "reloading")


def units(survey: Survey) -> Mapping[str, Mapping[str, str]]:
    """The properties of every unit that the host knows, by its name without `.service`."""
    found: dict[str, dict[str, str]] = {}
    for block in survey.text("neighbours").split("\n\n"):
        pairs = dict(line.split("=", 1) for line in block.splitlines() if "=" in line)
        if pairs.get("LoadState") == "loaded":
            found[pairs.get("Id", "").removesuffix(".service")] = pairs
    return found


def active(survey: Survey) -> frozenset[str]:
    """The units that run."""
    return frozenset(name for name, pairs in units(survey).items() if pairs.get("ActiveState") in ACTIVE)


def owner(survey: Survey, chain: Chain) -> str:
    """Who made a chain, empty where that cannot be told."""
    running = active(survey)
    if chain.table == "firewalld":
        return "firewalld"
    if chain.table.startswith("docker"):
        return "Docker"
    if chain.table != "filter":
        return ""
    if "ufw" in running and survey.pairs("leavings").get("ufw") == "yes":
        return "ufw"
    return "Docker" if "docker" in running and chain.hook == "forward" and chain.family != "inet" else ""


def opening(patient: Patient, chain: Chain, who: str) -> Mend | None:
    """What lets our packets through a chain; our own table judges them in any case, so it opens nothing to others."""
    match who:
        case "ufw":
            return _mended(_ufw(patient, chain))
        case "firewalld":
            return _mended(_firewalld(patient))
        case "Docker" if chain.table == "filter":
            return _docker(chain)
        case _:
            return Mend("; ".join(_by_hand(patient, chain)))


def _mended(lines: Iterator[str]) -> Mend:
    said = list(lines)
    return Mend("; ".join(said), "\n".join(["set -e", *said]))


def _ufw(patient: Patient, chain: Chain) -> Iterator[str]:
    if chain.hook == "forward":
        for interface in INTERFACES:
            yield f"ufw route allow in on {interface}"
            yield f"ufw route allow out on {interface}"
    elif chain.hook == "input":
        yield from (f"ufw allow {port}/udp" for port in _tunnel_ports(patient))
        yield "ufw allow in on v-+"
    else:
        yield from (
            f"ufw allow out {tunnel.port}/udp" for tunnel in patient.topology.tunnels if _dials(patient, tunnel.dialer)
        )


def _dials(patient: Patient, dialer: str) -> bool:
    return dialer == patient.name


def _tunnel_ports(patient: Patient) -> tuple[int, ...]:
    served = any(tunnel.gateway == patient.name for tunnel in patient.topology.tunnels)
    return (patient.host.tunnel_port,) if served else ()


def _firewalld(patient: Patient) -> Iterator[str]:
    """A zone of its own whose packets are not firewalld's business."""
    yield "firewall-cmd --permanent --get-zones | grep -qw warren || firewall-cmd -q --permanent --new-zone=warren"
    yield "firewall-cmd -q --permanent --zone=warren --set-target=ACCEPT"
    for interface in INTERFACES:
        yield f"firewall-cmd -q --permanent --zone=warren --add-interface={interface}"
    for port in _tunnel_ports(patient):
        yield f"firewall-cmd -q --permanent --add-port={port}/udp"
    yield "firewall-cmd -q --reload"


def _docker(chain: Chain) -> Mend:
    """DOCKER-USER is the chain that Docker leaves to others. It lasts until the next start of the machine."""
    tool = "ip6tables" if chain.family == "ip6" else "iptables"
    ways = [f"{side} {interface}" for interface in INTERFACES for side in ("-i", "-o")]
    lines = [
        f"{tool} -C DOCKER-USER {way} -j ACCEPT 2>/dev/null || {tool} -I DOCKER-USER {way} -j ACCEPT" for way in ways
    ]
    said = "; ".join(f"{tool} -I DOCKER-USER {way} -j ACCEPT" for way in ways)
    return Mend(
        f'{said}; or `"ip-forward-no-drop": true` in /etc/docker/daemon.json (Docker 28)', "\n".join(["set -e", *lines])
    )


def _by_hand(patient: Patient, chain: Chain) -> Iterator[str]:
    """For whoever wrote the chain: only they know from which file it comes back."""
    start = f"nft insert rule {chain.words}"
    if chain.hook == "forward":
        for interface in INTERFACES:
            for side in ("iifname", "oifname"):
                yield f"{start} {side} '\"{interface[:-1]}*\"' accept"
    elif chain.hook == "input":
        yield from (f"{start} udp dport {port} accept" for port in _tunnel_ports(patient))
        yield f"{start} iifname '\"v-*\"' accept"
    else:
        yield f"{start} udp dport {patient.host.tunnel_port} accept"
