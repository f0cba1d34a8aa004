"""The programs that the network runs for itself: resolvers and entries of HTTPS.

In: a patient, and the programs that its host has. Out: findings. Never asks for one that the file does not need there.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.doctor.model import Finding, Mend, Patient, block, error
from warren.doctor.packages import install
from warren.topology.model import Role, Topology
from warren.topology.passing import is_reader, passer_of, passes

# A distribution starts what it installs, on ports of the host itself that nobody asked for.
ASLEEP = "systemctl mask --now {unit}.service >/dev/null 2>&1 || :"
# Debian's profile lets unbound read its own folder only.
PROFILE = "/etc/apparmor.d/local/usr.sbin.unbound"
LINES = ("/etc/warren/** r,", "owner /run/user/*/** rw,", "owner /run/user/*/*/control rw,")


def own_programs(patient: Patient, found: dict[str, str]) -> Iterator[Finding]:
    """What is needed for names and for HTTPS where the host has them."""
    roles = {service.role for service in patient.topology.services_of(patient.name)}
    if Role.RESOLVER in roles:
        yield from _resolver(patient, found)
        yield from _root(patient, found)
    entries = [service.name for service in patient.topology.services_of(patient.name) if service.role is Role.ENTRY]
    chosen = patient.topology.web.image or patient.topology.web.program
    if "caddy" not in found and not chosen and any(is_reader(patient.topology, name) for name in entries):
        mend = install(patient.survey, "caddy", before=ASLEEP.format(unit="caddy"))
        yield block("no-caddy", "Caddy is not there, and names of HTTPS lead there", mend)
    if "haproxy" not in found and any(_has_haproxy(patient.topology, name) for name in entries):
        mend = install(patient.survey, "haproxy", before=ASLEEP.format(unit="haproxy"))
        yield block("no-haproxy", "HAProxy is not there, and several hosts decrypt names of one gateway", mend)


def _has_haproxy(topology: Topology, entry: str) -> bool:
    return passes(topology, entry) or passer_of(topology, entry) is not None


def _resolver(patient: Patient, found: dict[str, str]) -> Iterator[Finding]:
    if "unbound" not in found:
        mend = install(patient.survey, "unbound", "dns-root-data", before=ASLEEP.format(unit="unbound"))
        yield block("no-unbound", "unbound is not there, and services ask it for names", mend)
    elif "rootkey" not in found and patient.topology.dns and patient.topology.dns.dnssec:
        summary = "the key of the DNS root is not there, by which answers are proved"
        yield block("no-root-key", summary, install(patient.survey, "dns-root-data"))
    if "confined" in found:
        yield block("unbound-confined", "AppArmor keeps unbound from reading its files", _allowed())


def _root(patient: Patient, found: dict[str, str]) -> Iterator[Finding]:
    if "oldkey" in found and patient.topology.dns and patient.topology.dns.dnssec:
        summary = "the key of the DNS root is that of 2017, which signs nothing since October 2026: no name is proved"
        yield error("old-root-key", summary, _newer(patient))


def _newer(patient: Patient) -> Mend | None:
    """A newer package; resolvers read the key when they begin, and begin anew where they end."""
    mend = install(patient.survey, "dns-root-data", before="command -v apt-get >/dev/null && apt-get update -q || :")
    users = ",".join(one.name for one in patient.topology.services_of(patient.name) if one.role is Role.RESOLVER)
    return mend and Mend(mend.command, f"{mend.script}\npkill -x -u {users} unbound || :")


def _allowed() -> Mend:
    lines = "\\n".join(LINES)
    written = f"mkdir -p /etc/apparmor.d/local && printf '{lines}\\n' >> {PROFILE}"
    return Mend(
        f"let it read /etc/warren in {PROFILE}", f"{written} && apparmor_parser -r /etc/apparmor.d/usr.sbin.unbound"
    )
