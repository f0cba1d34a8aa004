"""Where the programs that the network runs for itself keep what they have, on every host.

In: a program's name and its user's number. Out: paths. Never a path that two programs share.
"""

from __future__ import annotations

# What they are told, root's alone to write.
FOLDER = "/etc/warren"
# The homes of services (desired/account).
HOMES = "/var/lib/warren/services"


def told(name: str) -> str:
    """The folder with what a program is told."""
    return f"{FOLDER}/{name}"


def running(name: str, uid: int) -> str:
    """The folder for its sockets: what RuntimeDirectory is for the manager of its user (systemd.exec(5))."""
    return f"/run/user/{uid}/{name}"


def kept(name: str) -> str:
    """The folder for what it keeps."""
    return f"{HOMES}/{name}/kept"
