"""The programs that must be there, and of which version.

In: a patient. Out: findings. Never asks for more than the host is for: a gateway without services needs no Podman.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from warren.basis.ports import Protocol
from warren.doctor.checks.programs import own_programs
from warren.doctor.model import Finding, Mend, Patient, block, note, ok, warning
from warren.doctor.packages import install

Version = tuple[int, ...]

QUADLET: Version = (4, 4)
# CVE-2023-0778: a symlink in a volume reaches files of the host.
PODMAN_SAFE: Version = (4, 4, 2)
# A namespace for a whole user manager: NetworkNamespacePath= since 242, reliable for user@ since this.
SYSTEMD: Version = (247,)
# Elements that are intervals of concatenations.
NFT: Version = (0, 9, 4)
NUMBER = re.compile(r"\d+(?:\.\d+)*")


def version(text: str) -> Version:
    """The first number with points in a line, empty where there is none."""
    found = NUMBER.search(text)
    return tuple(int(part) for part in found[0].split(".")) if found else ()


def written(number: Version) -> str:
    """As people write it."""
    return ".".join(map(str, number))


def tools(patient: Patient) -> Iterator[Finding]:
    """Every program that the host needs for what the file gives it."""
    found = patient.survey.pairs("tools")
    yield from _nft(patient, found)
    if "ip" in found and "iproute2" in found["ip"]:
        yield ok("iproute2", found["ip"].rpartition("iproute2-")[2].partition(",")[0].join(("iproute2 ", "")))
    else:
        yield block("no-iproute2", "iproute2 is not there", install(patient.survey, "iproute2"))
    if patient.is_joined and "wg" not in found:
        yield block("no-wg", "wireguard-tools are not there", install(patient.survey, "wireguard-tools"))
    if "conntrack" not in found and any(_is_talked_to(patient)):
        summary = "conntrack is not there: who talks over UDP does not follow a port that moves to another service"
        yield note("no-conntrack", summary, install(patient.survey, "conntrack"))
    if "systemctl" in found and version(found["systemctl"]) < SYSTEMD and patient.has_services:
        number = written(version(found["systemctl"]))
        yield block("old-systemd", f"systemd {number} is too old to give a user a namespace; {SYSTEMD[0]} can")
    yield from own_programs(patient, found)
    if any(_has_containers(patient)):
        yield from _podman(patient, found)
        yield from _around(patient, found)


def _is_talked_to(patient: Patient) -> Iterator[bool]:
    """Whether this host leads datagrams from outside to services."""
    for exposure in patient.topology.exposures:
        yield exposure.at == patient.name and exposure.protocol is Protocol.UDP


def _nft(patient: Patient, found: dict[str, str]) -> Iterator[Finding]:
    if "nft" not in found:
        yield block(
            "no-nft", "nft is not there, and without it nothing is guarded", install(patient.survey, "nftables")
        )
        return
    number = version(found["nft"])
    if number < NFT:
        yield block("old-nft", f"nft {written(number)} is too old: rules need {written(NFT)}")
    elif "json" not in found:
        yield block("nft-no-json", f"nft {written(number)} was built without JSON, so rules cannot be read back")
    else:
        yield ok("nft", f"nft {written(number)}")


def _has_containers(patient: Patient) -> Iterator[bool]:
    """A workload that is a unit needs no Podman."""
    for service in patient.topology.services_of(patient.name):
        work = service.workload
        yield work is not None and bool(work.containers or any(unit.image for unit in work.plain))


def _podman(patient: Patient, found: dict[str, str]) -> Iterator[Finding]:
    if "podman" not in found:
        yield block(
            "no-podman", "Podman is not there, and containers are to run there", install(patient.survey, "podman")
        )
        return
    number = version(found["podman"])
    if number < QUADLET or "quadlet" not in found:
        mend = Mend(f"install Podman {written(QUADLET)} or later, as in Debian 13, Ubuntu 24.04 or Fedora 38")
        yield block("no-quadlet", f"Podman {written(number)} has no Quadlet, which makes units of containers", mend)
    elif number < PODMAN_SAFE:
        summary = f"Podman {written(number)} follows symlinks out of a volume (CVE-2023-0778)"
        yield warning("old-podman", summary, Mend(f"update Podman to {written(PODMAN_SAFE)} or later"))
    else:
        yield ok("podman", f"Podman {written(number)}")


def _around(patient: Patient, found: dict[str, str]) -> Iterator[Finding]:
    if "newuidmap" not in found:
        summary = "newuidmap is not there, so that containers cannot have users of their own"
        yield block("no-uidmap", summary, install(patient.survey, "uidmap"))
    if "crun" not in found:
        yield note("no-crun", "crun is not there: Podman takes another runtime", install(patient.survey, "crun"))
    if "usernet" not in found:
        lacking = "libpam-net is not there: who logs in as a service stands outside its namespace"
        yield warning("no-usernet", lacking, install(patient.survey, "libpam-net"))
