"""The words that boot a tree of files as a whole Debian, in the network namespace of whoever runs them.

In: a machine's name and its root folder. Out: a command and its environment. Never starts anything.
"""

from __future__ import annotations

from collections.abc import Mapping

# It was told to reboot: begin again with everything fresh.
REBOOT = 133

ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    # Also where the machine beneath still has the first version of control groups.
    "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1",
    # Else /proc/sys is read-only, and nothing could be forwarded.
    "SYSTEMD_NSPAWN_API_VFS_WRITABLE": "1",
    "SYSTEMD_LOG_LEVEL": "warning",
}


def words(name: str, root: str, binds: Mapping[str, str]) -> list[str]:
    """The command; `binds` are folders of the machine that lie elsewhere than in its root."""
    return [
        "systemd-nspawn", "--quiet", "--boot", f"--directory={root}", f"--machine={name}", f"--hostname={name}",
        "--register=no", "--keep-unit", "--private-users=no", "--capability=all",
        "--network-namespace-path=/proc/self/ns/net", "--system-call-filter=@keyring bpf @privileged",
        "--bind=/dev/net/tun", "--bind=/dev/fuse", *(f"--bind={source}:{target}" for target, source in binds.items()),
        "--link-journal=no", "--resolv-conf=off", "--timezone=off", "--console=pipe",
    ]  # fmt: skip
