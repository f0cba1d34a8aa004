"""How commands run as the user of a service: outside its namespace, without PAM, with its own user manager in reach.

In: a user and a command line. Out: a command line for root's shell. Never a login: pam_usernet would lead one into the
namespace, where pulls would take the service's own way out, or none.
"""

from __future__ import annotations

import shlex

HOMES = "/var/lib/warren/services"
STARTED = "/run/warren/started"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def home(user: str) -> str:
    """Where a service's user lives: images, volumes, all that the service keeps."""
    return f"{HOMES}/{user}"


def as_user(user: str, uid: int, command: str) -> str:
    """`command`, a simple command line, run by the user (setpriv(1)); the session bus is that of its manager."""
    place, runtime = shlex.quote(home(user)), f"/run/user/{uid}"
    variables = (
        f"HOME={place} USER={user} LOGNAME={user} PATH={PATH} XDG_RUNTIME_DIR={runtime} "
        f"DBUS_SESSION_BUS_ADDRESS=unix:path={runtime}/bus"
    )
    who = f"setpriv --reuid={uid} --regid={uid} --init-groups"
    return f"(cd {place} && {who} env -i {variables} {command})"


def stamp(name: str) -> str:
    """The file that says with which digest a unit was started; it is gone after a boot, as everything started is."""
    return f"{STARTED}/{name}"


def keep_stamp(name: str, digest: str) -> str:
    """The command that writes it."""
    path = stamp(name)
    return f"mkdir -p {shlex.quote(path.rsplit('/', 1)[0])} && echo {shlex.quote(digest)} > {shlex.quote(path)}"
