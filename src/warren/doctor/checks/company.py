"""Programs beside us that would take our rules, routes or interfaces away.

In: a patient. Out: findings about those that run. Never about one that is only installed.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network

from warren.basis.address import overlaps
from warren.doctor.model import Finding, Mend, Patient, note, warning
from warren.doctor.neighbours import active, units

CARRIER_NAT = IPv4Network("100.64.0.0/10")
NETWORKD = "/etc/systemd/networkd.conf.d/50-warren.conf"
NM_DROP_IN = "/etc/NetworkManager/conf.d/50-warren.conf"
FOREIGN = ("ManageForeignRoutingPolicyRules", "ManageForeignRoutes")
NO = ("no", "false", "0", "off")


def company(patient: Patient) -> Iterator[Finding]:
    """Everyone who runs and whom we meet."""
    running = active(patient.survey)
    for name, judged in JUDGED.items():
        if name in running:
            yield from judged(patient)
    yield from _reload(patient)


def _networkd(patient: Patient) -> Iterator[Finding]:
    """The last assignment counts, as the files are printed in their order."""
    said = dict(line.split("=", 1) for line in patient.survey.lines("leavings") if line.startswith("ManageForeign"))
    taken = [key for key in FOREIGN if said.get(key, "yes").strip().lower() not in NO]
    if taken:
        lines = "\\n".join(["[Network]", *(f"{key}=no" for key in (*FOREIGN, "ManageForeignNextHops"))])
        script = f"mkdir -p {NETWORKD.rpartition('/')[0]}\nprintf '{lines}\\n' > {NETWORKD}"
        summary = "systemd-networkd removes our routing rules and routes whenever it starts anew"
        mend = Mend(f"printf '{lines}\\n' > {NETWORKD}; it counts from its next start on", script)
        yield warning("networkd-takes", summary, mend)


def _networkmanager(patient: Patient) -> Iterator[Finding]:
    said = " ".join(line for line in patient.survey.lines("leavings") if line.startswith("unmanaged-devices"))
    if "wrn-" not in said:
        line = "unmanaged-devices=interface-name:wrn-*;interface-name:v-*"
        script = f"printf '[keyfile]\\n{line}\\n' > {NM_DROP_IN}\nnmcli general reload conf"
        yield note(
            "networkmanager-looks",
            "NetworkManager sees our interfaces and may take them over",
            Mend(f"printf '[keyfile]\\n{line}\\n' > {NM_DROP_IN}; nmcli general reload conf", script),
        )


def _tailscale(patient: Patient) -> Iterator[Finding]:
    """Its rules drop that range wherever it does not come through its own interface."""
    taken = [lan for lan in patient.host.lans for each in lan.prefixes if overlaps(CARRIER_NAT, each)]
    if taken:
        summary = f"Tailscale drops what comes from {CARRIER_NAT}, and the LAN `{taken[0].name}` is in it"
        yield warning("tailscale-drops", summary, Mend("tailscale set --netfilter-mode=nodivert"), taken[0].place)
    else:
        yield note("tailscale", "Tailscale runs there; its marks, tables and addresses are not ours")


def _docker(patient: Patient) -> Iterator[Finding]:
    yield note("docker", "Docker runs there: what it publishes is open to the Internet past the rules of this host")


def _libvirt(patient: Patient) -> Iterator[Finding]:
    yield note("libvirt", "libvirt runs there, with rules for its own bridges only")


def _firewalld(patient: Patient) -> Iterator[Finding]:
    yield note("firewalld", "firewalld runs there: its zones stay, and judge beside our table")


def _ufw(patient: Patient) -> Iterator[Finding]:
    if patient.survey.pairs("leavings").get("ufw") == "yes":
        yield note("ufw", "ufw is on: its rules stay, and judge beside our table")


def _reload(patient: Patient) -> Iterator[Finding]:
    """Its file empties everything before it loads its own."""
    unit = units(patient.survey).get("nftables")
    if unit and patient.survey.pairs("leavings").get("flush") == "yes":
        used = unit.get("ActiveState") == "active" or unit.get("UnitFileState") == "enabled"
        if used:
            summary = "nftables.service empties every table when it is loaded anew; ours comes back after some seconds"
            mend = Mend(
                "in /etc/nftables.conf, write `destroy table inet NAME` for its own tables instead of `flush ruleset`"
            )
            yield note("nftables-flushes", summary, mend)


JUDGED = {
    "systemd-networkd": _networkd,
    "NetworkManager": _networkmanager,
    "tailscaled": _tailscale,
    "docker": _docker,
    "libvirtd": _libvirt,
    "virtqemud": _libvirt,
    "firewalld": _firewalld,
    "ufw": _ufw,
}
