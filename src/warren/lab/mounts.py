"""A lab host's own writable /run, /etc, /var/lib and /home, above those of the machine.

In: the machine's folders. Out: mounts of the calling namespace only. Never writes to a file of the machine; works for
an ordinary user in a user namespace, where overlayfs may not.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress

from warren.lab import kernel

# The machine's own folders, as a lab host still sees them. Inside /run, which is the host's own.
MACHINE = "/run/.machine"

# Folders that a fresh host has empty, whatever the machine holds there.
EMPTY_ETC = (
    "warren", "netns", "systemd/system", "systemd/network", "sysctl.d", "nftables.d", "wireguard", "containers/systemd",
    "modules-load.d", "tmpfiles.d", "sysusers.d", "sudoers.d", "cron.d",
)  # fmt: skip
EMPTY_LIB = ("warren", "systemd/linger", "wireguard")
# Programs change these in place, which a link to a read-only file would refuse; resolv.conf is a target of bind mounts.
COPIED_ETC = ("passwd", "group", "resolv.conf", "nsswitch.conf", "subuid", "subgid")
FRESH_RUN = ("netns", "lock", "wireguard", "user")


def furnish(host: str) -> None:
    """Give the calling mount namespace the folders of a lab host."""
    kernel.tmpfs("/run")
    for name in FRESH_RUN:
        os.mkdir(f"/run/{name}")
    mirror("/etc", EMPTY_ETC, COPIED_ETC)
    mirror("/var/lib", EMPTY_LIB)
    # Homes stay writable: the checkout that runs the lab may lie in one.
    mirror("/home", read_only=False)
    # For relative links: /etc/os-release points to ../usr/lib/os-release.
    link_children("/", MACHINE, os.listdir(MACHINE), "")
    write("/etc/hostname", f"{host}\n")
    write("/etc/hosts", f"127.0.0.1 localhost\n127.0.1.1 {host}\n::1 localhost ip6-localhost ip6-loopback\n")
    write("/etc/shadow", locked_passwords("/etc/passwd"))
    # The machine's /sys shows the machine's interfaces; where a fresh one is refused, only /sys/class/net is wrong.
    with suppress(OSError):
        kernel.mount("sysfs", "/sys", "sysfs")


def mirror(folder: str, empty: Iterable[str] = (), copied: Iterable[str] = (), read_only: bool = True) -> None:
    """Cover `folder` with a tmpfs of links to what it held; `empty` folders and `copied` files are the host's own."""
    machine = MACHINE + folder
    os.makedirs(machine)
    kernel.bind(folder, machine, read_only)
    kernel.tmpfs(folder)
    owned = {name: os.path.dirname(name) for name in empty}
    for parent in {"", *owned.values()}:
        link_children(f"{machine}/{parent}", f"{folder}/{parent}", {*owned, *owned.values(), *copied}, parent)
    for name in owned:
        os.makedirs(f"{folder}/{name}", exist_ok=True)
    for name in copied:
        write(f"{folder}/{name}", read(f"{machine}/{name}"))


def link_children(source: str, target: str, owned: Iterable[str], parent: str) -> None:
    """Link every entry of `source` into `target`, but those that the host owns."""
    os.makedirs(target, exist_ok=True)
    if not os.path.isdir(source):
        return
    kept = set(owned)
    for name in os.listdir(source):
        if os.path.join(parent, name) not in kept:
            os.symlink(os.path.normpath(os.path.join(source, name)), f"{target}/{name}")


def read(path: str) -> str:
    """The text of a file, or nothing where there is none (or it may not be read)."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return file.read()
    except OSError:
        return ""


def write(path: str, text: str) -> None:
    """Make a file of the host's own."""
    with suppress(FileNotFoundError):
        os.unlink(path)
    with open(path, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(text)


def locked_passwords(passwd: str) -> str:
    """A shadow file in which nobody has a password: the machine's own is nothing for a lab."""
    names = [line.split(":")[0] for line in read(passwd).splitlines()]
    return "".join(f"{name}:*:19000:0:99999:7:::\n" for name in names)
