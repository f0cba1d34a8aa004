"""WireGuard, namespaces, IPv6 and what the rules ask of nftables.

In: a patient whose kernel was tried. Out: findings. Never trusts a version where a trial was made.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.doctor.features import needed
from warren.doctor.model import Finding, Mend, Patient, block, note, ok, warning
from warren.doctor.packages import install
from warren.topology.model import Service


def kernel(patient: Patient) -> Iterator[Finding]:
    """What the kernel can do."""
    found = patient.survey.pairs("kernel")
    yield ok("kernel", f"kernel {patient.survey.pairs('system').get('kernel', 'of unknown version')}")
    yield from _spaces(patient, found)
    if patient.is_joined and _could_try(patient):
        yield from _wireguard(patient, found)
    yield from _families(found)
    yield from _rules(patient, found)


# What the file can say to need them no more.
WITHOUT = {"counts": "`connections: none` for every service", "timeouts": "`upstream: tls://...`"}


def _spaces(patient: Patient, found: dict[str, str]) -> Iterator[Finding]:
    if "netns" not in found:
        yield block("no-netns", "network namespaces cannot be made there, and every service is one")
    elif "veth" not in found and patient.has_services and _could_try(patient):
        mend = Mend("modprobe veth", "modprobe veth")
        yield block("no-veth", "the kernel has no veth interfaces, which join services to their host", mend)
    else:
        yield ok("netns", "network namespaces")


def _could_try(patient: Patient) -> bool:
    """Interfaces are made by iproute2; where it lacks, that is said elsewhere."""
    return "iproute2" in patient.survey.pairs("tools").get("ip", "")


def _wireguard(patient: Patient, found: dict[str, str]) -> Iterator[Finding]:
    if found.get("wireguard") == "kernel":
        yield ok("wireguard", "WireGuard in the kernel")
        return
    if "wireguard-go" not in patient.survey.pairs("tools"):
        mend = install(patient.survey, "wireguard-go", before="modprobe wireguard 2>/dev/null && exit 0")
        yield block("no-wireguard", "the kernel has no WireGuard and wireguard-go is not there", mend)
    elif "tun" not in found:
        mend = Mend("modprobe tun", "modprobe tun")
        yield block("no-tun", "the kernel has no WireGuard, and wireguard-go cannot open /dev/net/tun", mend)
    else:
        yield note("wireguard-slow", "the kernel has no WireGuard: wireguard-go stands in, at a part of its speed")


def _families(found: dict[str, str]) -> Iterator[Finding]:
    if "ipv6" in found:
        yield ok("ipv6", "IPv6")
    else:
        mend = Mend("remove `ipv6.disable=1` from the kernel's command line and reboot")
        yield block("no-ipv6", "the kernel runs without IPv6, and every service has an address of it", mend)


def _rules(patient: Patient, found: dict[str, str]) -> Iterator[Finding]:
    """Where a namespace cannot be made nothing could be tried, and that was said."""
    if "nft" not in patient.survey.pairs("tools") or "netns" not in found:
        return
    if "nft" not in patient.survey.sections:
        return
    wanted = needed(patient.topology, patient.name)
    lacking = [name for name in wanted if name not in patient.survey.pairs("nft")]
    if not lacking:
        yield ok("nft-features", "every feature of nftables that the rules use")
    elif len(lacking) == len(wanted):
        loaded = Mend("modprobe nf_tables", "modprobe nf_tables")
        yield block("no-nftables", "the kernel takes no nftables rules", loaded)
    else:
        without = [WITHOUT[name] for name in lacking if name in WITHOUT]
        mend = Mend(f"take another kernel, or write {' and '.join(without)}") if len(without) == len(lacking) else None
        yield block("nft-lacks", f"nftables lacks there: {', '.join(lacking)}; a newer kernel or nft has it", mend)


def conntrack(patient: Patient) -> Iterator[Finding]:
    """How near the table of connections is to its end."""
    found = patient.survey.pairs("settings")
    most, now = (found.get(f"netfilter/nf_conntrack_{name}", "") for name in ("max", "count"))
    if most.isdigit() and now.isdigit() and int(now) * 4 > int(most) * 3:
        mend = Mend(f"sysctl -w net.netfilter.nf_conntrack_max={int(most) * 2}")
        yield warning("conntrack-full", f"{now} of {most} connections are in use: beyond, new ones are dropped", mend)
    # In both versions of IP; where it has half of the table, two of them have all of it.
    one = 2 * max((each.connections or 0 for each in _opening(patient)), default=0)
    if most.isdigit() and one * 2 > int(most):
        mend = Mend(f"sysctl -w net.netfilter.nf_conntrack_max={one * 4}, or lower `connections:`")
        summary = f"{most} connections is all that the kernel remembers there, and one service may open {one}"
        yield warning("conntrack-small", summary, mend)


def _opening(patient: Patient) -> Iterator[Service]:
    """The services whose connections the host remembers: its own, and at a gateway those that leave there."""
    for service in patient.topology.services.values():
        if patient.name in (service.host, service.egress.gateway):
            yield service
