"""Kernel settings that meet ours.

In: a patient. Out: findings. Never complains about what an apply sets anyway; it says that it will.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.doctor.model import Finding, Mend, Patient, error, note, ok, warning

OURS = ("v-", "wrn-")


def settings(patient: Patient) -> Iterator[Finding]:
    """Forwarding, the reverse-path check, and doors to loopback."""
    found = patient.survey.pairs("settings")
    if not found:
        return
    yield from _forwarding(found)
    yield from _families(patient, found)
    yield from _reverse_path(patient, found)
    yield from _loopback(found)


def _forwarding(found: dict[str, str]) -> Iterator[Finding]:
    names = {"ipv4/ip_forward": "IPv4", "ipv6/conf/all/forwarding": "IPv6"}
    off = [name for key, name in names.items() if found.get(key) == "0"]
    if off:
        yield note("no-forwarding", f"forwarding of {' and '.join(off)} is off: an apply turns it on")
    else:
        yield ok("forwarding", "forwarding is on")


def _families(patient: Patient, found: dict[str, str]) -> Iterator[Finding]:
    if found.get("ipv6/conf/all/disable_ipv6") == "1":
        key = "net.ipv6.conf.all.disable_ipv6"
        mend = Mend(f"sysctl -w {key}=0, and take it out of /etc/sysctl.d", f"sysctl -q -w {key}=0")
        yield error("ipv6-off", "IPv6 is switched off for all interfaces, and every service has an address of it", mend)


def _reverse_path(patient: Patient, found: dict[str, str]) -> Iterator[Finding]:
    """The stricter of `all` and the interface counts, but loose (2) beats strict (1)."""
    if found.get("ipv4/conf/all/rp_filter") == "1":
        summary = (
            "the reverse-path check is strict for all interfaces: ours are made loose, as clients keep their addresses"
        )
        yield note("strict-path", summary)


def _loopback(found: dict[str, str]) -> Iterator[Finding]:
    open_ = [key.split("/")[2] for key, value in found.items() if key.endswith("/route_localnet") and value == "1"]
    foreign = [name for name in open_ if not name.startswith(OURS)]
    if foreign:
        settings = " ".join(f"net.ipv4.conf.{name}.route_localnet=0" for name in foreign)
        summary = f"neighbours at {', '.join(foreign)} can reach 127.0.0.1 there (route_localnet, CVE-2020-8558)"
        yield warning("route-localnet", summary, Mend(f"sysctl -w {settings}"))
