"""The system calls that Python 3.11 does not offer.

In: namespace flags, paths, descriptors. Out: nothing, or OSError with the call's name. Never imports the rest.
"""

from __future__ import annotations

import ctypes
import os

NEWNS = 0x00020000
NEWUTS = 0x04000000
NEWNET = 0x40000000

MS_RDONLY = 0x1
MS_REMOUNT = 0x20
MS_BIND = 0x1000
MS_REC = 0x4000

# What a mount had before it was inherited may not be taken from it in a user namespace, so a remount repeats it.
# statvfs and mount(2) use the same bits for nosuid, nodev, noexec and noatime, nodiratime, relatime.
_INHERITED = 0x2 | 0x4 | 0x8 | 0x400 | 0x800
_ST_RELATIME = 0x1000
_MS_RELATIME = 0x200000

_libc = ctypes.CDLL(None, use_errno=True)


def _check(result: int, call: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{call}: {os.strerror(number)}")


def unshare(flags: int) -> None:
    """Leave the namespaces of these kinds for new ones."""
    _check(_libc.unshare(flags), "unshare")


def setns(descriptor: int, kind: int) -> None:
    """Enter the namespace that an open descriptor stands for."""
    _check(_libc.setns(descriptor, kind), "setns")


def enter(path: str, kind: int = NEWNET) -> None:
    """Enter the namespace at a path."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        setns(descriptor, kind)
    finally:
        os.close(descriptor)


def set_host_name(name: str) -> None:
    """Name this UTS namespace."""
    encoded = name.encode()
    _check(_libc.sethostname(encoded, len(encoded)), "sethostname")


def mount(source: str, target: str, kind: str | None = None, flags: int = 0, options: str = "") -> None:
    """Mount as mount(2) does."""
    words = [word.encode() if word is not None else None for word in (source, target, kind)]
    result = _libc.mount(*words, ctypes.c_ulong(flags), options.encode() or None)
    _check(result, f"mount {target}")


def tmpfs(target: str) -> None:
    """An empty file system that vanishes with its namespace."""
    mount("tmpfs", target, "tmpfs", options="mode=755")


def bind(source: str, target: str, read_only: bool = False) -> None:
    """Show a folder at a second place, with what is mounted below it."""
    mount(source, target, flags=MS_BIND | MS_REC)
    if read_only:
        found = os.statvfs(target).f_flag
        kept = found & _INHERITED | (_MS_RELATIME if found & _ST_RELATIME else 0)
        mount("none", target, flags=MS_BIND | MS_REMOUNT | MS_RDONLY | kept)
