"""Where the machines of labs stand: their disks, keys and control groups, from before they boot until after the end.

In: a lab's name and its drawing. Out: the drawing with disks. Never keeps anything of a lab that has ended.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from warren.lab import door
from warren.lab.blueprint import Blueprint, Stand
from warren.lab.ground import Ground
from warren.lab.machines import disk, groups, login
from warren.lab.machines.image import cache
from warren.lab.machines.machine import Machine

# A file of the lab that names the image; a lab without it has no machines.
IMAGE = "image"
# The small Internet has an authority and a root of names of its own.
TRUST = """\
own=/usr/local/share/ca-certificates/lab.crt
cat >/run/lab.crt
cmp -s /run/lab.crt $own || { cp /run/lab.crt $own; [ -s $own ] || rm -f $own; update-ca-certificates >/dev/null 2>&1; }
[ ! -e /usr/share/dns/root.key ] || printf %s ANCHOR >/usr/share/dns/root.key
"""
TOOLS = {"systemd-nspawn": "systemd-container", "mmdebstrap": "mmdebstrap", "ssh-keygen": "openssh-client"}


def why_not() -> str | None:
    """Why no machine can be booted here, or None."""
    if os.geteuid() != 0:
        return "only root boots whole machines; without --machines, a lab needs no root"
    if missing := [tool for tool in TOOLS if not shutil.which(tool)]:
        return f"not installed: {', '.join(missing)}: apt install {' '.join(TOOLS[tool] for tool in missing)}"
    if not groups.hierarchies():
        return "this machine has no control groups of the second version, which systemd needs"
    return None


def trust(anchor: str) -> str:
    """What a machine runs to believe the authority on its standard input, and names that this key proves."""
    return TRUST.replace("ANCHOR", shlex.quote(anchor))


def folder(lab: str) -> Path:
    """Where the disks of a lab lie."""
    return cache() / "labs" / lab


def furnish(
    lab: str, files: Path, image: Path, drawn: Blueprint, ground: Ground, ports: Mapping[str, int]
) -> Blueprint:
    """Give every host a disk, a fresh one where it has none, and forget those of hosts that are gone.

    `ports` say where the ssh of each host listens.
    """
    key = key_pair(files / login.KEY)
    server = next(client for client in ground.clients if client.name == "server")
    hosts = {stand.host: stand for stand in drawn.stands.values() if stand.host}
    for gone in set(_made(lab)) - set(hosts):
        disk.discard(folder(lab) / gone)
    for host in set(hosts) - set(_made(lab)):
        own = _owned(host, files, key, [str(address) for address in server.addresses], ports[host])
        disk.make(folder(lab) / host, image, own)
        (folder(lab) / host / "groups").write_text("".join(f"{group}\n" for group in groups.make(lab, host)))
    disks: Mapping[str, Stand] = {
        stand.tag: replace(stand, disk=str(folder(lab) / stand.host)) for stand in hosts.values()
    }
    return replace(drawn, stands={**drawn.stands, **disks})


def _made(lab: str) -> list[str]:
    return os.listdir(folder(lab)) if folder(lab).exists() else []


def _owned(host: str, files: Path, key: str, resolvers: Iterable[str], port: int) -> disk.Owned:
    """What a provider or an installer leaves on a new machine."""
    public = key_pair(files / f"ssh_host_{host}")
    private = (files / f"ssh_host_{host}").read_text()
    return disk.Owned(
        {
            "etc/hostname": (0o644, f"{host}\n"),
            "etc/hosts": (0o644, f"127.0.0.1 localhost\n127.0.1.1 {host}\n::1 localhost ip6-localhost ip6-loopback\n"),
            "etc/resolv.conf": (0o644, "".join(f"nameserver {address}\n" for address in resolvers)),
            "etc/ssh/sshd_config.d/port.conf": (0o644, f"Port {port}\n"),
            "etc/ssh/ssh_host_ed25519_key": (0o600, private),
            "etc/ssh/ssh_host_ed25519_key.pub": (0o644, public),
            "root/.ssh/authorized_keys": (0o600, key),
            "home/admin/.ssh/authorized_keys": (0o600, key),
        }
    )


def key_pair(path: Path) -> str:
    """The public half of a key, which is made where it is not there yet."""
    if not path.exists():
        words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "warren lab", "-f", str(path)]
        subprocess.run(words, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    return path.with_name(f"{path.name}.pub").read_text()


def switch_on(machines: Iterable[Machine]) -> None:
    """Boot them side by side; those that run are left alone."""
    fresh = [machine for machine in machines if machine.pid is None]
    for machine in fresh:
        machine.switch_on()
    for machine in fresh:
        machine.wait_until_up()


def sweep() -> None:
    """Forget disks and control groups of labs that do not run any more."""
    if os.geteuid() != 0 or not (disks := cache() / "labs").exists():
        return
    running = door.names()
    for gone in set(os.listdir(disks)) - set(running):
        disk.discard(disks / gone)
    groups.remove(groups.left_over(running))
